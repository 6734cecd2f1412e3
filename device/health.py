"""Which parts of the reader are there: a fact per part, said when it changes.

A part that is lost every second is one line in the log, and one when it is back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import structlog

from device.ports import Clock
from device.session.state import Condition, Service
from protocol.catalogue import Code

_log = structlog.get_logger(__name__)


class Part(StrEnum):
    CARD = "card"
    SIGHT = "sight"
    PANEL = "panel"
    LIGHTS = "lights"
    SPEAKER = "speaker"
    VOICE = "voice"
    KEYPAD = "keypad"
    NUMBER_B = "number_b"
    CLOUD = "cloud"
    FACILITY = "facility"


@dataclass(frozen=True, slots=True)
class Lost:
    code: Code
    since: float
    """Monotonic seconds of the latest failure."""


_NEEDED = (Part.CARD, Part.KEYPAD)
"""Without these nobody can be received; without the others there is another way."""


def service_of(missing: Mapping[Part, Lost]) -> Service:
    """What the reader can do for whoever comes next."""
    for part in _NEEDED:
        if part in missing:
            return Service(Condition.OUT, missing[part].code)
    if Part.CLOUD in missing:
        return Service(Condition.OFFLINE, missing[Part.CLOUD].code)
    return Service()


def _nobody() -> None:
    pass


class Health:
    """Presence facts of the parts. A part nobody missed yet is there."""

    def __init__(self, clock: Clock, try_again_s: float = 60.0) -> None:
        self._clock = clock
        self._try_again_s = try_again_s
        self._lost: dict[Part, Lost] = {}
        self.changed: Callable[[], None] = _nobody
        """Called whenever a part is lost or back."""

    def lost(self, part: Part, code: Code) -> None:
        before = self._lost.get(part)
        self._lost[part] = Lost(code, self._clock.monotonic())
        if before is None or before.code is not code:
            _log.warning("part lost", part=part.value, code=code.value)
            self.changed()

    def back(self, part: Part) -> None:
        if self._lost.pop(part, None) is not None:
            _log.info("part back", part=part.value)
            self.changed()

    def worth_trying(self, part: Part) -> bool:
        """The part is there, or was lost long enough ago to look again."""
        lost = self._lost.get(part)
        if lost is None:
            return True
        return self._clock.monotonic() - lost.since >= self._try_again_s

    def missing(self) -> dict[Part, Lost]:
        return dict(self._lost)
