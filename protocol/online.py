"""オンライン診療: what a patient's device presents for a visit; the card signs it.

The ticket, the facility and every decision are inside what the card signs: a signature
fits one visit at one facility with exactly these answers.
"""

import hashlib
from typing import Annotated, Final, Literal

from pydantic import Field

from protocol import cbor
from protocol.codes import Decision
from protocol.errors import MalformedError
from protocol.messages import ConsentDecision, Message, Short, UnixMs

TICKET_BYTES: Final = 16
LONGEST: Final = 8192


class OnlinePresentation(Message):
    """Canonical CBOR of this is what the card signs (SHA-256)."""

    kind: Literal["online-presentation"] = "online-presentation"
    version: Literal[1] = 1
    ticket: Annotated[bytes, Field(min_length=32, max_length=32)]
    """SHA-256 of the ticket: what was signed does not give the ticket away."""
    facility: Short
    issued_at: UnixMs
    expires_at: UnixMs
    certificate: Annotated[bytes, Field(min_length=1, max_length=4096)]
    """The card's authentication certificate (X.509 DER)."""
    decisions: Annotated[tuple[ConsentDecision, ...], Field(max_length=32)]


def encode(presentation: OnlinePresentation) -> bytes:
    return cbor.dumps(presentation.model_dump())


def decode(body: bytes) -> OnlinePresentation:
    """Raises MalformedError, also for what is not the one way to write it."""
    if len(body) > LONGEST:
        raise MalformedError("too long")
    item = cbor.load_map(body)
    try:
        decisions = _decisions(item.get("decisions"))
        read = OnlinePresentation.model_validate({**item, "decisions": decisions})
    except (KeyError, TypeError, ValueError):
        # pydantic's own text quotes the input: it must not travel further.
        raise MalformedError("fields do not fit") from None
    if encode(read) != body:
        raise MalformedError("not canonical")
    return read


def ticket_hash(ticket: bytes) -> bytes:
    return hashlib.sha256(b"shikaku online ticket\0" + ticket).digest()


def _decisions(value: object) -> tuple[ConsentDecision, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(
        ConsentDecision(item=one["item"], decision=Decision(one["decision"]))
        for one in value
    )
