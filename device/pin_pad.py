"""The one place where typed digits stand, between the keypad and one VERIFY."""


class PinPad:
    """A buffer that is zeroed when it is cleared. Nothing here prints digits."""

    def __init__(self, size: int) -> None:
        self._digits = bytearray(size)
        self._taken = bytearray()
        self._count = 0

    def __repr__(self) -> str:
        return "PinPad(...)"

    def __len__(self) -> int:
        return self._count

    def press(self, digit: str) -> int:
        """Add one digit of "0" to "9" if there is room; how many there are now."""
        if self._count < len(self._digits):
            self._digits[self._count] = ord(digit)
            self._count += 1
        return self._count

    def take(self) -> bytearray:
        """The digits, once. Whoever takes them zeroes them with `wipe`."""
        taken = self._digits[: self._count]
        self.clear()
        self._taken = taken
        return taken

    def copy(self) -> bytearray:
        """The digits, which stay for another try. Whoever takes them zeroes them."""
        wipe(self._taken)
        self._taken = self._digits[: self._count]
        return self._taken

    def keep(self, count: int) -> None:
        """Zero every digit but the first `count`."""
        for at in range(count, self._count):
            self._digits[at] = 0
        self._count = min(count, self._count)

    def clear(self) -> None:
        """Zero the digits, and those that were taken and perhaps never used."""
        wipe(self._digits)
        wipe(self._taken)
        self._count = 0


def wipe(secret: bytearray) -> None:
    for at in range(len(secret)):
        secret[at] = 0
