"""Taps at the facility's readers: who is at the desk now, and their answers again.

The list names nobody: a visit is a handle, and what it answers is asked for by it.
"""

from cloud.access.asking import Asking
from cloud.access.ledger import Ledger
from cloud.registry.service import RegistryStore
from cloud.web.caller import Right
from cloud.web.route import Call, Problem, Reply, Route, Shape
from cloud.web.routes.eligibility import handle_of
from cloud.web.routes.shapes import EligibilityShape
from protocol.catalogue import Code
from protocol.codes import Outcome

TAG = "visits"


class VisitShape(Shape):
    handle: str
    """The reader's request: what the visit is asked for by."""
    at: int
    """Unix ms."""
    care: str
    """OQSCD028."""
    outcome: str


class VisitsShape(Shape):
    visits: list[VisitShape]
    """The newest first; they stand for 24 hours."""


def routes(
    asking: Asking, ledger: Ledger, registry: RegistryStore
) -> tuple[Route, ...]:
    def every(call: Call) -> Reply:
        found = [
            VisitShape(
                handle=one.request,
                at=one.at,
                care=one.care.value,
                outcome=one.outcome.value,
            )
            for one in ledger.verifications(call.at.facility)
        ]
        return Reply(VisitsShape(visits=found))

    def eligibility(call: Call) -> Reply:
        visit = ledger.verification_at(call.at.facility, handle_of(call))
        accepted = visit is not None and visit.outcome is Outcome.ACCEPTED
        entry = registry.person(visit.person) if visit and accepted else None
        if entry is None:
            raise Problem(404, Code.NOT_THERE, "handle")
        found = asking.visited(call.at.facility, entry, call.now_ms)
        return Reply(EligibilityShape.model_validate(found))

    return (
        Route(
            "GET",
            "/v1/visits",
            Right.ASK,
            every,
            "Taps of the last 24 hours at this facility's readers",
            reply=VisitsShape,
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/visits/{handle}/eligibility",
            Right.ASK,
            eligibility,
            "A tap's answer as of now, and what changed since last time",
            reply=EligibilityShape,
            tag=TAG,
        ),
    )
