"""オンライン診療: for the telemedicine app. A ticket never stands in a URL or a log."""

import base64
import binascii
from typing import Annotated

from pydantic import Field

from cloud.modes.visits import Visits
from cloud.web.caller import Right
from cloud.web.route import Call, Problem, Reply, Route, Shape
from cloud.web.routes.refusals import problems, refusing, staff_of
from cloud.web.routes.shapes import EligibilityShape
from protocol.catalogue import Code
from protocol.codes import Outcome
from protocol.online import LONGEST, TICKET_BYTES

TAG = "online care"
TICKET_LENGTH = 26
Ticket = Annotated[str, Field(min_length=TICKET_LENGTH, max_length=TICKET_LENGTH)]


class MadeShape(Shape):
    ticket: str
    """26 letters and digits (RFC 4648 base32), for the patient, shown this once."""
    expires_at: int


class TicketShape(Shape):
    ticket: Ticket


class AskedShape(Shape):
    facility: str
    items: list[str]
    """What the patient is asked, each time anew."""
    expires_at: int


class PresentationShape(Shape):
    body: Annotated[str, Field(max_length=LONGEST * 4 // 3 + 8)]
    """protocol.online.OnlinePresentation in canonical CBOR, base64."""
    card_signature: Annotated[str, Field(max_length=1400)]
    """By the card, over SHA-256 of the body, base64."""


class PresentedShape(Shape):
    """Nothing of a person: the patient's device learns that it worked, or why not."""

    outcome: Outcome
    code: str


def routes(visits: Visits) -> tuple[Route, ...]:
    def make(call: Call) -> Reply:
        where, who = call.at.facility, staff_of(call)
        ticket, made = visits.make(where, staff=who, now_ms=call.now_ms)
        shown = MadeShape(ticket=written(ticket), expires_at=made.expires_at)
        return Reply(shown, status=201)

    def asked(call: Call) -> Reply:
        found = visits.asked(_ticket(call), call.now_ms)
        return Reply(
            AskedShape(
                facility=found.facility,
                items=list(found.items),
                expires_at=found.expires_at,
            )
        )

    def present(call: Call) -> Reply:
        body = call.body
        assert isinstance(body, PresentationShape)  # noqa: S101  the route's own model
        decided = visits.present(
            _bytes(body.body), _bytes(body.card_signature), call.now_ms
        )
        code = decided.code.value if decided.code else ""
        return Reply(PresentedShape(outcome=decided.outcome, code=code))

    def fetch(call: Call) -> Reply:
        found = visits.fetch(call.at.facility, _ticket(call), call.now_ms)
        return Reply(EligibilityShape.model_validate(found))

    return (
        Route(
            "POST",
            "/v1/online/tickets",
            Right.ASK,
            refusing(make),
            "A ticket for one online visit, to be handed to the patient",
            reply=MadeShape,
            status=201,
            problems=problems(
                Code.ONLINE_NOT_SET, Code.SUBSTITUTE_REVOKED, Code.WRONG_STATE
            ),
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/online/questions",
            Right.PUBLIC,
            refusing(asked),
            "The patient's device: what is asked in this visit, and by whom",
            body=TicketShape,
            reply=AskedShape,
            problems=problems(Code.TICKET_OVER),
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/online/presentations",
            Right.PUBLIC,
            refusing(present),
            "The patient's device: card and answers for exactly this ticket",
            body=PresentationShape,
            reply=PresentedShape,
            problems=problems(
                Code.TICKET_OVER,
                Code.ONLINE_NOT_SET,
                Code.NOT_IN_PROFILE,
                Code.SUBSTITUTE_REVOKED,
                Code.MALFORMED,
                Code.WRONG_STATE,
            ),
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/online/results",
            Right.ASK,
            refusing(fetch),
            "Eligibility of who presented; once, and only where the ticket was made",
            body=TicketShape,
            reply=EligibilityShape,
            problems=problems(Code.TICKET_OVER, Code.WRONG_STATE, Code.NOT_THERE),
            tag=TAG,
        ),
    )


def written(ticket: bytes) -> str:
    return base64.b32encode(ticket).decode().rstrip("=")


def read(text: str) -> bytes:
    """Raises ValueError."""
    try:
        ticket = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except binascii.Error as error:
        raise ValueError("not base32") from error
    if len(ticket) != TICKET_BYTES:
        raise ValueError("a ticket has 16 bytes")
    return ticket


def _ticket(call: Call) -> bytes:
    body = call.body
    assert isinstance(body, TicketShape)  # noqa: S101  the route's own model
    try:
        return read(body.ticket)
    except ValueError:
        raise Problem(410, Code.TICKET_OVER) from None


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Problem(400, Code.INPUT_UNREADABLE, "base64") from None
