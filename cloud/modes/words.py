"""What people write when they ask for a mode: reasons and accounts. Pure."""

import re
from typing import Final

from cloud.modes.errors import ModeError
from protocol.catalogue import Code
from protocol.numbers import fold

REASON_CHARACTERS: Final = 5
"""A reason says something: "x" and "-" do not."""
REASON_LONGEST: Final = 200
_ACCOUNT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")


def reason(text: str) -> str:
    """Raises ModeError E404."""
    said = " ".join(text.split())
    if len(said.replace(" ", "")) < REASON_CHARACTERS:
        raise ModeError(Code.MODE_INCOMPLETE, "reason: say why, in 5 characters")
    if len(said) > REASON_LONGEST:
        raise ModeError(Code.MODE_INCOMPLETE, "reason: 200 characters at most")
    return said


def account(text: str) -> str:
    """A member of staff or an operator; it stands in the audit log. Raises E404."""
    if not _ACCOUNT.fullmatch(text):
        raise ModeError(Code.MODE_INCOMPLETE, "account: letters, digits, . _ + -")
    return text


def another(one: str, other: str) -> None:
    """Four eyes. Raises ModeError E403 for one person under two writings."""
    if fold(one) == fold(other):
        raise ModeError(Code.FOUR_EYES)
