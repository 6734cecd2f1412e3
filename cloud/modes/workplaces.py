"""Substitute codes: issued one after the other, listed, taken back."""

from dataclasses import dataclass

from cloud.audit.model import HOUSE, Entry, Kind, detail
from cloud.modes import workplace
from cloud.modes.errors import ConflictError, ModeError
from cloud.modes.openings import NOTHING
from cloud.modes.store import Change, ModeStore
from cloud.modes.workplace import Workplace
from protocol.catalogue import Code
from protocol.ids import FacilityCode

TRIES = 8


@dataclass(frozen=True, slots=True)
class Workplaces:
    store: ModeStore

    def issue(self, prefecture: str, *, name: str, by: str, now_ms: int) -> Workplace:
        """Raises ModeError."""
        for _ in range(TRIES):
            issued = workplace.issue(
                prefecture, self._last(prefecture), name=name, by=by, now_ms=now_ms
            )
            change = Change(
                new=(issued,), entries=(_row(issued, "issued", by, now_ms),)
            )
            try:
                self.store.commit(change)
            except ConflictError:
                continue
            return issued
        raise ConflictError("workplace")

    def revoke(self, code: FacilityCode, *, by: str, now_ms: int) -> Workplace:
        """Raises ModeError, ConflictError."""
        found = self.store.one(Workplace, code)
        if found is None:
            raise ModeError(Code.NOT_THERE)
        revoked = workplace.revoke(found, by=by, now_ms=now_ms)
        entry = _row(revoked, "revoked", by, now_ms)
        self.store.commit(Change(changed=(revoked,), entries=(entry,)))
        return revoked

    def _last(self, prefecture: str) -> int:
        serials = (
            one.serial
            for one in self.store.every(Workplace)
            if one.prefecture == prefecture
        )
        return max(serials, default=0)


def _row(one: Workplace, act: str, by: str, now_ms: int) -> Entry:
    said = detail(act=act, by=by, code=one.code)
    return Entry(HOUSE, now_ms, Kind.DEVICE, None, said, NOTHING)
