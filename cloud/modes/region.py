"""A prefecture, or one municipality of it, as facility codes have them. Pure."""

from dataclasses import dataclass

from cloud.modes.errors import ModeError
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from protocol.numbers import is_substitute

PREFECTURES = 47


@dataclass(frozen=True, slots=True)
class Region:
    """Digits 1 and 2 of a code; with `area` (郡市区番号) also 4 and 5."""

    prefecture: str
    area: str = ""

    def __post_init__(self) -> None:
        number = self.prefecture
        if len(number) != 2 or not number.isascii() or not number.isdigit():
            raise ModeError(Code.MODE_INCOMPLETE, "prefecture: two digits")
        if not 1 <= int(number) <= PREFECTURES:
            raise ModeError(Code.MODE_INCOMPLETE, "prefecture: 01 to 47")
        area = self.area
        if area and (len(area) != 2 or not area.isascii() or not area.isdigit()):
            raise ModeError(Code.MODE_INCOMPLETE, "area: two digits, or none")

    def has(self, facility: FacilityCode) -> bool:
        """A substitute code has no municipality: only its prefecture counts."""
        if facility[:2] != self.prefecture:
            return False
        if not self.area:
            return True
        return not is_substitute(facility) and facility[3:5] == self.area
