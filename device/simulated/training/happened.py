"""What really happened at the reader in one case. No word of the page is in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from device.session.state import Ending
from protocol.catalogue import Code, Retry, entry
from protocol.codes import Decision, Method


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit that was decided, with one of the case's cards."""

    card: str
    ending: Ending
    method: Method | None = None
    code: Code | None = None
    decisions: Mapping[str, Decision] = field(default_factory=dict)

    @property
    def received(self) -> bool:
        return self.ending in {Ending.ACCEPTED, Ending.PENDING}

    @property
    def settles(self) -> bool:
        """Nothing is left to try: received, or refused for good by the catalogue."""
        if self.received:
            return True
        return self.code is not None and entry(self.code).retry is not Retry.BY_PATIENT


@dataclass(frozen=True, slots=True)
class Happened:
    visits: tuple[Visited, ...] = ()
    """Oldest first."""
    screens: tuple[str, ...] = ()
    """Names of the screens since the patient came, oldest first."""
    same_people: bool = True
    """Nobody but the case's person stood before the camera."""
    card_left: bool = False
    """The patient took the card away where the case says so."""

    @property
    def settled(self) -> bool:
        return any(visit.settles for visit in self.visits)

    def after(self, view: str) -> tuple[str, ...]:
        """The screens that came after the first one of this kind."""
        if view not in self.screens:
            return ()
        return self.screens[self.screens.index(view) + 1 :]

    def saw(self, *views: str) -> bool:
        """A screen of one of these kinds was shown."""
        return any(name.partition("-")[0] in views for name in self.screens)
