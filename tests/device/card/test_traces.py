"""What the card is asked, header by header; files are folded to one line each.

Regenerate by deleting the golden file and running this test twice.
"""

from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from device.card import visit
from device.card.apdu import Command, Dialog
from device.simulated.card.bench import Bench
from device.simulated.card.contents import CardContents
from device.simulated.card.issue import Holder, Issuer
from device.simulated.card.terminal import FictitiousTerminal

GOLDEN = Path(__file__).parent / "golden_traces.txt"


def line(command: Command) -> str:
    head = command.to_bytes()[:4].hex()
    if command.ins == 0xB0:
        return "00b0.... READ BINARY"
    # File and application names are no secrets; all other data stays out.
    name = f" {command.data.hex()}" if command.ins == 0xA4 else ""
    return f"{head}{name}" + (" once" if command.once else "")


def folded(trace: list[Command]) -> str:
    return "\n".join(text for text, _ in groupby(map(line, trace)))


def test_the_dialogs_ask_what_they_asked_before(
    insert: Callable[[CardContents], Bench],
    contents: CardContents,
    holder: Holder,
    issuer: Issuer,
    terminal_key: ec.EllipticCurvePrivateKey,
) -> None:
    keys = [issuer.photo_key.public_key()]
    terminal = FictitiousTerminal.of(terminal_key)
    dialogs: dict[str, Dialog[object]] = {
        "identify": visit.identify(),
        "read_photo": visit.read_photo(holder.number_b, bytes(16), keys),
        "sign_with_pin": visit.sign_with_pin(bytearray(b"2468"), bytes(32)),
        "sign_with_terminal (fictitious)": visit.sign_with_terminal(
            terminal, bytes(32)
        ),
    }
    parts = []
    for name, dialog in dialogs.items():
        bench = insert(contents)
        bench.run(dialog)
        parts.append(f"# {name}\n{folded(bench.trace)}\n")
    found = "\n".join(parts)
    if not GOLDEN.exists():
        GOLDEN.write_text(found, "utf-8")
        raise AssertionError("wrote a new golden file: read it, then run again")
    assert found == GOLDEN.read_text("utf-8")
