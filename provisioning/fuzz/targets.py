"""What reads bytes from a card, and what one fictitious card really said to it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from device.card import card_face, rsa, tlv, visit
from device.card.algorithms import algorithm_of
from device.card.apdu import APDUError, Command, Dialog, Response
from device.card.dialog import run
from device.card.errors import CardError
from device.simulated.card.bench import Bench
from device.simulated.card.issue import Issuer
from device.simulated.card.situations import SITUATIONS, situation_card
from device.simulated.card.trace import trace_line
from device.simulated.card.virtual import VirtualCard

OURS = (CardError, APDUError)
"""The only errors that broken input may raise."""
_NOW = datetime(2026, 4, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Target:
    """`seeds` are given to `read` one at a time, damaged."""

    name: str
    seeds: Sequence[bytes]
    read: Callable[[bytes], object]


def targets() -> tuple[Target, ...]:
    """Makes a card and talks to it: takes about a second."""
    issuer = Issuer.found(ec.generate_private_key(ec.SECP256R1()).public_key(), _NOW)
    contents = situation_card(SITUATIONS[0], issuer, _NOW)
    card = VirtualCard(contents, lambda size: bytes(size))
    keys = [issuer.photo_key.public_key()]
    commands, dialogs = _recorded(card, SITUATIONS[0].verification_number_b, keys)
    answers = [answer for said, _ in dialogs for answer in said]
    files = (contents.card_face, contents.issuer_certificate, contents.profile)
    key = rsa.encode_public_key(keys[0])
    return (
        Target("command", commands, Command.from_bytes),
        Target("response", answers, Response.from_bytes),
        Target("trace", commands, lambda raw: trace_line(1, raw, b"\x90\x00")),
        Target("tlv", (*files, contents.certificate), _objects),
        Target("card face", files[:1], card_face.parse_face),
        Target("issuer", files[1:2], card_face.parse_issuer_certificate),
        Target("key", (key,), rsa.parse_public_key),
        Target("certificate", (contents.certificate,), algorithm_of),
        *(
            Target(f"dialog {number}", said, _replayed(said, dialog))
            for number, (said, dialog) in enumerate(dialogs, 1)
        ),
    )


Recording = tuple[list[bytes], Callable[[], Dialog[object]]]


def _recorded(
    card: VirtualCard, number: str, keys: Sequence[RSAPublicKey]
) -> tuple[list[bytes], list[Recording]]:
    dialogs: tuple[Callable[[], Dialog[object]], ...] = (
        visit.identify,
        lambda: visit.read_photo(number, bytes(16), keys),
        lambda: visit.sign_with_pin(bytearray(b"1357"), bytes(32)),
    )
    commands, recordings = [], []
    for dialog in dialogs:
        bench = Bench(card)
        said: list[bytes] = []

        def listen(
            command: Command, bench: Bench = bench, said: list[bytes] = said
        ) -> Response:
            said.append(bench.transmit(command).to_bytes())
            return Response.from_bytes(said[-1])

        run(dialog(), listen)
        commands += [one.to_bytes() for one in bench.trace]
        recordings.append((said, dialog))
    return commands, recordings


def _objects(raw: bytes) -> None:
    tlv.by_tag(tlv.parse_all(tlv.parse(raw).value))


def _replayed(
    said: list[bytes], dialog: Callable[[], Dialog[object]]
) -> Callable[[bytes], object]:
    """The dialog over what was recorded, with one answer after another replaced."""
    turn = 0

    def read(broken: bytes) -> object:
        nonlocal turn
        turn = (turn + 1) % len(said)
        answers = _with(said, turn, broken)
        return run(dialog(), lambda _: Response.from_bytes(next(answers, b"\x6f\x00")))

    return read


def _with(said: list[bytes], turn: int, broken: bytes) -> Iterator[bytes]:
    yield from said[:turn]
    yield broken
    yield from said[turn + 1 :]
