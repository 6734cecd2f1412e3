"""Draws the printed side of a fictitious card: our own design, labelled as made up.

It resembles no official card and carries no official mark; it has the same kinds of
fields, so that a person or a camera can read 照合番号B from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from PIL import Image, ImageDraw

from device.card.number_b import era_of
from device.card.printed_layout import HEIGHT_MM, SPECIMEN, WIDTH_MM, Place
from device.simulated.card.issue import Holder
from device.simulated.card_face.fonts import font

DOTS_PER_MM = 300 / 25.4
SIZE = round(WIDTH_MM * DOTS_PER_MM), round(HEIGHT_MM * DOTS_PER_MM)
"""1011 x 638: 85.6 x 54 mm at 300 dpi."""
_PAPER, _BAND, _TINT = (250, 248, 240), (58, 74, 128), (228, 231, 244)
_INK, _LABEL, _WARNING = (24, 24, 28), (92, 98, 120), (176, 42, 42)
_DIGITS_MM = 3.6
_SEX = {"1": "男", "2": "女"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What stands on the face. Nobody of that name exists."""

    name: str = field(repr=False)
    address: str = field(repr=False)
    birth: date = field(repr=False)
    sex: str
    expiry: date = field(repr=False)
    security_code: str = field(repr=False)
    western: bool = False
    """Birth date in western years, as on the cards of foreign residents."""
    own_photo: bool = False
    """A visitor's photograph; everything else on the card is made up all the same."""

    @classmethod
    def of(
        cls, holder: Holder, *, western: bool = False, own_photo: bool = False
    ) -> "Printed":
        return cls(
            name=holder.name,
            address=holder.address,
            birth=holder.birth,
            sex=holder.sex,
            expiry=holder.expiry,
            security_code=holder.security_code,
            western=western,
            own_photo=own_photo,
        )


def specimen(printed: Printed, photo: Image.Image) -> Image.Image:
    """RGB, `SIZE` pixels. `photo`: any size, 3:4; drawn grey."""
    card = Image.new("RGB", SIZE, _PAPER)
    pen = _Pen(card)
    pen.background()
    pen.band(own_photo=printed.own_photo)
    pen.photo(photo, own=printed.own_photo)
    pen.person(printed)
    for place, text in _fields(printed):
        pen.digits(place, text)
    pen.separators(printed)
    return card


def _fields(printed: Printed) -> Iterator[tuple[Place, str]]:
    """Numbers at the right of their places, as a printer fills a form."""
    birth, expiry, at = printed.birth, printed.expiry, SPECIMEN
    if printed.western:
        yield _joined(at.era, at.birth_year), f"{birth.year}"
    else:
        yield at.birth_year, f"{era_of(birth)[1]}"
    yield at.birth_month, f"{birth.month}"
    yield at.birth_day, f"{birth.day}"
    yield at.expiry_year, f"{expiry.year}"
    yield at.expiry_month, f"{expiry.month}"
    yield at.expiry_day, f"{expiry.day}"
    yield at.security_code, printed.security_code


def _joined(first: Place, last: Place) -> Place:
    return Place(first.x, first.y, last.x + last.w - first.x, first.h)


@dataclass(slots=True)
class _Pen:
    """Millimetres in, ink out."""

    card: Image.Image
    draw: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        self.draw = ImageDraw.Draw(self.card)

    def background(self) -> None:
        """Pale rules and a word across them: nobody takes it for a real card."""
        for x in range(0, round(WIDTH_MM) + 60, 5):
            line = (_dots(x), 0, _dots(x - 54), SIZE[1])
            self.draw.line(line, fill=_TINT, width=_dots(0.5))
        self.text(28, 10.4, 15, "見本", _TINT, bold=True)
        self.text(61, 36, 8, "架空", _TINT, bold=True)

    def band(self, *, own_photo: bool) -> None:
        self.draw.rectangle((0, 0, SIZE[0], _dots(8.6)), fill=_BAND)
        self.text(4, 2.4, 4.0, "架空カード", (255, 255, 255), bold=True)
        self.text(27, 2.4, 4.0, "見本 SPECIMEN", (255, 226, 138), bold=True)
        self.text(64, 3.4, 2.4, "Shikaku 模擬用", (255, 255, 255))
        who = "氏名" if own_photo else "人物"
        said = f"このカードは架空です。{who}・番号は実在しません。"
        self.text(4, 49.8, 2.2, said, _WARNING)
        self.text(55.4, 49.8, 2.2, "Fictitious: no document", _WARNING)

    def photo(self, photo: Image.Image, *, own: bool) -> None:
        at = SPECIMEN.photo
        box = _dots(at.x), _dots(at.y), _dots(at.x + at.w), _dots(at.y + at.h)
        grey = photo.convert("L").resize((box[2] - box[0], box[3] - box[1]))
        self.card.paste(grey.convert("RGB"), box[:2])
        self.draw.rectangle(box, outline=_LABEL, width=2)
        said = "写真だけ本人のもの" if own else "写真も架空（描画）"
        self.text(6.4, 42.2, 2.3, said, _LABEL)

    def person(self, printed: Printed) -> None:
        self.text(28.5, 10.6, 1.9, "氏名", _LABEL)
        self.fitted(28.5, 12.8, 4.8, printed.name.replace("\u3000", " "), bold=True)
        self.text(28.5, 19.0, 1.9, "住所", _LABEL)
        self.fitted(28.5, 21.2, 3.0, printed.address)
        self.text(28.5, 25.6, 1.9, "生年月日", _LABEL)
        self.text(77.6, 25.6, 1.9, "性別", _LABEL)
        self.text(78.0, 28.6, _DIGITS_MM, _SEX.get(printed.sex, "－"), _INK)
        self.text(28.5, 32.6, 1.9, "有効期限", _LABEL)
        self.text(28.5, 44.6, 2.3, "セキュリティコード", _LABEL)

    def separators(self, printed: Printed) -> None:
        at = SPECIMEN
        if not printed.western:
            self.beside(at.era, era_of(printed.birth)[0], before=True)
        for place, text in (
            (at.birth_year, "年"),
            (at.birth_month, "月"),
            (at.birth_day, "日生"),
            (at.expiry_year, "年"),
            (at.expiry_month, "月"),
            (at.expiry_day, "日まで"),
        ):
            self.beside(place, text)

    def digits(self, place: Place, text: str) -> None:
        face = font(_dots(_DIGITS_MM))
        x = _dots(place.x + place.w) - _dots(0.6) - face.getlength(text)
        self.draw.text((x, _dots(place.y + 0.5)), text, _INK, face)

    def beside(self, place: Place, text: str, *, before: bool = False) -> None:
        """Kanji in the row of a number: after it, or at the start of its place."""
        x = place.x + 0.3 if before else place.x + place.w + 0.3
        self.text(x, place.y + 0.5, _DIGITS_MM, text, _INK)

    def fitted(
        self, x: float, y: float, size: float, text: str, *, bold: bool = False
    ) -> None:
        """One line, smaller if it must be."""
        room = _dots(WIDTH_MM - 3 - x)
        while font(_dots(size), bold=bold).getlength(text) > room and size > 1.2:
            size -= 0.2
        self.text(x, y, size, text, _INK, bold=bold)

    def text(
        self,
        x: float,
        y: float,
        size: float,
        text: str,
        ink: tuple[int, int, int],
        *,
        bold: bool = False,
    ) -> None:
        face = font(_dots(size), bold=bold)
        self.draw.text((_dots(x), _dots(y)), text, ink, face)


def _dots(millimetres: float) -> int:
    return round(millimetres * DOTS_PER_MM)
