"""オンライン診療: a ticket for one visit at one facility, presented once, fetched once.

Pure. The patient's own device stands for the reader; consent is asked every time (K4).
"""

from dataclasses import dataclass, replace
from typing import ClassVar, Final

from cloud.modes import words
from cloud.modes.errors import ModeError
from protocol.catalogue import Code
from protocol.ids import FacilityCode, RequestId
from protocol.online import OnlinePresentation

MINUTE_MS: Final = 60 * 1000
LIVES_MS: Final = 30 * MINUTE_MS
"""From making to presenting: a patient who waits in a virtual queue."""
FETCH_MS: Final = 60 * MINUTE_MS
"""From presenting to fetching."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Of the ticket itself only the hash is kept; the person once it was presented."""

    key: ClassVar[str] = "hash"

    hash: bytes
    facility: FacilityCode
    staff: str
    visit: RequestId
    """What consents of this visit are given to, and records are read with."""
    made_at: int
    expires_at: int
    presented_at: int | None = None
    person_id: int | None = None
    certificate_expires: int | None = None
    fetched_at: int | None = None
    turn: int = 0


def make(
    hashed: bytes, facility: FacilityCode, *, staff: str, visit: RequestId, now_ms: int
) -> Ticket:
    """Raises ModeError E404."""
    who, end = words.account(staff), now_ms + LIVES_MS
    return Ticket(hashed, facility, who, visit, now_ms, end)


def presentable(ticket: Ticket, shown: OnlinePresentation, now_ms: int) -> None:
    """Whether this may be presented now, for this facility. Raises ModeError E407."""
    fits = (
        ticket.presented_at is None
        and now_ms < ticket.expires_at
        and shown.ticket == ticket.hash
        and shown.facility == ticket.facility
        and shown.issued_at < shown.expires_at
        and now_ms < shown.expires_at
    )
    if not fits:
        raise ModeError(Code.TICKET_OVER)


def presented(
    ticket: Ticket, person: int, certificate_expires: int, now_ms: int
) -> Ticket:
    return replace(
        ticket,
        presented_at=now_ms,
        person_id=person,
        certificate_expires=certificate_expires,
        turn=ticket.turn + 1,
    )


def fetched(ticket: Ticket, now_ms: int) -> Ticket:
    """The one fetch. Raises ModeError: A909 not presented yet, E407 over."""
    if ticket.presented_at is None and now_ms < ticket.expires_at:
        raise ModeError(Code.WRONG_STATE, "not presented yet")
    over = ticket.presented_at is None or now_ms >= ticket.presented_at + FETCH_MS
    if over or ticket.fetched_at is not None:
        raise ModeError(Code.TICKET_OVER)
    return replace(ticket, fetched_at=now_ms, turn=ticket.turn + 1)
