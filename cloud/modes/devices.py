"""Any PC as a device of a facility: codes given out, keys bound, devices let go."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from cloud.audit.model import Entry, Kind, detail
from cloud.modes import activation
from cloud.modes.activation import LIVES_MS, WRONG_MOST, Activation, Device
from cloud.modes.errors import ModeError
from cloud.modes.openings import NOTHING
from cloud.modes.store import Change, ModeStore, WrongCodes
from protocol.catalogue import Code
from protocol.ids import FacilityCode


@dataclass(frozen=True, slots=True)
class Devices:
    store: ModeStore
    random: Callable[[int], int]
    """0 to n-1, from a source nobody can guess."""

    def issue(self, facility: FacilityCode, *, by: str, now_ms: int) -> tuple[str, int]:
        """The digits, shown once, and until when they live. Raises ModeError."""
        code = activation.draw(self.random)
        made = activation.issued(code, facility, by=by, now_ms=now_ms)
        entry = _row(facility, "code", by, now_ms)
        self.store.commit(Change(new=(made,), entries=(entry,)))
        return code, made.expires_at

    def activate(
        self,
        facility: FacilityCode,
        code: str,
        public_key: bytes,
        signature: bytes,
        now_ms: int,
    ) -> Device:
        """Raises ModeError E406 whatever was wrong, ConflictError for the second."""
        self._not_too_often(facility, now_ms)
        hashed = activation.hash_of(code, facility)
        found = self.store.one(Activation, hashed)
        try:
            used, device, reader = activation.bind(
                found, code, public_key, signature, now_ms
            )
        except ModeError:
            self._count(facility, now_ms)
            raise
        entry = _row(facility, "bound", device.reader, now_ms)
        self.store.commit(
            Change(changed=(used,), new=(device,), readers=(reader,), entries=(entry,))
        )
        return device

    def revoke(
        self, facility: FacilityCode, reader: str, *, by: str, now_ms: int
    ) -> Device:
        """Its key signs nothing any more. Raises ModeError, ConflictError."""
        found = self.store.one(Device, reader)
        if found is None or found.facility != facility:
            raise ModeError(Code.NOT_THERE)
        gone = activation.unbind(found, now_ms)
        entry = _row(facility, "unbound", by, now_ms)
        known = activation.reader_of(gone)
        self.store.commit(Change(changed=(gone,), readers=(known,), entries=(entry,)))
        return gone

    def _not_too_often(self, facility: FacilityCode, now_ms: int) -> None:
        tries = self.store.one(WrongCodes, facility)
        if tries and now_ms < tries.since + LIVES_MS and tries.wrong >= WRONG_MOST:
            raise ModeError(Code.ACTIVATION_REFUSED)

    def _count(self, facility: FacilityCode, now_ms: int) -> None:
        """Only where a code lives: nobody fills a table by asking for any facility."""
        codes = self.store.of(Activation, facility)
        if not any(one.lives(now_ms) for one in codes):
            return
        tries = self.store.one(WrongCodes, facility)
        if tries is None:
            self.store.commit(Change(new=(WrongCodes(facility, now_ms, 1),)))
            return
        again = now_ms < tries.since + LIVES_MS
        since, wrong = (tries.since, tries.wrong + 1) if again else (now_ms, 1)
        counted = replace(tries, since=since, wrong=wrong, turn=tries.turn + 1)
        self.store.commit(Change(changed=(counted,)))


def _row(facility: FacilityCode, act: str, by: str, now_ms: int) -> Entry:
    said = detail(act=act, by=by)
    return Entry(facility, now_ms, Kind.DEVICE, None, said, NOTHING)
