"""Outage and disaster mode at a facility: ask, search, write down what was said."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from cloud.modes.disaster import Disaster
from cloud.modes.finding import Finding
from cloud.modes.openings import Openings, mark_of, open_here
from cloud.modes.outage import Outage
from cloud.modes.search import NameQuery
from cloud.modes.use import Use
from cloud.web.caller import Right
from cloud.web.route import Call, Reply, Route, Shape
from cloud.web.routes.refusals import problems, refusing, staff_of
from cloud.web.routes.shapes import EligibilityShape
from protocol.catalogue import Code
from protocol.codes import Decision, Sex

TAG = "modes"
ID_LENGTH = 64
Reason = Annotated[str, Field(max_length=200)]
Name = Annotated[str, Field(max_length=100)]


class AskShape(Shape):
    reason: Reason
    """Why cards cannot be read here, in 5 characters or more."""


class OutageShape(Shape):
    id: str
    state: Literal["asked", "approved", "open", "ended", "refused"]
    reason: str
    asked_by: str
    asked_at: int
    since: int | None
    until: int | None
    """Unix ms; it ends by itself."""


class OutagesShape(Shape):
    outages: list[OutageShape]


class NowShape(Shape):
    mode: Literal["", "outage", "disaster"]
    until: int | None


class SearchShape(Shape):
    """Exactly this birth date and sex; a reading in any width or kana."""

    name_kana: Name
    birth_date: date
    sex: Sex
    address: Annotated[str, Field(max_length=200)] = ""
    """From the prefecture on; empty: not asked for."""
    reason: Reason


class FoundShape(EligibilityShape):
    case: str
    """By which the facility goes on, in a disaster."""


class SpokenShape(Shape):
    """What the patient said to each item, aloud, in person."""

    decisions: Annotated[
        dict[str, Literal["granted", "refused"]], Field(min_length=1, max_length=32)
    ]


class UnconsciousShape(Shape):
    """同意なし: nobody can be asked; it is reviewed."""

    items: Annotated[list[str], Field(min_length=1, max_length=32)]
    reason: Reason


class CaseShape(Shape):
    case: str
    spoken: str


def routes(openings: Openings, finding: Finding) -> tuple[Route, ...]:
    def ask(call: Call) -> Reply:
        body = call.body
        assert isinstance(body, AskShape)  # noqa: S101  the route's own model
        asked = openings.ask(
            call.at.facility,
            reason=body.reason,
            by=staff_of(call),
            now_ms=call.now_ms,
        )
        return Reply(_outage(asked, call.now_ms), status=201)

    def listed(call: Call) -> Reply:
        found = openings.store.of(Outage, call.at.facility)
        return Reply(OutagesShape(outages=[_outage(one, call.now_ms) for one in found]))

    def end(call: Call) -> Reply:
        ended = openings.end(
            call.path["id"][:ID_LENGTH],
            by=staff_of(call),
            now_ms=call.now_ms,
            facility=call.at.facility,
        )
        return Reply(_outage(ended, call.now_ms))

    def now(call: Call) -> Reply:
        mode = open_here(openings.store, call.at.facility, call.now_ms)
        until = mode.until if isinstance(mode, (Outage, Disaster)) else None
        shown = {"mode": mark_of(mode), "until": until}
        return Reply(NowShape.model_validate(shown))

    def search(call: Call) -> Reply:
        body = call.body
        assert isinstance(body, SearchShape)  # noqa: S101  the route's own model
        query = NameQuery(body.name_kana, body.birth_date, body.sex, body.address)
        found = finding.by_name(
            call.at.facility,
            query,
            staff=staff_of(call),
            reason=body.reason,
            now_ms=call.now_ms,
        )
        return Reply(FoundShape.model_validate(found))

    def spoken(call: Call) -> Reply:
        body = call.body
        assert isinstance(body, SpokenShape)  # noqa: S101  the route's own model
        said = {item: Decision(word) for item, word in body.decisions.items()}
        case = call.path["case"][:ID_LENGTH]
        where, who = call.at.facility, staff_of(call)
        use = finding.spoken(where, case, said, staff=who, now_ms=call.now_ms)
        return Reply(_case(use))

    def unconscious(call: Call) -> Reply:
        body = call.body
        assert isinstance(body, UnconsciousShape)  # noqa: S101  the route's own model
        use = finding.unconscious(
            call.at.facility,
            call.path["case"][:ID_LENGTH],
            tuple(dict.fromkeys(body.items)),
            staff=staff_of(call),
            reason=body.reason,
            now_ms=call.now_ms,
        )
        return Reply(_case(use))

    shut = (Code.MODE_NOT_OPEN, Code.WRONG_STATE, Code.MODE_INCOMPLETE)
    return (
        Route(
            "POST",
            "/v1/modes/outages",
            Right.ASK,
            refusing(ask),
            "障害時モード: ask for it; an operator calls back and approves",
            body=AskShape,
            reply=OutageShape,
            status=201,
            problems=problems(Code.MODE_INCOMPLETE),
            tag=TAG,
        ),
        Route(
            "GET",
            "/v1/modes/outages",
            Right.ASK,
            refusing(listed),
            "This facility's outages, the oldest first",
            reply=OutagesShape,
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/modes/outages/{id}/end",
            Right.ASK,
            refusing(end),
            "Cards can be read again: end it before its time",
            reply=OutageShape,
            problems=problems(Code.WRONG_STATE),
            tag=TAG,
        ),
        Route(
            "GET",
            "/v1/modes",
            Right.ASK,
            refusing(now),
            "What is open here now",
            reply=NowShape,
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/modes/search",
            Right.ASK,
            refusing(search),
            "Somebody without a card, by name: one person, or a word",
            body=SearchShape,
            reply=FoundShape,
            problems=problems(*shut, Code.SEARCHED_TOO_OFTEN),
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/modes/cases/{case}/spoken",
            Right.READ_RECORDS,
            refusing(spoken),
            "In a disaster: what the patient said to each item",
            body=SpokenShape,
            reply=CaseShape,
            problems=problems(*shut),
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/modes/cases/{case}/unconscious",
            Right.READ_RECORDS,
            refusing(unconscious),
            "In a disaster: nobody can be asked; it is reviewed",
            body=UnconsciousShape,
            reply=CaseShape,
            problems=problems(*shut),
            tag=TAG,
        ),
    )


def _outage(one: Outage, now_ms: int) -> OutageShape:
    return OutageShape.model_validate(
        {
            "id": one.id,
            "state": one.state(now_ms),
            "reason": one.reason,
            "asked_by": one.asked_by,
            "asked_at": one.asked_at,
            "since": one.since,
            "until": one.until,
        }
    )


def _case(use: Use) -> CaseShape:
    return CaseShape(case=use.id, spoken=use.spoken)
