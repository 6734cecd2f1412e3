"""The door over what the facility room and the accounts room know."""

from cloud.accounts.service import Accounts
from cloud.facilities.life import FacilityLife
from cloud.web.caller import Caller, Profile, Role, Staff
from protocol.ids import FacilityCode


class RegisteredDoor:
    """Only who is registered is somebody (cloud.web.guard.Door)."""

    def __init__(self, life: FacilityLife, accounts: Accounts) -> None:
        self._life = life
        self._accounts = accounts

    def facility(self, fingerprint: bytes, now_ms: int) -> Caller | None:
        known = self._life.by_certificate(fingerprint, now_ms)
        return Caller(known.facility, Profile(known.profile)) if known else None

    def staff(
        self, facility: FacilityCode, token_hash: bytes, now_ms: int
    ) -> Staff | None:
        found = self._accounts.session(facility, token_hash, now_ms)
        return Staff(found.account, Role(found.role)) if found else None
