"""Sees what really happens at the reader, and tells a course.

Whose visit was decided follows from the card with which it began: a card that is taken
and put back is the same visit, and the one that ends it may be another.
"""

from device.simulated.training import course as moves
from device.simulated.training.course import Course
from device.simulated.training.happened import Visited
from device.simulated.world import World
from device.visit_log import VisitFact
from protocol.ids import VisitId

NO_VISIT = frozenset(
    {"", "ready", "offline", "out_of_service", "problem", "take_card", "thank_you"}
    | {"card_left", "renewal_notice", "choose_language", "starting_up"}
)
"""Kinds of screens on which no visit is open."""


class Witness:
    def __init__(self, world: World) -> None:
        self._world = world
        self._seq = self._newest()
        self._told: VisitId | None = self._last_visit()
        self._card: str | None = None
        """With which the open visit began, or which lies there for the next one."""

    def look(self, was: Course) -> Course:
        """The course with everything that happened since the last look."""
        tray, now = self._world.tray.card, was
        if self._card is None:
            self._card = tray
        if tray is not None:
            now = moves.card_put(now, tray)
        now = self._people(self._screens(now))
        for fact in self._decided():
            if self._card is not None:
                now = moves.visited(now, visited(fact, self._card))
            self._card = tray
        if tray is None and self._view() in NO_VISIT:
            self._card = None
        return now

    def _screens(self, was: Course) -> Course:
        for shot in self._world.panel.shots:
            if shot.seq > self._seq:
                was = moves.screen_shown(was, shot.name)
        self._seq = self._newest()
        return was

    def _people(self, was: Course) -> Course:
        standing, case = self._world.camera.standing, was.case
        if case is None:
            return was
        if self._world.own_picture or standing not in {None, case.scene.stands}:
            return moves.somebody_else(was)
        return was

    def _decided(self) -> list[VisitFact]:
        """Facts that were not told yet, oldest first."""
        new: list[VisitFact] = []
        for fact in reversed(self._world.visits.facts()):
            if fact.visit_id == self._told:
                break
            new.insert(0, fact)
        self._told = self._last_visit()
        return new

    def _last_visit(self) -> VisitId | None:
        facts = self._world.visits.facts()
        return facts[-1].visit_id if facts else None

    def _newest(self) -> int:
        shot = self._world.panel.shot
        return shot.seq if shot else 0

    def _view(self) -> str:
        shot = self._world.panel.shot
        return shot.view if shot else ""


def visited(fact: VisitFact, card: str) -> Visited:
    return Visited(card, fact.ending, fact.method, fact.code, dict(fact.decisions))
