"""Cards in every situation a reader meets, each held by somebody who does not exist.

They are made when asked for, with a drawn specimen in the place of a photo. What is not
publicly known about the real card is assumed, and the situation's words say so.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image, ImageDraw

from device.simulated.card.contents import CardContents
from device.simulated.card.issue import CardKeys, Holder, Issuer, issue

Change = Callable[[CardContents], CardContents]
_AHEAD = b"\x00\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """`holder` and `contents` say how this card came out differently."""

    id: str
    ja: str
    en: str
    birth: date = date(1975, 6, 15)
    pin: str = "1357"
    number_b: str | None = None
    """Where it is not what the printed fields make (照合番号B)."""
    holder: Callable[[Holder], Holder] = lambda holder: holder
    contents: Change = lambda contents: contents
    next_generation: bool = False

    @property
    def holder_now(self) -> Holder:
        """The person and how the card came out; the photo is a drawing."""
        return self.holder(_specimen(self))

    @property
    def verification_number_b(self) -> str:
        return self.number_b or self.holder_now.number_b


def situation_card(situation: Situation, issuer: Issuer, now: datetime) -> CardContents:
    """New keys for this card, certified by `issuer`."""
    keys = CardKeys.generate()
    if situation.next_generation:
        keys = replace(keys, authentication=ec.generate_private_key(ec.SECP384R1()))
    contents = issue(situation.holder_now, keys, issuer, now)
    return situation.contents(
        replace(
            contents,
            pin=situation.pin.encode("ascii"),
            number_b=situation.verification_number_b.encode("ascii"),
        )
    )


def drawn_photo() -> bytes:
    """JP2: an oval with the word SPECIMEN, which no face detector takes for a face."""
    picture = Image.new("L", (240, 320), 220)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((60, 60, 180, 220), outline=60, width=6)
    draw.text((84, 250), "SPECIMEN", fill=40)
    stream = io.BytesIO()
    picture.save(stream, format="JPEG2000", quality_mode="rates", quality_layers=[20])
    return stream.getvalue()


def _specimen(situation: Situation) -> Holder:
    return Holder(
        label=situation.id,
        name="見本　一郎",
        address="架空県見本市青葉一丁目１番１号",
        birth=situation.birth,
        sex="1",
        expiry=date(2035, situation.birth.month, situation.birth.day),
        security_code="4321",
        pin=situation.pin or "0000",
        photo=drawn_photo(),
        serial=0x5_0000_0000 + sum(situation.id.encode()),
        signing_password="SHIKAKU1357",  # noqa: S106 (of nobody)
    )


def _expired(days: int) -> Callable[[Holder], Holder]:
    return lambda holder: replace(holder, certificate_expired_days=days)


def _tries(left: int) -> Callable[[Holder], Holder]:
    return lambda holder: replace(holder, pin_tries=left)


def _foreign_number(birth: date) -> str:
    return f"{birth:%y%m%d}20354321"


SITUATIONS = (
    Situation(
        id="pin-one-try-left",
        ja="暗証番号の残り回数が１回。",
        en="One try left for the PIN.",
        holder=_tries(1),
    ),
    Situation(
        id="pin-blocked",
        ja="暗証番号がロックされている。",
        en="The PIN is blocked.",
        holder=_tries(0),
    ),
    Situation(
        id="pin-less",
        ja="暗証番号の設定がない顔認証マイナンバーカード（応答は推定）。",
        en="A card without PIN, for face or visual check only. How the real one answers"
        " is not public: here its PIN reads as blocked.",
        pin="",
        holder=_tries(0),
    ),
    Situation(
        id="no-signing-certificate",
        ja="署名用電子証明書がない（15歳未満など）。",
        en="No signing certificate, as on a child's card; nothing here needs it.",
        birth=date(2014, 6, 15),
        holder=lambda holder: replace(holder, signing_password=None),
    ),
    Situation(
        id="certificate-expired-1-day",
        ja="利用者証明用電子証明書の期限切れから１日。",
        en="The certificate expired yesterday.",
        holder=_expired(1),
    ),
    Situation(
        id="certificate-expired-89-days",
        ja="利用者証明用電子証明書の期限切れから89日。",
        en="The certificate expired 89 days ago.",
        holder=_expired(89),
    ),
    Situation(
        id="certificate-expired-4-months",
        ja="利用者証明用電子証明書の期限切れから４か月。",
        en="The certificate expired four months (123 days) ago.",
        holder=_expired(123),
    ),
    Situation(
        id="not-my-number-card",
        ja="マイナンバーカードではないICカード。",
        en="A chip card that is no My Number card.",
        contents=lambda card: replace(card, token_info=b""),
    ),
    Situation(
        id="juki-card",
        ja="古い住民基本台帳カード。",
        en="An old resident-register card (住基カード).",
        contents=lambda card: replace(
            card, token_info=b"JPKIAPICCTOKEN".ljust(32).ljust(160, b"\0")
        ),
    ),
    Situation(
        id="phone-token",
        ja="スマートフォンの電子証明書（券面の写真なし）。",
        en="A phone: certificate and PIN, no card face.",
        holder=lambda holder: replace(holder, carrier="phone"),
    ),
    Situation(
        id="blank-card",
        ja="電子証明書が一つもないカード。",
        en="A card without any certificate.",
        holder=lambda holder: replace(
            holder, has_certificate=False, signing_password=None
        ),
    ),
    Situation(
        id="extra-bytes",
        ja="記録の前に余分な２バイトがあるカード。",
        en="Two extra bytes before the records, as reported of some cards of 2023;"
        " zeros here, their real value is not public.",
        contents=lambda card: replace(
            card, card_face=_AHEAD + card.card_face, profile=_AHEAD + card.profile
        ),
    ),
    Situation(
        id="foreign-resident",
        ja="西暦で印字された外国人住民のカード（照合番号Ｂの作り方は推定）。",
        en="A foreign resident's card with a western year printed. How 照合番号B has"
        " it is not public: here the year's last two digits, which is an assumption.",
        birth=date(1988, 11, 3),
        number_b=_foreign_number(date(1988, 11, 3)),
    ),
    Situation(
        id="next-generation",
        ja="次期カードを想定した鍵（ECDSA P-384）の試験用カード。",
        en="A test card with an ECDSA P-384 key, as announced for the next cards; the"
        " cloud takes RSA only.",
        next_generation=True,
    ),
)


def situation(name: str) -> Situation | None:
    return next((one for one in SITUATIONS if one.id == name), None)
