"""The link of a consent receipt: with its word, it opens the patient's own page.

A link is 128 random bits; what is kept is its SHA-256. The word is six digits, kept as
an HMAC under `page.key` and the facility: a copy of the database has neither. Pure:
randomness, secret and time are arguments.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cloud.consent.model import DAY_MS
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode, RequestId
from protocol.proof import ALPHABET

SECRET_BYTES: Final = 32
TOKEN_BYTES: Final = 16
TOKEN_LENGTH: Final = 26
"""Of 5 bits each."""
WORD_DIGITS: Final = 6
LIFE_MS: Final = DAY_MS
"""As long as an outpatient's consent; later the facility makes a new link."""
DRAWS: Final = 8
"""A word that lives at this facility already is drawn again, so often."""
_TOKEN: Final = re.compile(rf"[{ALPHABET}]{{{TOKEN_LENGTH}}}")
_WORD: Final = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Opening:
    """What the patient holds. It is shown once and kept by nobody here."""

    token: str = field(repr=False)
    word: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Link:
    """What is kept of it."""

    token_hash: bytes = field(repr=False)
    word_hash: bytes = field(repr=False)
    facility: FacilityCode
    person: PersonId
    request: RequestId
    """The consent request whose receipt it shows."""
    made_at: int
    until: int
    """Unix ms; from then on it opens nothing."""
    proof: str = ""
    """Proof number of the receipt (protocol.proof); empty for a link made later."""

    def lives(self, now_ms: int) -> bool:
        return self.made_at <= now_ms < self.until


def drawn(random: Callable[[int], bytes]) -> Opening:
    token = _symbols(random(TOKEN_BYTES))
    # 64 bits on a million: no word is likelier by more than 2 to the -44.
    word = int.from_bytes(random(8)) % 10**WORD_DIGITS
    return Opening(token, f"{word:0{WORD_DIGITS}}")


def _symbols(value: bytes) -> str:
    number = int.from_bytes(value)
    places = range(TOKEN_LENGTH - 1, -1, -1)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in places)


def token_hash(text: str) -> bytes | None:
    """Of what stands in a URL; None for what cannot be a token."""
    if not _TOKEN.fullmatch(text):
        return None
    return hashlib.sha256(text.encode()).digest()


def word_hash(secret: bytes, facility: FacilityCode, word: str) -> bytes:
    return hmac.digest(secret, f"word {facility} {word}".encode(), "sha256")


def word_of(typed: str) -> str | None:
    """Six digits as people type them: full width, with a space or hyphen between."""
    folded = typed.translate(_FOLDED).replace(" ", "").replace("-", "")
    return folded if _WORD.fullmatch(folded) else None


_FOLDED: Final = {
    **{ord("０") + digit: str(digit) for digit in range(10)},
    **dict.fromkeys(map(ord, "　\t"), " "),
    **dict.fromkeys(map(ord, "－ー−‐–"), "-"),
}


def url(address: str, token: str) -> str:
    """In capitals, for the smallest QR code; scheme and host take any case."""
    return f"{address}/R/{token}".upper()


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links for the page at an address."""

    address: str
    """Its origin: "https://page.example"."""
    secret: bytes = field(repr=False)
    random: Callable[[int], bytes] = field(repr=False)
    taken: Callable[[FacilityCode, bytes, int], bool] = field(repr=False)
    """Whether a word, by its hash, lives at a facility at this moment."""

    def make(
        self, facility: FacilityCode, person: PersonId, request: RequestId, now_ms: int
    ) -> tuple[Opening, Link]:
        """A word that another receipt here has is avoided, not excluded: two may be
        made in one moment. Then neither is taken alone for what it stands for.
        """
        for _ in range(DRAWS):
            opening = drawn(self.random)
            kept = word_hash(self.secret, facility, opening.word)
            if not self.taken(facility, kept, now_ms):
                break
        found = token_hash(opening.token)
        assert found is not None  # noqa: S101  it was just made
        until = now_ms + LIFE_MS
        link = Link(found, kept, facility, person, request, now_ms, until)
        return opening, link

    def url(self, opening: Opening) -> str:
        return url(self.address, opening.token)
