"""What every CardSlot promises, on every transport."""

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from device.card import visit
from device.card.apdu import Command, Dialog
from device.card.errors import CardError, WrongPinError
from device.ports import CardLostError
from device.simulated.card.contents import CardContents
from device.simulated.card.issue import Holder, Issuer

if TYPE_CHECKING:
    from tests.device.card.contract.conftest import Desk

DIGEST = bytes(32)


async def test_without_a_card_a_dialog_is_lost(desk: "Desk") -> None:
    with pytest.raises(CardLostError) as lost:
        await desk.slot.perform(visit.identify())
    assert lost.value.code == "C103"


async def test_waiting_for_a_card_ends_when_one_is_put_on(desk: "Desk") -> None:
    waiting = asyncio.create_task(desk.slot.wait_for_card())
    await asyncio.sleep(0.3)
    assert not waiting.done()
    await desk.put("one")
    await asyncio.wait_for(waiting, 1)


async def test_a_whole_visit(
    desk: "Desk", contents: CardContents, holder: Holder, issuer: Issuer
) -> None:
    await desk.put("one")
    await desk.slot.wait_for_card()
    found = await desk.slot.perform(visit.identify())
    assert found.certificate == contents.certificate
    keys = [issuer.photo_key.public_key()]
    photo = visit.read_photo(holder.number_b, bytes(16), keys)
    assert (await desk.slot.perform(photo)).jp2 == holder.photo
    signing = visit.sign_with_pin(bytearray(b"2468"), DIGEST)
    assert len(await desk.slot.perform(signing)) == 256


async def test_removal_is_noticed_within_600_ms(desk: "Desk") -> None:
    await desk.put("one")
    await desk.slot.wait_for_card()
    waiting = asyncio.create_task(desk.slot.wait_for_removal())
    await asyncio.sleep(0.5)
    assert not waiting.done()
    started = time.perf_counter()
    await desk.take()
    await asyncio.wait_for(waiting, 5)
    assert time.perf_counter() - started < 0.6


async def test_a_removed_card_is_lost(desk: "Desk") -> None:
    await desk.put("one")
    await desk.slot.wait_for_card()
    await desk.take()
    with pytest.raises(CardLostError):
        await desk.slot.perform(visit.identify())


async def test_an_exchanged_card_is_lost_until_it_is_waited_for(desk: "Desk") -> None:
    await desk.put("one")
    await desk.slot.wait_for_card()
    await desk.put("other")
    with pytest.raises(CardLostError):
        await desk.slot.perform(visit.identify())
    with pytest.raises(CardLostError):
        await desk.slot.perform(visit.identify())
    await desk.slot.wait_for_card()
    assert (await desk.slot.perform(visit.identify())).tries_left == 3


async def test_what_the_dialog_raises_passes_and_the_card_stays(desk: "Desk") -> None:
    await desk.put("one")
    await desk.slot.wait_for_card()
    with pytest.raises(WrongPinError) as refused:
        await desk.slot.perform(visit.sign_with_pin(bytearray(b"0000"), DIGEST))
    assert isinstance(refused.value, CardError)
    assert (await desk.slot.perform(visit.identify())).tries_left == 2


async def test_counters_survive_the_card_being_taken(desk: "Desk") -> None:
    await desk.put("one")
    await desk.slot.wait_for_card()
    with pytest.raises(WrongPinError):
        await desk.slot.perform(visit.sign_with_pin(bytearray(b"0000"), DIGEST))
    await desk.take()
    await desk.slot.wait_for_removal()
    await desk.put("one")
    await desk.slot.wait_for_card()
    assert (await desk.slot.perform(visit.identify())).tries_left == 2


async def test_two_dialogs_never_mix(desk: "Desk") -> None:
    await desk.put("one")
    await desk.slot.wait_for_card()
    running: list[str] = []

    def marked(name: str) -> Dialog[visit.CardIdentity]:
        running.append(name)
        found = yield from visit.identify()
        assert running == [name]
        running.remove(name)
        return found

    async with asyncio.TaskGroup() as group:
        for name in ("a", "b", "c"):
            group.create_task(desk.slot.perform(marked(name)))


async def test_a_cancelled_dialog_stops_and_the_slot_goes_on(desk: "Desk") -> None:
    await desk.put("one")
    await desk.slot.wait_for_card()

    def endless() -> Dialog[None]:
        while True:
            yield Command(0x00, 0x84, le=8)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(_busy(desk, endless()), 0.2)
    await desk.slot.wait_for_card()
    assert (await desk.slot.perform(visit.identify())).tries_left == 3


async def _busy(desk: "Desk", dialog: Dialog[None]) -> None:
    await desk.slot.perform(dialog)
