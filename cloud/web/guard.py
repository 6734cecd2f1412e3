"""Who is at the door: a certificate, maybe a token. Looks up; `caller` decides."""

import hashlib
from typing import Final, Protocol

from cloud.web.caller import Caller, Right, Staff, refusal
from cloud.web.route import Problem
from protocol.catalogue import Code
from protocol.ids import FacilityCode

BEARER: Final = "bearer "
TOKEN_LENGTH: Final = 256
_UNAUTHENTICATED: Final = frozenset({Code.FACILITY_UNKNOWN, Code.SIGN_IN_NEEDED})


class Door(Protocol):
    """What is known of certificates and tokens at this moment."""

    def facility(self, fingerprint: bytes, now_ms: int) -> Caller | None:
        """Whose certificate (SHA-256 of its DER); None: nobody's, or not now."""
        ...

    def staff(
        self, facility: FacilityCode, token_hash: bytes, now_ms: int
    ) -> Staff | None:
        """Whose living session (SHA-256 of the token) at this facility."""
        ...


def admitted(
    door: Door, right: Right, fingerprint: bytes | None, authorization: str, now_ms: int
) -> Caller | None:
    """The caller, with the right. Raises Problem 401 or 403."""
    caller = _caller(door, fingerprint, authorization, now_ms)
    code = refusal(caller, right)
    if code is not None:
        raise Problem(401 if code in _UNAUTHENTICATED else 403, code)
    return caller


def _caller(
    door: Door, fingerprint: bytes | None, authorization: str, now_ms: int
) -> Caller | None:
    caller = door.facility(fingerprint, now_ms) if fingerprint else None
    if caller is None or not authorization:
        return caller
    token = authorization[len(BEARER) :].strip()
    if not authorization.lower().startswith(BEARER) or len(token) > TOKEN_LENGTH:
        raise Problem(401, Code.SIGN_IN_NEEDED)
    digest = hashlib.sha256(token.encode()).digest()
    staff = door.staff(caller.facility, digest, now_ms)
    if staff is None:
        # A token that does not live is refused even where none was needed: whoever
        # sent it believes to be somebody.
        raise Problem(401, Code.SIGN_IN_NEEDED)
    return Caller(caller.facility, caller.profile, staff)
