"""What happened at this reader lately: facts about visits, nobody's name in them."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from device.session.state import Ending
from protocol.catalogue import Code
from protocol.codes import Method
from protocol.ids import VisitId

SIZE = 200


@dataclass(frozen=True, slots=True)
class VisitFact:
    visit_id: VisitId
    ending: Ending
    method: Method | None
    code: Code | None
    ms: Mapping[str, int]
    """Milliseconds: "card", "face", "round_trip", and "total_machine", which leaves
    out the time a person took to decide."""


class VisitLog:
    """The last facts, oldest first, in memory only."""

    def __init__(self, size: int = SIZE) -> None:
        self._facts: deque[VisitFact] = deque(maxlen=size)

    def add(self, fact: VisitFact) -> None:
        self._facts.append(fact)

    def facts(self) -> tuple[VisitFact, ...]:
        return tuple(self._facts)
