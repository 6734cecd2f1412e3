"""The printed side of a card that is no My Number card; it says that it is made up."""

from PIL import Image, ImageDraw

from device.simulated.card_face.fonts import font
from device.simulated.card_face.specimen import SIZE

_GROUND, _BAND, _INK = (203, 226, 214), (46, 122, 92), (20, 40, 32)
_MARGIN = 60


def another_card(name: str) -> Image.Image:
    """RGB, 300 dpi; no photo and no numbers, like a prepaid ticket."""
    card = Image.new("RGB", SIZE, _GROUND)
    pen = ImageDraw.Draw(card)
    pen.rectangle((0, SIZE[1] - 150, SIZE[0], SIZE[1]), fill=_BAND)
    pen.text((_MARGIN, 90), name, _INK, font(72, bold=True))
    pen.text((_MARGIN, 210), "マイナンバーカードではありません", _INK, font(40))
    words = "架空・見本　Fictitious specimen"
    pen.text((_MARGIN, SIZE[1] - 105), words, _GROUND, font(44, bold=True))
    return card
