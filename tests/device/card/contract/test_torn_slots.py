"""The card leaves at every command of every dialog, on every transport.

Then it is put back, and the same slot serves the whole dialog. Every command, either
before or after it was carried out, in turn; on PC/SC, where pcscd needs two seconds a
removal, one of each dialog. SHIKAKU_EVERY_COMMAND=1 takes them all, in both ways.
"""

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import product

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from device.card import iso, jpki, visit, visual
from device.card.apdu import Dialog
from device.card.errors import CardRefusedError, WrongPinError
from device.ports import CardLostError
from device.simulated.card.bench import Bench
from device.simulated.card.contents import CardContents
from device.simulated.card.faults import Faults, HinderedChip
from device.simulated.card.issue import Holder, Issuer
from device.simulated.card.terminal import FictitiousTerminal
from device.simulated.card.virtual import VirtualCard
from tests.support.pcsc_stand import PcscStand
from tests.support.torn_slots import DirectHands, Hands, in_pcsc, on_the_air

Dialogs = dict[str, Callable[[], Dialog[object]]]
NAMES = ("identify", "photo", "pin", "terminal")
TRANSPORTS = ("direct", "nfcpy-udp", "pcsc")
EVERY = os.environ.get("SHIKAKU_EVERY_COMMAND") == "1"
ON_THE_AIR = 12
"""Readers at once: each of them mostly waits for a card that is gone."""
PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Torn:
    dialog: str
    at: int
    """So many commands were answered."""
    done: bool
    """The next one was carried out, and nobody knows."""


@pytest.fixture
def dialogs(
    holder: Holder, issuer: Issuer, terminal_key: ec.EllipticCurvePrivateKey
) -> Dialogs:
    keys = [issuer.photo_key.public_key()]
    terminal = FictitiousTerminal.of(terminal_key)
    return {
        "identify": visit.identify,
        "photo": lambda: visit.read_photo(holder.number_b, bytes(16), keys),
        "pin": lambda: visit.sign_with_pin(bytearray(b"2468"), bytes(32)),
        "terminal": lambda: visit.sign_with_terminal(terminal, bytes(32)),
    }


@pytest.fixture
def everywhere(dialogs: Dialogs, bench: Bench) -> list[Torn]:
    """Every command of every dialog, before it and after it was carried out."""
    places = []
    for name in NAMES:
        before = len(bench.trace)
        bench.run(dialogs[name]())
        commands = range(len(bench.trace) - before)
        places += [Torn(name, *one) for one in product(commands, (False, True))]
    return places


@pytest.fixture(params=TRANSPORTS)
async def hands(
    request: pytest.FixtureRequest, contents: CardContents
) -> AsyncIterator[Sequence[Hands]]:
    async with AsyncExitStack() as stack:
        if request.param == "direct":
            yield [DirectHands(contents)]
        elif request.param == "nfcpy-udp":
            yield [
                await stack.enter_async_context(on_the_air(contents))
                for _ in range(ON_THE_AIR)
            ]
        else:
            stand: PcscStand = request.getfixturevalue("pcsc_stand")
            yield [await stack.enter_async_context(in_pcsc(contents, stand))]


def chosen(transport: str, places: list[Torn]) -> list[Torn]:
    if EVERY:
        return list(places)
    if transport != "pcsc":
        return [one for one in places if one.done == bool(one.at % 2)]
    # The last command of each dialog, carried out: all but one are signatures.
    return [[one for one in places if one.dialog == name][-1] for name in NAMES]


async def test_a_card_that_leaves_at_any_command_is_lost_and_serves_when_it_is_back(
    hands: Sequence[Hands],
    everywhere: list[Torn],
    dialogs: Dialogs,
    request: pytest.FixtureRequest,
) -> None:
    waiting = chosen(request.node.callspec.params["hands"], everywhere)
    assert {one.dialog for one in waiting} == set(NAMES)

    async def work(mine: Hands) -> None:
        while waiting:
            torn = waiting.pop()
            try:
                await tear(mine, torn, dialogs[torn.dialog])
            except BaseException as error:
                error.add_note(f"{mine.slot.name}: {torn}")
                raise

    async with asyncio.TaskGroup() as group:
        for one in hands:
            group.create_task(work(one))


