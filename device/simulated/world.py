"""The world around a simulated reader: everything a patient can touch or be."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from device.ports import Frame
from device.simulated.changes import Changes
from device.simulated.front import SimulatedKeypad, SimulatedLights, SimulatedSpeaker
from device.simulated.guest.desk import GuestDesk
from device.simulated.heads import Scene
from device.simulated.heads.cache import HeadCache
from device.simulated.line.mode import Mode
from device.simulated.panel import SimulatedPanel
from device.simulated.persona import Persona
from device.simulated.voice import SimulatedVoice
from device.timeline import Timeline
from device.visit_log import VisitFact


class CardTray(Protocol):
    @property
    def card(self) -> str | None:
        """Id of the card on the reader."""
        ...

    async def put(self, persona: str) -> None:
        """Raises TrayUnreachableError, TrayRefusedError."""
        ...

    async def take(self) -> None: ...

    @property
    def fault(self) -> str | None:
        """What goes wrong with cards (card/faults.py PRESETS); None: not known."""
        ...

    async def hinder(self, fault: str) -> None:
        """Raises TrayUnreachableError, TrayRefusedError."""
        ...

    async def look(self) -> str | None:
        """Learn how the tray is; the card. Raises TrayUnreachableError."""
        ...


class Line(Protocol):
    """The way to the broker: device.simulated.line.switch.SocketLine."""

    @property
    def mode(self) -> str | None:
        """A value of line.mode.Mode; None: not known."""
        ...

    async def set(self, mode: Mode) -> None:
        """Raises UnreachableError, RefusedError."""
        ...

    async def look(self) -> str | None:
        """Learn how it is. Raises UnreachableError."""
        ...


class Stage(Protocol):
    """The driving side of device.simulated.camera.SimulatedCamera."""

    @property
    def light(self) -> str: ...
    @light.setter
    def light(self, light: str) -> None: ...
    @property
    def occluder(self) -> str | None: ...
    @occluder.setter
    def occluder(self, occluder: str | None) -> None: ...

    @property
    def heads(self) -> HeadCache: ...
    @property
    def scene(self) -> Scene: ...
    @property
    def standing(self) -> str | None: ...
    @property
    def is_on(self) -> bool: ...
    @property
    def last_frame(self) -> Frame | None: ...

    def stand(self, who: str | None) -> None:
        """Raises KeyError for an unknown persona."""
        ...

    async def prepare(self, who: str) -> None:
        """Have the persona ready before the first frame is wanted."""
        ...

    def pose(self, **changes: float) -> None: ...

    def use_picture(self, data: bytes | None) -> None:
        """Raises PictureError (a ValueError)."""
        ...


class Visits(Protocol):
    def facts(self) -> Sequence[VisitFact]: ...


@dataclass(slots=True, kw_only=True)
class World:
    """What the web front is given. All parts ring the same `changes`."""

    changes: Changes
    keypad: SimulatedKeypad
    lights: SimulatedLights
    speaker: SimulatedSpeaker
    panel: SimulatedPanel
    tray: CardTray
    camera: Stage
    visits: Visits
    personas: tuple[Persona, ...]
    facility: Path | None = None
    """The folder where result files arrive; None: not shown."""
    card_face: Callable[[str], Awaitable[bytes | None]] | None = None
    """PNG of the printed side of a persona's card; None: cards have no faces here."""
    guest: GuestDesk | None = None
    """Prints a card with a visitor's own photograph; None: not here."""
    voice: SimulatedVoice | None = None
    """Says the screens; None: the reader is silent."""
    timeline: Timeline | None = None
    """What happened in the last visits; None: not told here."""
    line: Line | None = None
    """Its switch; None: the way to the broker cannot be disturbed here."""
    own_picture: bool = field(default=False)
    """Somebody handed a picture of their own; it stands instead of a persona."""
    training: int | None = None
    """Changes whenever GET /training would differ; None: no training here."""
