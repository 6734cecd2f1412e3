"""What happened at this reader lately: facts about visits, nobody's name in them."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from device.session.effects import Record
from device.session.state import Ending
from device.timeline import Course, Step
from device.visit import Visit
from protocol.catalogue import Code
from protocol.codes import Decision, Method
from protocol.ids import VisitId

SIZE = 200


@dataclass(frozen=True, slots=True)
class VisitFact:
    visit_id: VisitId
    ending: Ending
    method: Method | None
    code: Code | None
    decisions: Mapping[str, Decision]
    """Consent items and what was pressed; what was not pressed is unanswered."""
    ms: Mapping[str, int]
    """Milliseconds: "card", "face", "round_trip", and "total_machine", which leaves
    out the time a person took to decide."""
    steps: tuple[Step, ...] = ()
    """The states up to the decision, in order; the machine's are "total_machine"."""
    presses: int = 0
    """From identity (the card's signature) to the decision."""


def fact_of(visit: Visit, record: Record, course: Course | None) -> VisitFact:
    seconds = {
        "card": visit.card_s,
        "face": visit.face_s,
        "round_trip": visit.round_trip_s,
        "total_machine": visit.machine_s,
    }
    return VisitFact(
        visit.visit_id,
        record.ending,
        record.method,
        record.code,
        dict(record.decisions),
        {name: round(value * 1000) for name, value in seconds.items()},
        course.steps if course else (),
        course.presses if course else 0,
    )


class VisitLog:
    """The last facts, oldest first, in memory only."""

    def __init__(self, size: int = SIZE) -> None:
        self._facts: deque[VisitFact] = deque(maxlen=size)

    def add(self, fact: VisitFact) -> None:
        self._facts.append(fact)

    def facts(self) -> tuple[VisitFact, ...]:
        return tuple(self._facts)
