"""A device's activation code (12 digits), and what its key signs to use it. Pure."""

from typing import Final

from protocol.ids import FacilityCode
from protocol.numbers import NumberError, check_digit

CODE_DIGITS: Final = 12
_GROUP: Final = 4


def activation_code(text: str) -> str:
    """The digits of what somebody typed: spaces and hyphens do not count.

    Raises NumberError for a wrong length or check digit: no network is asked for that.
    """
    digits = text.replace(" ", "").replace("-", "")
    if len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdigit()):
        raise NumberError(f"an activation code has {CODE_DIGITS} digits", len(digits))
    if check_digit(digits[:-1]) != digits[-1]:
        raise NumberError("a digit of the activation code is mistyped", CODE_DIGITS)
    return digits


def grouped(code: str) -> str:
    """As it is read out: 1234-5678-9012."""
    return "-".join(code[at : at + _GROUP] for at in range(0, CODE_DIGITS, _GROUP))


def ask_to_sign(code: str, facility: FacilityCode, public_key: bytes) -> bytes:
    """The key shows that it is there, and that it wants this facility and no other."""
    parts = (b"shikaku activation 1", code.encode(), facility.encode(), public_key)
    return b"".join(len(part).to_bytes(4) + part for part in parts)
