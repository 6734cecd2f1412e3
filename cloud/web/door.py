"""The door over what the facility room and the accounts room know."""

from collections.abc import Callable

from cloud.accounts.service import Accounts
from cloud.facilities.life import FacilityLife
from cloud.web.caller import Caller, Profile, Role, Staff
from protocol.ids import FacilityCode


class RegisteredDoor:
    """Only who is registered is somebody (cloud.web.guard.Door)."""

    def __init__(
        self,
        life: FacilityLife,
        accounts: Accounts,
        closed: Callable[[FacilityCode, int], bool] = lambda _code, _now: False,
    ) -> None:
        """`closed`: whether a substitute code was taken back; then nobody is there."""
        self._life = life
        self._accounts = accounts
        self._closed = closed

    def facility(self, fingerprint: bytes, now_ms: int) -> Caller | None:
        known = self._life.by_certificate(fingerprint, now_ms)
        if known is None or self._closed(known.facility, now_ms):
            return None
        return Caller(known.facility, Profile(known.profile))

    def staff(
        self, facility: FacilityCode, token_hash: bytes, now_ms: int
    ) -> Staff | None:
        found = self._accounts.session(facility, token_hash, now_ms)
        return Staff(found.account, Role(found.role)) if found else None
