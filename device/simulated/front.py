"""The reader's front without hardware: keys to press, a light and sounds to read.

Each satisfies a port of device.ports, with a driving side for whoever plays the
patient and a recording side for whoever looks. Keys are never recorded: some of them
are a PIN.
"""

import asyncio
from collections import deque

from device.ports import Key, Light, Sound
from device.simulated.changes import Changes

MOST_KEYS_WAITING = 32
REMEMBERED = 200


class KeypadFullError(RuntimeError):
    """More keys were pressed than the reader has taken."""


class SimulatedKeypad:
    """Satisfies device.ports.Keypad."""

    def __init__(self) -> None:
        self._keys: asyncio.Queue[Key] = asyncio.Queue(MOST_KEYS_WAITING)

    def __repr__(self) -> str:
        return "SimulatedKeypad()"

    def press(self, key: Key) -> None:
        """Raises KeypadFullError while the reader does not take keys."""
        try:
            self._keys.put_nowait(key)
        except asyncio.QueueFull:
            raise KeypadFullError("the reader takes no keys just now") from None

    async def key(self) -> Key:
        return await self._keys.get()


class SimulatedLights:
    """Satisfies device.ports.Lights."""

    def __init__(self, changes: Changes | None = None) -> None:
        self._changes = changes or Changes()
        self.light = Light.OFF
        self.seen: deque[Light] = deque(maxlen=REMEMBERED)

    async def set(self, light: Light) -> None:
        self.light = light
        self.seen.append(light)
        self._changes.ring()


class SimulatedSpeaker:
    """Satisfies device.ports.Speaker."""

    def __init__(self, changes: Changes | None = None) -> None:
        self._changes = changes or Changes()
        self.sound: Sound | None = None
        """The newest. An alarm is a burst: the visit says when it comes again."""
        self.played = 0
        self.heard: deque[Sound] = deque(maxlen=REMEMBERED)

    async def play(self, sound: Sound) -> None:
        self.sound = sound
        self.played += 1
        self.heard.append(sound)
        self._changes.ring()
