"""How long a visit keeps the card: bytes and milliseconds for each step, by model.

A fictitious card with files as long as a real one's are thought to be is asked what a
visit asks; every frame is counted. Nothing here is a measurement of a real card.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from device.card import tlv, visit
from device.card.apdu import Command, Dialog, Response
from device.card.dialog import run
from device.card.long_reads import CHUNK, EXTENDED
from device.simulated.card.issue import CardKeys, Holder, Issuer, issue
from device.simulated.card.situations import SITUATIONS
from device.simulated.card.timing import FLOOR, PLAUSIBLE, Rate
from device.simulated.card.virtual import VirtualCard

ROOM = 253
"""Bytes of one 256-byte frame besides PCB and CRC."""
FILE_BYTES = 15_000
"""Visual file, assumed: 6 to 20 KB are plausible, no size has been published."""
CERTIFICATE_BYTES = 1_600
"""Authentication certificate, assumed: 1.3 to 1.8 KB."""
GOALS_S = {Rate.R106: 2.2, Rate.R424: 0.9}
_DAY = datetime(2026, 4, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wire:
    """How a transport asks. `longest_read`: bytes of one READ BINARY."""

    name: str
    longest_read: int
    turns_per_frame: bool
    """Whether the host is asked for every frame, or once for an APDU (the reader's
    own processor chains, as CCID readers do)."""


WIRES = (
    Wire("nfcpy", CHUNK, turns_per_frame=True),
    Wire("nfcpy-extended", EXTENDED, turns_per_frame=True),
    Wire("pcsc", EXTENDED, turns_per_frame=False),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One dialog over one wire at one rate; times in seconds."""

    transport: str
    rate: int
    step: str
    apdus: int
    bytes: int
    """On the air, both ways, with PCB, CRC and acknowledgements."""
    floor_s: float
    """Only what is read, in the fewest frames, and the signatures."""
    card_s: float
    """Every frame of ours on the air, and the signatures: the card's own time."""
    plausible_s: float
    """With turn-around of card and USB, guard time, and a slower signature."""


_GOALS = ", ".join(f"{goal:g} s at {rate.value}" for rate, goal in GOALS_S.items())
_NOTES = f"""
A model with assumptions, no measurement of a real card: visual file {FILE_BYTES} B,
certificate {CERTIFICATE_BYTES} B, two RSA signatures (challenge, request).
The photo is read while the camera looks: a face visit waits for the longer of the two.
  floor      what is read, in the fewest frames; {FLOOR.sign_s:g} s for a signature
  card       every frame of ours; {FLOOR.sign_s:g} s for a signature. Goals: {_GOALS}
  plausible  {PLAUSIBLE.turn_s * 1000:g} ms more for an exchange, guard time of one etu;
             {PLAUSIBLE.sign_s:g} s for a signature
"""

Exchange = tuple[bytes, bytes]
Recorder = Callable[[Dialog[object], int], list[Exchange]]


def steps(wires: tuple[Wire, ...], rates: tuple[Rate, ...]) -> tuple[Step, ...]:
    """A visit with photo and PIN. Makes keys: takes about a second."""
    dialogs, record = _visit()
    return tuple(
        _step(wire, rate, name, record(dialog(), wire.longest_read))
        for wire in wires
        for rate in rates
        for name, dialog in dialogs.items()
    )


def report(found: tuple[Step, ...], *, as_json: bool) -> str:
    """A table with a line for each step and each whole visit, or the same as JSON."""
    rows = (*found, *totals(found))
    if as_json:
        return json.dumps([_row(one) for one in rows], indent=2)
    head = f"{'transport':15}{'kbit/s':>7} {'step':12}{'APDUs':>6}{'bytes':>7}"
    head += f"{'floor':>8}{'card':>8}{'over':>7}{'plausible':>11}  ms"
    return "\n".join((head, *map(_line, rows), _NOTES.rstrip()))


def _row(one: Step) -> dict[str, Any]:
    goal = GOALS_S.get(Rate(one.rate)) if one.step == "visit" else None
    within = None if goal is None else one.card_s < goal
    return {**asdict(one), "goal_s": goal, "within_goal": within}


def _line(one: Step) -> str:
    over = 100 * (one.card_s / one.floor_s - 1)
    times = f"{1000 * one.floor_s:8.0f}{1000 * one.card_s:8.0f}{over:6.1f}%"
    name = f"{one.transport:15}{one.rate:7} {one.step:12}"
    return f"{name}{one.apdus:6}{one.bytes:7}{times}{1000 * one.plausible_s:11.0f}"


