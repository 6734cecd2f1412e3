"""Switches between gpiozero's mock pins: a keypad to press, with a clock by hand.

The electrical model is the wires' own: a column reads low while a path of closed
switches joins it to a row that is driven low, so three keys show a fourth, as they do.
Every drive and every read is traced with its time.
"""

from gpiozero.pins.mock import MockFactory, MockPWMPin

from device.config_front import KeypadSection
from device.ports import Clock

Trace = tuple[float, str, int, float]
"""When, "drive", "float", "read" or "lamp", which pin, and what it was."""


class Matrix:
    def __init__(self, section: KeypadSection, clock: Clock) -> None:
        self.section = section
        self.clock = clock
        self.closed: set[tuple[int, int]] = set()
        """Row pin and column pin of every switch that is down."""
        self.trace: list[Trace] = []
        self.tracing = True
        self.factory = MatrixFactory(self)

    def press(self, *names: str) -> None:
        self.closed |= {self._place(name) for name in names}

    def release(self) -> None:
        self.closed.clear()

    def low(self, column: int) -> bool:
        reached, grew = {column}, True
        while grew:
            joined = {
                pin for pair in self.closed if set(pair) & reached for pin in pair
            }
            grew = not joined <= reached
            reached |= joined
        return any(
            self.factory.pin(row).function == "output"
            and not self.factory.pin(row).state
            for row in reached & set(self.section.rows)
        )

    def note(self, what: str, pin: int, value: float) -> None:
        if not self.tracing:
            return
        self.trace.append((round(self.clock.monotonic(), 6), what, pin, value))

    def _place(self, name: str) -> tuple[int, int]:
        for row, names in zip(self.section.rows, self.section.layout, strict=True):
            for column, here in zip(self.section.columns, names, strict=True):
                if here == name:
                    return row, column
        raise KeyError(name)


class MatrixFactory(MockFactory):  # type: ignore[misc]
    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        super().__init__(pin_class=MatrixPin)


class MatrixPin(MockPWMPin):  # type: ignore[misc]
    def _bcm(self) -> int:
        return int(self.info.name.removeprefix("GPIO"))

    def _get_state(self) -> float:
        matrix = getattr(self.factory, "matrix", None)
        number = self._bcm()
        if matrix is None or number not in matrix.section.columns:
            return float(super()._get_state())
        state = float(not matrix.low(number))
        matrix.note("read", number, 0.0)
        return state

    def _set_state(self, value: float) -> None:
        super()._set_state(value)
        matrix, number = getattr(self.factory, "matrix", None), self._bcm()
        if matrix is not None:
            lamp = number not in matrix.section.rows
            matrix.note("lamp" if lamp else "drive", number, float(value))

    def _set_function(self, value: str) -> None:
        super()._set_function(value)
        matrix, number = getattr(self.factory, "matrix", None), self._bcm()
        if matrix is not None and value == "input" and number in matrix.section.rows:
            matrix.note("float", number, 0.0)
