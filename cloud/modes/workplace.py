"""職域診療所: they have no facility code, so one is issued here. Pure.

The numbering is ours (protocol.numbers.substitute_code). A code is never given twice,
also after it was taken back.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from cloud.modes import words
from cloud.modes.errors import ModeError
from cloud.modes.region import Region
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from protocol.numbers import substitute_code

NAME_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Workplace:
    key: ClassVar[str] = "code"

    code: FacilityCode
    prefecture: str
    serial: int
    name: str
    issued_by: str
    issued_at: int
    revoked_at: int | None = None
    revoked_by: str = ""
    turn: int = 0

    def revoked(self, now_ms: int) -> bool:
        return self.revoked_at is not None and self.revoked_at <= now_ms


def issue(prefecture: str, last: int, *, name: str, by: str, now_ms: int) -> Workplace:
    """The one after serial number `last` of its prefecture. Raises ModeError E404."""
    Region(prefecture)
    said = name.strip()
    if not said or len(said) > NAME_LONGEST:
        raise ModeError(Code.MODE_INCOMPLETE, "name: 1 to 100 characters")
    serial = last + 1
    code = substitute_code(prefecture, serial)
    return Workplace(code, prefecture, serial, said, words.account(by), now_ms)


def revoke(workplace: Workplace, *, by: str, now_ms: int) -> Workplace:
    """Raises ModeError A909 when it was taken back before."""
    if workplace.revoked_at is not None:
        raise ModeError(Code.WRONG_STATE, "revoked")
    who, turn = words.account(by), workplace.turn + 1
    return replace(workplace, revoked_at=now_ms, revoked_by=who, turn=turn)