def totals(found: tuple[Step, ...]) -> tuple[Step, ...]:
    """One row for each transport and rate."""
    groups: dict[tuple[str, int], Step] = {}
    for one in found:
        key = (one.transport, one.rate)
        before = groups.get(key)
        groups[key] = _sum(before, one) if before else replace(one, step="visit")
    return tuple(groups.values())


def _sum(a: Step, b: Step) -> Step:
    return replace(
        a,
        apdus=a.apdus + b.apdus,
        bytes=a.bytes + b.bytes,
        floor_s=a.floor_s + b.floor_s,
        card_s=a.card_s + b.card_s,
        plausible_s=a.plausible_s + b.plausible_s,
    )


def _step(wire: Wire, rate: Rate, name: str, asked: list[Exchange]) -> Step:
    return Step(
        transport=wire.name,
        rate=rate.value,
        step=name,
        apdus=len(asked),
        bytes=sum(_bytes(*one) for one in asked),
        floor_s=_floor_s(asked, rate),
        card_s=sum(FLOOR.exchange_s(*one, rate, ROOM) for one in asked),
        plausible_s=_plausible_s(wire, asked, rate),
    )


def _plausible_s(wire: Wire, asked: list[Exchange], rate: Rate) -> float:
    model = PLAUSIBLE
    if not wire.turns_per_frame:
        # 3 ms of the card stay with each frame; the host's 3 ms come once.
        model = replace(model, turn_s=model.turn_s / 2)
    extra = 0.0 if wire.turns_per_frame else len(asked) * model.turn_s
    return extra + sum(model.exchange_s(*one, rate, ROOM) for one in asked)


def _floor_s(asked: list[Exchange], rate: Rate) -> float:
    useful = sum(len(answer) - 2 for _, answer in asked)
    frames, rest = divmod(useful, ROOM)
    air = frames * FLOOR.frame_s(ROOM, rate) + (FLOOR.frame_s(rest, rate) * bool(rest))
    return air + sum(FLOOR.chip_s(command) for command, _ in asked)


def _bytes(command: bytes, answer: bytes) -> int:
    frames = -(-len(command) // ROOM) + -(-len(answer) // ROOM)
    return len(command) + len(answer) + 3 * (frames + frames - 2)


def _visit() -> tuple[dict[str, Callable[[], Dialog[object]]], Recorder]:
    terminal = ec.generate_private_key(ec.SECP256R1())
    issuer = Issuer.found(terminal.public_key(), _DAY)
    holder, keys = SITUATIONS[0].holder_now, CardKeys.generate()
    contents = issue(_long_photo(holder, keys, issuer), keys, issuer, _DAY)
    padding = bytes(CERTIFICATE_BYTES - 4)
    contents = replace(contents, certificate=tlv.encode(0x30, padding))
    card = VirtualCard(contents, lambda size: bytes(size))
    trusted = [issuer.photo_key.public_key()]
    pin = bytearray(holder.pin.encode("ascii"))
    digest = sha256(b"a fictitious request").digest()
    dialogs: dict[str, Callable[[], Dialog[object]]] = {
        "identify": visit.identify,
        "photo": lambda: visit.read_photo(holder.number_b, bytes(16), trusted),
        "verify+sign": lambda: visit.sign_with_pin(pin, digest),
    }
    return dialogs, lambda dialog, longest: _recorded(card, dialog, longest)


def _recorded(
    card: VirtualCard, dialog: Dialog[object], longest: int
) -> list[Exchange]:
    asked: list[Exchange] = []

    def transmit(command: Command) -> Response:
        raw = command.to_bytes()
        asked.append((raw, card.transmit(raw)))
        return Response.from_bytes(asked[-1][1])

    run(dialog, transmit, longest)
    return asked


def _long_photo(holder: Holder, keys: CardKeys, issuer: Issuer) -> Holder:
    """The same person with a photo that makes the whole file FILE_BYTES long."""
    short = len(issue(holder, keys, issuer, _DAY).card_face)
    return replace(holder, photo=holder.photo + bytes(FILE_BYTES - short))


__all__ = ["WIRES", "Rate", "Step", "Wire", "report", "steps", "totals"]