async def tear(hands: Hands, torn: Torn, dialog: Callable[[], Dialog[object]]) -> None:
    await lay(hands)
    hands.leave_after(torn.at, done=torn.done)
    with pytest.raises(CardLostError) as lost:
        await hands.slot.perform(dialog())
    assert lost.value.code == "C103"
    # Until it has been waited for, nothing is asked of whatever lies there.
    with pytest.raises(CardLostError):
        await hands.slot.perform(visit.identify())
    await asyncio.wait_for(hands.slot.wait_for_removal(), PATIENCE_S)
    await lay(hands)
    await hands.slot.perform(locked())
    assert await hands.slot.perform(dialog())
    assert (await hands.slot.perform(visit.identify())).tries_left == 3
    await hands.take()
    await asyncio.wait_for(hands.slot.wait_for_removal(), PATIENCE_S)


async def lay(hands: Hands) -> None:
    await hands.put()
    await asyncio.wait_for(hands.slot.wait_for_card(), PATIENCE_S)


def locked() -> Dialog[None]:
    """What the torn dialog had opened is closed: the key and the photo."""
    yield from jpki.select()
    yield from iso.select_file(jpki.AUTH_KEY)
    with pytest.raises(CardRefusedError):
        yield from iso.compute_signature(bytes(51), jpki.SELECTED_KEY)
    yield from iso.select_application(visual.AID)
    assert (yield from open_tries()) == visual.NUMBER_B_TRIES
    yield from iso.select_file(visual.CARD_FACE)
    with pytest.raises(CardRefusedError):
        yield from iso.read_start(8)


def open_tries() -> Dialog[int]:
    yield from iso.select_file(visual.NUMBER_B)
    return (yield from iso.tries(0))


@pytest.mark.parametrize("done", [False, True])
async def test_a_wrong_pin_that_nobody_heard_the_answer_of_costs_one_try_at_most(
    hands: Sequence[Hands], done: bool
) -> None:
    """Whether the card counted is unknown; nobody asks it twice."""
    mine = hands[0]

    def wrong() -> Dialog[bytes]:
        return visit.sign_with_pin(bytearray(b"0000"), bytes(32))

    await lay(mine)
    mine.leave_after(2, done=done)
    with pytest.raises(CardLostError):
        await mine.slot.perform(wrong())
    await asyncio.wait_for(mine.slot.wait_for_removal(), PATIENCE_S)
    await lay(mine)
    assert (await mine.slot.perform(visit.identify())).tries_left == 3 - done
    with pytest.raises(WrongPinError) as refused:
        await mine.slot.perform(wrong())
    assert refused.value.tries_left == 2 - done


async def test_a_slow_card_in_a_pcsc_reader_is_waited_for(
    contents: CardContents, holder: Holder, issuer: Issuer, pcsc_stand: PcscStand
) -> None:
    card = VirtualCard(contents, secrets.token_bytes)
    slow = HinderedChip(card, Faults(slow_s=0.05), time.sleep)
    keys = [issuer.photo_key.public_key()]
    async with in_pcsc(contents, pcsc_stand) as hands:
        with pcsc_stand.inserted(slow):
            await asyncio.wait_for(hands.slot.wait_for_card(), PATIENCE_S)
            photo = visit.read_photo(holder.number_b, bytes(16), keys)
            assert (await hands.slot.perform(photo)).jp2 == holder.photo
            signing = visit.sign_with_pin(bytearray(b"2468"), bytes(32))
            assert len(await hands.slot.perform(signing)) == 256
