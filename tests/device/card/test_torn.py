"""Every dialog against a card that leaves after every k-th command."""

import secrets
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from device.card import jpki, visit, visual
from device.card.apdu import Command, Dialog
from device.ports import CardLostError
from device.simulated.card.bench import Bench
from device.simulated.card.contents import CardContents
from device.simulated.card.direct import DirectSlot
from device.simulated.card.issue import Holder, Issuer
from device.simulated.card.terminal import FictitiousTerminal
from device.simulated.card.virtual import VirtualCard

Dialogs = dict[str, Callable[[], Dialog[object]]]
NAMES = ("identify", "photo", "pin", "terminal")
INDIVIDUAL_NUMBER = {0x0001, 0x0005, 0x0013, 0x0014}
"""Files and keys of マイナンバー in the visual and the profile application."""


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


def spends_a_try(command: Command) -> bool:
    return command.ins == 0x20 and bool(command.data)


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("name", NAMES)
async def test_a_torn_card_is_lost_and_spends_one_try_at_most(
    name: str, answered: bool, dialogs: Dialogs, contents: CardContents, bench: Bench
) -> None:
    bench.run(dialogs[name]())
    for torn_at in range(len(bench.trace)):
        slot = DirectSlot()
        await slot.put(VirtualCard(contents, secrets.token_bytes))
        await slot.wait_for_card()
        slot.tear_after(torn_at, answered=answered)
        with pytest.raises(CardLostError) as lost:
            await slot.perform(dialogs[name]())
        assert lost.value.code == "C103"
        assert len(slot.trace) == torn_at + (not answered)
        assert sum(map(spends_a_try, slot.trace)) <= 1


@pytest.mark.parametrize("name", NAMES)
def test_commands_that_cost_something_are_marked_once(
    name: str, dialogs: Dialogs, bench: Bench
) -> None:
    bench.run(dialogs[name]())
    for command in bench.trace:
        costly = spends_a_try(command) or command.ins in (0x2A, 0x82)
        assert command.once == costly, command


@pytest.mark.parametrize("name", NAMES)
def test_the_individual_number_is_never_selected(
    name: str, dialogs: Dialogs, bench: Bench
) -> None:
    bench.run(dialogs[name]())
    selected = [one for one in bench.trace if one.ins == 0xA4]
    assert selected
    names = {one.data for one in selected if one.p1 == 0x04}
    files = {int.from_bytes(one.data, "big") for one in selected if one.p1 == 0x02}
    assert names <= {jpki.AID, visual.AID}
    assert not files & INDIVIDUAL_NUMBER
    # No command reaches a file by its short name either.
    assert all(one.p1 < 0x80 for one in bench.trace if one.ins == 0xB0)
    assert all(one.p2 == 0x80 for one in bench.trace if one.ins == 0x20)


@pytest.mark.parametrize("name", NAMES)
def test_no_dialog_depends_on_what_an_earlier_one_left_behind(
    name: str, dialogs: Dialogs, bench: Bench
) -> None:
    for before in NAMES:
        bench.run(dialogs[before]())
        bench.run(dialogs[name]())
