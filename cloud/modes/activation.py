"""資格確認限定型: any PC becomes a device of its facility by a code of 12 digits. Pure.

The facility issues the code; it is used once, soon, and by a key that proves itself.
From then on this key, and no other, speaks for the device.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from cloud.facilities.model import Reader
from cloud.modes import words
from cloud.modes.errors import ModeError
from protocol.activation import CODE_DIGITS, ask_to_sign
from protocol.catalogue import Code
from protocol.errors import WireError
from protocol.ids import FacilityCode, ReaderId
from protocol.keys import key_id, load_signing_key, verify
from protocol.numbers import check_digit

MINUTE_MS: Final = 60 * 1000
LIVES_MS: Final = 15 * MINUTE_MS
WRONG_MOST: Final = 10
"""Wrong codes for a facility while one lives: 10 in 10^11, then none is taken."""


@dataclass(frozen=True, slots=True)
class Activation:
    """A code that was issued; of the digits only their hash is kept."""

    key: ClassVar[str] = "hash"

    hash: bytes
    facility: FacilityCode
    issued_by: str
    issued_at: int
    expires_at: int
    used_at: int | None = None
    reader: str = ""
    """Whom it made."""
    turn: int = 0

    def lives(self, now_ms: int) -> bool:
        return self.used_at is None and now_ms < self.expires_at


@dataclass(frozen=True, slots=True)
class Device:
    """A PC with a card reader, bound to one key."""

    key: ClassVar[str] = "reader"

    reader: ReaderId
    facility: FacilityCode
    public_key: bytes
    """SubjectPublicKeyInfo, DER."""
    bound_at: int
    revoked_at: int | None = None
    turn: int = 0


def draw(random: Callable[[int], int]) -> str:
    """12 digits, the last one a check digit; `random(n)` is 0 to n-1, secretly."""
    digits = f"{random(10 ** (CODE_DIGITS - 1)):0{CODE_DIGITS - 1}}"
    return digits + check_digit(digits)


def issued(code: str, facility: FacilityCode, *, by: str, now_ms: int) -> Activation:
    """Raises ModeError E404."""
    who, end = words.account(by), now_ms + LIVES_MS
    return Activation(hash_of(code, facility), facility, who, now_ms, end)


def hash_of(code: str, facility: FacilityCode) -> bytes:
    return hashlib.sha256(f"shikaku activation\0{facility}\0{code}".encode()).digest()


def bind(
    activation: Activation | None,
    code: str,
    public_key: bytes,
    signature: bytes,
    now_ms: int,
) -> tuple[Activation, Device, Reader]:
    """What comes into being together. Raises ModeError E406."""
    if activation is None or not activation.lives(now_ms):
        raise ModeError(Code.ACTIVATION_REFUSED)
    try:
        key = load_signing_key(public_key)
        verify(key, signature, ask_to_sign(code, activation.facility, public_key))
    except (ValueError, WireError):
        raise ModeError(Code.ACTIVATION_REFUSED) from None
    identity = key_id(key)
    # Named after its key: two devices never share a name, and a name never moves.
    name = ReaderId(f"pc-{identity.hex()[:20]}")
    used = replace(activation, used_at=now_ms, reader=name, turn=activation.turn + 1)
    device = Device(name, activation.facility, public_key, now_ms)
    return used, device, reader_of(device)


def reader_of(device: Device) -> Reader:
    """As the cloud knows whoever signs."""
    identity = key_id(load_signing_key(device.public_key))
    revoked = device.revoked_at is not None
    return Reader(
        device.reader,
        device.facility,
        identity,
        device.public_key,
        b"",
        not_before=0,
        revoked=revoked,
    )


def unbind(device: Device, now_ms: int) -> Device:
    """Raises ModeError A909 when it was unbound before."""
    if device.revoked_at is not None:
        raise ModeError(Code.WRONG_STATE, "revoked")
    return replace(device, revoked_at=now_ms, turn=device.turn + 1)
