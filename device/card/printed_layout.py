"""Where the three fields of 照合番号B are printed on a card, in millimetres.

Only the layout of our own specimen stands here. No public drawing of the official
card gives these distances; they are measured on a card and added as another value
before a camera reads one.
"""

from dataclasses import dataclass

WIDTH_MM, HEIGHT_MM = 85.6, 54.0
"""ISO/IEC 7810 ID-1."""


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle, from the card's upper left corner."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Digits only: what is printed between them (年, 月, 日) lies outside."""

    era: Place
    """Two kanji; a western birth date has its century here instead."""
    birth_year: Place
    birth_month: Place
    birth_day: Place
    expiry_year: Place
    expiry_month: Place
    expiry_day: Place
    security_code: Place
    photo: Place

    @property
    def digits(self) -> tuple[Place, ...]:
        """In the order of `device.card.reading.Reading`."""
        return (
            self.birth_year,
            self.birth_month,
            self.birth_day,
            self.expiry_year,
            self.expiry_month,
            self.expiry_day,
            self.security_code,
        )


_BIRTH_Y, _EXPIRY_Y, _CODE_Y, _ROW = 28.0, 36.0, 43.4, 4.6

SPECIMEN = Layout(
    era=Place(30.0, _BIRTH_Y, 8.2, _ROW),
    birth_year=Place(38.5, _BIRTH_Y, 6.5, _ROW),
    birth_month=Place(49.5, _BIRTH_Y, 6.5, _ROW),
    birth_day=Place(60.5, _BIRTH_Y, 6.5, _ROW),
    expiry_year=Place(31.8, _EXPIRY_Y, 13.2, _ROW),
    expiry_month=Place(49.5, _EXPIRY_Y, 6.5, _ROW),
    expiry_day=Place(60.5, _EXPIRY_Y, 6.5, _ROW),
    security_code=Place(50.4, _CODE_Y, 12.6, _ROW),
    photo=Place(4.0, 12.0, 22.0, 29.3),
)
"""The fictitious card of device.simulated.card_face."""
