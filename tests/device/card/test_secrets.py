"""PIN and 照合番号B in every form, looked for in whatever is left behind.

Logs, traces, errors with all they carry, and the words of every object a dialog makes.
"""

import base64
import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from device.card import visit
from device.card.apdu import Command, Dialog, Response
from device.card.dialog import run
from device.card.errors import CardError
from device.ports import CardLostError
from device.simulated.card.contents import CardContents
from device.simulated.card.issue import Holder, Issuer
from device.simulated.card.terminal import FictitiousTerminal
from device.simulated.card.trace import TracedChip, trace_line
from device.simulated.card.virtual import VirtualCard
from protocol.catalogue import Code

PIN = "7391"
WRONG = "8264"
"""Neither stands in any length, status word or file name by chance."""


def forms(secret: str) -> set[str]:
    """As text, hexadecimal, base64 at each of its three phases, BCD, and reversed."""
    found: set[str] = set()
    for digits in (secret, secret[::-1]):
        plain = digits.encode("ascii")
        packed = bytes.fromhex(digits)
        found |= {digits, plain.hex(), plain.hex(" "), plain.hex(":"), repr(plain)}
        found |= {packed.hex(" "), repr(packed), repr(list(plain)), repr(list(packed))}
        found |= {str(int.from_bytes(plain, "big"))}
        for lead in range(3):
            text = base64.b64encode(bytes(lead) + plain).decode()
            # The first and last characters depend on what stands beside the secret.
            inner = text[-(-8 * lead // 6) : (8 * (lead + len(plain))) // 6]
            found.add(inner)
    return {form.lower() for form in found if len(form) >= 4}


def test_the_forms_find_what_they_are_for() -> None:
    number = "49021720352285"
    around = base64.b64encode(b"x" + number.encode() + b"yz").decode().lower()
    assert any(form in around for form in forms(number))
    assert number.encode().hex() in forms(number)
    assert bytes.fromhex(number).hex(" ") in forms(number)


@pytest.fixture
def secrets_of(holder: Holder) -> tuple[str, ...]:
    return (PIN, WRONG, holder.number_b)


Make = Callable[[], Dialog[object]]


@pytest.fixture
def dialogs(
    holder: Holder, issuer: Issuer, terminal_key: ec.EllipticCurvePrivateKey
) -> dict[str, Make]:
    keys = [issuer.photo_key.public_key()]
    terminal = FictitiousTerminal.of(terminal_key)
    number, wrong = holder.number_b, holder.number_b[::-1]
    return {
        "identify": visit.identify,
        "photo": lambda: visit.read_photo(number, bytes(16), keys),
        "photo, untrusted": lambda: visit.read_photo(number, bytes(16), []),
        "photo, wrong number": lambda: visit.read_photo(wrong, bytes(16), keys),
        "photo, no number": lambda: visit.read_photo(number + "0", bytes(16), keys),
        "pin": lambda: visit.sign_with_pin(bytearray(PIN.encode()), bytes(32)),
        "wrong pin": lambda: visit.sign_with_pin(bytearray(WRONG.encode()), bytes(32)),
        "no pin": lambda: visit.sign_with_pin(bytearray(PIN.encode() + b"x"), b""),
        "terminal": lambda: visit.sign_with_terminal(terminal, bytes(32)),
    }


@pytest.fixture
def contents(contents: CardContents) -> CardContents:
    return replace(contents, pin=PIN.encode("ascii"))


class Ear:
    """A chip that is traced, breaks when told, and remembers how things look."""

    def __init__(self, contents: CardContents, fails_at: int, how: str) -> None:
        self.seen: list[str] = []
        self.count = 0
        self._chip = TracedChip(VirtualCard(contents, bytes), self._note)
        self._fails_at, self._how = fails_at, how

    def _note(self, line: str) -> None:
        self.seen.append(line)

    def transmit(self, command: Command) -> Response:
        self.count += 1
        raw = self._chip.transmit(command.to_bytes())
        if self.count == self._fails_at:
            if self._how == "torn":
                raise CardLostError(Code.CARD_TORN)
            # The nastiest answer: what was asked, sent back as data.
            raw = command.to_bytes() + (b"\x90\x00" if self._how == "echo" else b"\x6f")
        response = Response.from_bytes(raw)
        self.seen += [repr(command), str(command), repr(response), f"{response}"]
        self.seen.append(trace_line(self.count, command.to_bytes(), raw))
        return response


def left_behind(ear: Ear, dialog: Dialog[object]) -> Iterator[str]:
    try:
        result = run(dialog, ear.transmit)
        yield from (repr(result), str(result)) if not isinstance(result, bytes) else ()
    except (CardError, CardLostError, ValueError) as error:
        # Words and names of the whole chain, but not our own source lines.
        told: BaseException | None = error
        while told is not None:
            yield from (repr(told), str(told), repr(told.args), repr(vars(told)))
            yield from traceback.format_exception_only(told)
            told = told.__cause__ or told.__context__
    yield from ear.seen


NAMES = (
    *("identify", "photo", "photo, untrusted", "photo, wrong number"),
    *("photo, no number", "pin", "wrong pin", "no pin", "terminal"),
)


@pytest.mark.parametrize("how", ["torn", "echo", "junk"])
@pytest.mark.parametrize("name", NAMES)
def test_no_secret_is_left_behind_wherever_a_dialog_breaks(
    name: str,
    how: str,
    dialogs: dict[str, Make],
    contents: CardContents,
    secrets_of: tuple[str, ...],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.NOTSET)
    fails_at = 0
    while True:
        ear = Ear(contents, fails_at, how)
        said = list(left_behind(ear, dialogs[name]()))
        said += [record.getMessage() for record in caplog.records]
        text = "\n".join(said).lower()
        for secret in secrets_of:
            assert not [form for form in forms(secret) if form in text]
        if fails_at >= ear.count:
            break
        fails_at += 1


def test_whoever_holds_a_secret_does_not_show_it(
    holder: Holder, contents: CardContents, secrets_of: tuple[str, ...]
) -> None:
    shown = f"{holder!r} {contents!r} {Command(0, 0x20, data=PIN.encode())!r}".lower()
    for secret in (holder.pin, holder.number_b, *secrets_of):
        assert secret not in shown
        assert secret.encode().hex() not in shown
