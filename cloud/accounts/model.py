"""An account of a facility's staff, and a session of it. Pure.

A session ends by itself: idle, or after a working day, whatever happens in it.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from protocol.ids import FacilityCode

MINUTE_MS: Final = 60 * 1000
HOUR_MS: Final = 60 * MINUTE_MS
IDLE_MS: Final = 30 * MINUTE_MS
ABSOLUTE_MS: Final = 10 * HOUR_MS
TOUCH_MS: Final = MINUTE_MS
"""How exactly it is known when a session was last used: a write per request is not
worth more."""
ENROLMENT_MS: Final = 14 * 24 * HOUR_MS
TOKEN_BYTES: Final = 32
NO_STEP: Final = -1
NAME_LENGTH: Final = 60
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?")


class Role(StrEnum):
    """Given by the facility (cloud.web.caller.ROLE_RIGHTS, by the same words)."""

    RECEPTION = "reception"
    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Account:
    facility: FacilityCode
    account: str
    """1 to 32 characters of a-z, 0-9, dot, underscore, hyphen; unique here."""
    name: str = field(repr=False)
    role: Role
    made_at: int
    disabled: bool = False
    password: str = field(default="", repr=False)
    """accounts.password; empty until enrolled."""
    otp: bytes | None = field(default=None, repr=False)
    """Sealed (accounts.otp)."""
    otp_confirmed: bool = False
    otp_step: int = NO_STEP
    """The last one that was used: it and all before it are refused (RFC 6238 5.2)."""
    enrolment: bytes | None = field(default=None, repr=False)
    """SHA-256 of the secret that was handed out once."""
    enrolment_until: int | None = None
    failures: int = 0
    paused_until: int = 0

    @property
    def state(self) -> str:
        """In one word, for lists."""
        if self.disabled:
            return "disabled"
        return "enrolled" if self.enrolled else "invited"

    @property
    def enrolled(self) -> bool:
        return bool(self.password) and self.otp is not None and self.otp_confirmed


@dataclass(frozen=True, slots=True)
class Session:
    token_hash: bytes = field(repr=False)
    facility: FacilityCode
    account: str
    began: int
    seen: int

    def living(self, now_ms: int) -> bool:
        """At the end itself it is over. A clock that went back ends nothing."""
        return now_ms < self.seen + IDLE_MS and now_ms < self.began + ABSOLUTE_MS


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who proved two factors of different kinds, and may act here now."""

    account: str
    role: Role


def account_name(text: str) -> str:
    """Raises ValueError."""
    if not _NAME.fullmatch(text):
        raise ValueError("an account is 1-32 characters of a-z, 0-9, dot, _ and -")
    return text


def display_name(text: str) -> str:
    """Without what no screen shows; an ideographic space is a character. ValueError."""
    name = text.strip()
    hidden = any(unicodedata.category(one).startswith("C") for one in name)
    if hidden or not 1 <= len(name) <= NAME_LENGTH:
        raise ValueError(f"a name has 1 to {NAME_LENGTH} characters")
    return name
