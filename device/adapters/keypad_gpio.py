"""A matrix keypad on GPIO pins, read by gpiozero.

Columns are inputs pulled up; one row at a time is driven low and the others float, so
no two outputs ever meet through two keys. Every look reads all rows and all columns in
one order, whatever is down: the pins do not tell a digit, and neither does the time.
"""

import asyncio
import threading
from types import TracebackType
from typing import Any, Self

from device.adapters import gpio
from device.adapters.wiring import not_there
from device.config_front import KeypadSection
from device.key_press import KeyPress
from device.ports import Clock, Key, PartError, VoiceKey

SCAN_S = 0.005
MOST_KEYS_WAITING = 32
PART = "keypad"
_STAFF = 0


class GpioKeypad:
    """Satisfies device.ports.Keypad. Keys are never recorded: some are a PIN."""

    def __init__(self, section: KeypadSection, clock: Clock) -> None:
        self._section = section
        self._clock = clock
        self._press, self._switch = KeyPress(), KeyPress()
        self._rows: list[Any] = []
        self._columns: list[Any] = []
        self._staff: Any = None
        self._light: Any = None
        self._keys: asyncio.Queue[Key | VoiceKey | PartError]
        self._keys = asyncio.Queue(MOST_KEYS_WAITING)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = threading.Event()
        self._scanning: threading.Thread | None = None
        self._failed = False

    def __repr__(self) -> str:
        return "GpioKeypad(...)"

    @property
    def wiring(self) -> str:
        return self.wired(self._section)

    @staticmethod
    def wired(at: KeypadSection) -> str:
        rows = ", ".join(f"row {n} GPIO{pin}" for n, pin in enumerate(at.rows, 1))
        columns = ", ".join(f"column {n} GPIO{p}" for n, p in enumerate(at.columns, 1))
        staff = "" if at.staff is None else f"; staff switch GPIO{at.staff} to GND"
        light = "" if at.press_light is None else f"; press light GPIO{at.press_light}"
        return f"{rows}; {columns}{staff}{light}"

    async def __aenter__(self) -> Self:
        """Raises PartError D704 for pins that are not there, or a key that is down."""
        self.open()
        self._loop = asyncio.get_running_loop()
        self._scanning = threading.Thread(target=self._scan, name=PART, daemon=True)
        self._scanning.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._scanning is not None:
            await asyncio.to_thread(self._scanning.join)
        self.close()

    async def key(self) -> Key | VoiceKey:
        """Raises PartError D704 while the pins cannot be read."""
        pressed = await self._keys.get()
        if isinstance(pressed, PartError):
            raise pressed
        return pressed

    def open(self) -> None:
        """Claim the pins, without the thread that scans."""
        at = self._section
        library = gpio.library(PART)
        try:
            with gpio.pins(PART, self.wiring):
                self._columns = [
                    library.InputDevice(pin, pull_up=True) for pin in at.columns
                ]
                self._rows = [library.GPIODevice(pin) for pin in at.rows]
                for row in self._rows:
                    row.pin.input_with_pull("floating")
                if at.staff is not None:
                    self._staff = library.InputDevice(at.staff, pull_up=True)
                if at.press_light is not None:
                    self._light = library.LED(at.press_light)
        except PartError:
            self.close()
            raise

    def close(self) -> None:
        """Twice is fine."""
        for device in (*self._rows, *self._columns, self._staff, self._light):
            if device is not None:
                device.close()
        self._rows, self._columns = [], []
        self._staff = self._light = None

    def down(self) -> frozenset[int]:
        """Which contacts are closed, by number; one look at the whole matrix."""
        width, closed = len(self._columns), set[int]()
        for y, row in enumerate(self._rows):
            row.pin.output_with_state(0)
            states = [column.pin.state for column in self._columns]
            row.pin.input_with_pull("floating")
            closed |= {y * width + x for x, state in enumerate(states) if not state}
        return frozenset(closed)

    def step(self) -> Key | VoiceKey | None:
        """One look and what it means; lights the press light."""
        now = self._clock.monotonic()
        pressed = self._press.seen(self.down(), now)
        key = None if pressed is None else self._name(pressed)
        if self._light is not None:
            if key is not None:
                self._light.on()
            elif self._press.armed:
                self._light.off()
        switch = {_STAFF} if self._staff is not None and self._staff.value else set()
        if self._switch.seen(switch, now) is not None:
            return Key.STAFF
        return key

    def check(self) -> str:
        """For the self-test: nothing may be down. Raises PartError D704."""
        with gpio.pins(PART, self.wiring):
            closed = self.down()
        width = len(self._columns)
        if closed:
            where = ", ".join(
                f"row {at // width + 1} column {at % width + 1}"
                for at in sorted(closed)
            )
            raise not_there(PART, f"closed at rest: {where}", self.wiring)
        return f"{len(self._rows)}x{width}, nothing down"

    def _name(self, contact: int) -> Key | VoiceKey | None:
        y, x = divmod(contact, len(self._columns))
        name = self._section.layout[y][x]
        if not name:
            return None
        return VoiceKey(name) if name in {*VoiceKey} else Key(name)

    def _scan(self) -> None:
        while not self._stop.wait(SCAN_S):
            try:
                with gpio.pins(PART, self.wiring):
                    key = self.step()
                    if self._press.stuck(self._clock.monotonic()):
                        raise not_there(PART, "a key is stuck", self.wiring)
            except PartError as error:
                self._tell(None if self._failed else error)
                self._failed = True
                continue
            self._failed = False
            self._tell(key)

    def _tell(self, what: Key | VoiceKey | PartError | None) -> None:
        if what is not None and self._loop is not None:
            self._loop.call_soon_threadsafe(self._put, what)

    def _put(self, what: Key | VoiceKey | PartError) -> None:
        # A patient who presses more than the reader takes presses again.
        if not self._keys.full():
            self._keys.put_nowait(what)
