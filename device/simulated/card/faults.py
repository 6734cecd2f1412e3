"""What goes wrong on purpose between reader and card."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from device.simulated.card.trace import Chip

ALWAYS = 1_000_000
"""A count that no visit reaches."""


class FaultError(ValueError):
    """Words that name no fault."""


@dataclass(slots=True)
class Faults:
    """Counts go down to zero; `slow_s`, `fwi` and `drop_every` stay."""

    drop: int = 0
    """Next blocks whose answer is lost on the air (the card did hear them)."""
    drop_every: int = 0
    """Every so many blocks one answer is lost; 0: none."""
    deaf: int = 0
    """Next blocks that the card does not hear."""
    wtx: int = 0
    """Next commands before whose answer the card asks for more time."""
    wtx_in_chain: int = 0
    """Next continued parts of a long answer before which it asks for more time."""
    slow_s: float = 0.0
    """Seconds before every answer; what it is sent meanwhile, it does not hear."""
    fwi: int | None = None
    """Frame waiting time integer of the next activation, 0 to 14; None: the card's."""
    remove_after: int | None = None
    """So many more APDUs are answered, then the card is gone. None: it stays."""
    tears_after: int | None = None
    """The same, each time that a card is put. None: it stays."""

    def become(self, other: "Faults") -> None:
        """Whoever holds this value now has that one."""
        for field in fields(self):
            setattr(self, field.name, getattr(other, field.name))

    def set(self, name: str, amount: float) -> None:
        """By field name. Raises FaultError."""
        if name not in {field.name for field in fields(self)}:
            raise FaultError("faults are " + ", ".join(f.name for f in fields(self)))
        if not 0 <= amount <= ALWAYS or (name == "fwi" and amount > 14):
            raise FaultError("a fault's amount is 0 to 1000000, of fwi 0 to 14")
        setattr(self, name, float(amount) if name == "slow_s" else int(amount))


PRESETS: Mapping[str, Callable[[], Faults]] = {
    "none": Faults,
    "slow": lambda: Faults(slow_s=0.15),
    "shaky": lambda: Faults(drop_every=7),
    "deaf": lambda: Faults(deaf=ALWAYS),
    "torn": lambda: Faults(tears_after=4),
}
"""What a person can choose. slow: an old card; shaky: hardly in the field, but a visit
succeeds; deaf: in a sleeve or upside down; torn: taken while it is read, every time."""


def parse_faults(words: list[str]) -> Faults:
    """`wtx`, `wtx-in-chain`, `drop=N`, `slow=MS`, ... Raises FaultError."""
    faults = Faults()
    for word in words:
        name, _, amount = word.partition("=")
        name = name.replace("-", "_")
        if name in ("wtx", "wtx_in_chain") and not amount:
            faults.set(name, ALWAYS)
        elif not (amount.isascii() and amount.isdigit()):
            raise FaultError(f"{word}: a fault needs an amount, as in drop=2")
        elif name == "slow":
            faults.set("slow_s", int(amount) / 1000)
        elif name == "slow_s":
            raise FaultError("slow=MS takes milliseconds")
        else:
            faults.set(name, int(amount))
    return faults


class HinderedChip:
    """A chip without air: it can be slow, and it can leave; it has no blocks."""

    def __init__(
        self, chip: Chip, faults: Faults, sleep: Callable[[float], None]
    ) -> None:
        self._chip = chip
        self._faults = faults
        self._sleep = sleep

    def transmit(self, raw: bytes) -> bytes:
        """Raises ConnectionError when the card has left."""
        left = self._faults.remove_after
        if left == 0:
            raise ConnectionAbortedError("the card was taken away")
        if left is not None:
            self._faults.remove_after = left - 1
        self._sleep(self._faults.slow_s)
        return self._chip.transmit(raw)

    def reset(self) -> None:
        self._chip.reset()

    def random(self, size: int) -> bytes:
        return self._chip.random(size)
