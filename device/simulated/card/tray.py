"""A tray with cards, of which one or none lies on the reader. Counters stay.

A blank card gets its photo over the control line, and is in memory only from then on
until it is forgotten.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from device.simulated.card.blank import Blank
from device.simulated.card.contents import CardContents
from device.simulated.card.faults import PRESETS, Faults
from device.simulated.card.timing import Rate, Timing
from device.simulated.card.trace import Chip
from device.simulated.card.type_b import FieldCard


class TrayError(ValueError):
    """A request that the tray does not understand."""


@dataclass(frozen=True, slots=True)
class Press:
    """Where cards without a photo get one."""

    blanks: Mapping[str, Blank]
    chip: Callable[[CardContents], Chip]


class Tray:
    def __init__(
        self,
        cards: Mapping[str, Chip],
        faults: Faults | None = None,
        timing: Timing | None = None,
        press: Press | None = None,
    ) -> None:
        self._cards = dict(cards)
        self._press = press
        self._timing = timing
        self._field: FieldCard | None = None
        self._on: str | None = None
        self.faults = faults or Faults()
        self._preset = "none"

    @property
    def card(self) -> str | None:
        """Id of the card on the reader."""
        return self._on

    def put(self, card: str) -> None:
        """Lay one card on the reader; another one that lies there is taken first."""
        if card not in self._cards:
            raise TrayError("no such card on this tray")
        chip = self._cards[card]
        self._on, self._field = card, FieldCard(chip, self.faults, self._timing)

    def take(self) -> None:
        if self._field is not None:
            self._field.field_off()
        self._on, self._field = None, None

    def print(self, card: str, photo: bytes) -> None:
        """A new card of this blank; an earlier one of it is gone, with its counters.

        Raises TrayError, PhotoError.
        """
        if self._press is None or card not in self._press.blanks:
            raise TrayError("no such blank card on this tray")
        contents = self._press.blanks[card].printed(photo)
        self.forget(card)
        self._cards[card] = self._press.chip(contents)

    def forget(self, card: str) -> None:
        """Drop a card that was printed here; it leaves the reader too."""
        if self._press is None or card not in self._press.blanks:
            raise TrayError("no such blank card on this tray")
        if self._on == card:
            self.take()
        self._cards.pop(card, None)

    def hinder(self, preset: str) -> None:
        """All faults are this preset's from now on, whichever card is put."""
        if preset not in PRESETS:
            raise TrayError("presets are " + ", ".join(PRESETS))
        self._preset = preset
        self.faults.become(PRESETS[preset]())

    def field_off(self) -> None:
        if self._field is not None:
            self._field.field_off()

    def frame(self, data: bytes, rate: Rate = Rate.R106) -> bytes | None:
        """What the card on the reader answers; nothing when there is none."""
        return None if self._field is None else self._field.frame(data, rate)

    @property
    def delay_s(self) -> float:
        """Before the answer to the last frame goes out."""
        return 0.0 if self._field is None else self._field.busy_s

    def request(self, line: bytes) -> bytes:
        """One line of control, one line back.

        {"card": id or null, "preset": "none", "cards": [...]}; "error" without cards.
        """
        try:
            self._obey(json.loads(line))
        except (ValueError, TypeError, RecursionError) as error:
            return _line(self._so() | {"error": str(error) or "not understood"})
        return _line(self._so() | {"cards": sorted(self._cards)})

    def _so(self) -> dict[str, Any]:
        return {"card": self._on, "preset": self._preset}

    def _obey(self, request: Any) -> None:
        match request:
            case {"put": str(card), **rest} if not rest:
                self.put(card)
            case {"take": True, **rest} if not rest:
                self.take()
            case {"state": True, **rest} if not rest:
                pass
            case {"print": str(card), "photo": str(photo), **rest} if not rest:
                self.print(card, base64.b64decode(photo, validate=True))
            case {"forget": str(card), **rest} if not rest:
                self.forget(card)
            case {"fault": dict(faults), **rest} if not rest:
                self._break(faults)
            case {"preset": str(name), **rest} if not rest:
                self.hinder(name)
            case _:
                raise TrayError('one of {"put": id} {"take": true} {"state": true}')

    def _break(self, faults: dict[str, Any]) -> None:
        for name, amount in faults.items():
            if isinstance(amount, bool) or not isinstance(amount, int | float):
                raise TrayError("a fault's amount is a number")
            self.faults.set(name, amount)


def _line(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode() + b"\n"
