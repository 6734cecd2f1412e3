"""What happens on the air, and never in a direct call."""

import asyncio
import logging
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from device.adapters.card_nfcpy import NfcSlot
from device.adapters.card_nfcpy_link import offered_rates
from device.card import visit
from device.card.apdu import Dialog
from device.card.errors import OtherCardError
from device.card.long_reads import EXTENDED
from device.card.signer import check_signer
from device.ports import CardLostError, PartError
from device.simulated.card.contents import CardContents
from device.simulated.card.issue import Holder, Issuer
from device.simulated.card.situations import SITUATIONS, situation_card

if TYPE_CHECKING:
    from tests.device.card.contract.conftest import Emulator

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
PIN = b"2468"


def sign() -> Dialog[bytes]:
    return visit.sign_with_pin(bytearray(PIN), bytes(32))


@pytest.mark.parametrize("fault", ["drop", "deaf"])
async def test_two_lost_frames_are_repeated(emulator: "Emulator", fault: str) -> None:
    emulator.ask(put="one")
    async with NfcSlot.open(emulator.path) as slot:
        await slot.wait_for_card()
        emulator.ask(fault={fault: 2})
        assert (await slot.perform(visit.identify())).tries_left == 3


async def test_a_card_may_ask_for_more_time(emulator: "Emulator") -> None:
    emulator.ask(put="one")
    async with NfcSlot.open(emulator.path) as slot:
        await slot.wait_for_card()
        emulator.ask(fault={"wtx": 5})
        assert len(await slot.perform(sign())) == 256


async def test_a_slow_card_is_waited_for(emulator: "Emulator") -> None:
    emulator.ask(put="one")
    async with NfcSlot.open(emulator.path) as slot:
        await slot.wait_for_card()
        emulator.ask(fault={"slow_s": 0.05})
        assert len(await slot.perform(sign())) == 256


@pytest.mark.parametrize("preset", ["slow", "shaky"])
async def test_a_card_that_is_hard_to_read_is_read(
    emulator: "Emulator", preset: str
) -> None:
    emulator.ask(preset=preset)
    emulator.ask(put="one")
    async with NfcSlot.open(emulator.path) as slot:
        await slot.wait_for_card()
        assert (await slot.perform(visit.identify())).tries_left == 3
        assert len(await slot.perform(sign())) == 256


@pytest.mark.parametrize("preset", ["deaf", "torn"])
async def test_a_card_that_cannot_be_read_is_lost_each_time_it_is_put(
    emulator: "Emulator", preset: str
) -> None:
    emulator.ask(preset=preset)
    async with NfcSlot.open(emulator.path) as slot:
        for card in ("one", "other"):
            emulator.ask(put=card)
            await slot.wait_for_card()
            with pytest.raises(CardLostError):
                await slot.perform(visit.identify())
            emulator.ask(take=True)
            await slot.wait_for_removal()


async def test_a_card_that_falls_silent_is_lost_and_counts_until_taken(
    emulator: "Emulator",
) -> None:
    emulator.ask(put="one")
    async with NfcSlot.open(emulator.path) as slot:
        await slot.wait_for_card()
        emulator.ask(fault={"deaf": 1000})
        started = time.perf_counter()
        with pytest.raises(CardLostError):
            await slot.perform(visit.identify())
        assert time.perf_counter() - started < 2
        emulator.ask(fault={"deaf": 0})
        # It still lies there: nothing was removed, and it is not spoken to again.
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(slot.wait_for_removal(), 0.8)
        with pytest.raises(CardLostError):
            await slot.perform(visit.identify())


async def test_no_pin_reaches_a_log_at_any_level(
    emulator: "Emulator", caplog: pytest.LogCaptureFixture
) -> None:
    emulator.ask(put="one")
    caplog.set_level(1)
    async with NfcSlot.open(emulator.path) as slot:
        await slot.wait_for_card()
        await slot.perform(sign())
    said = " ".join(record.getMessage() for record in caplog.records)
    assert PIN.hex() not in said
    assert logging.getLogger("nfc.tag.tt4").getEffectiveLevel() > logging.DEBUG


async def test_the_slot_can_be_closed_twice_and_not_used_after(
    emulator: "Emulator",
) -> None:
    async with NfcSlot.open(emulator.path) as slot:
        assert slot.name == f"nfcpy {emulator.path}"
    await slot.close()
    with pytest.raises(RuntimeError):
        await slot.wait_for_card()


async def test_a_reader_that_is_not_there_is_a_part_error() -> None:
    with pytest.raises(PartError) as missing:
        async with NfcSlot.open("usb:ffff:ffff"):
            pass
    assert missing.value.code == "D704"


async def test_an_unplugged_reader_is_no_empty_field_and_is_opened_again(
    emulator: "Emulator",
) -> None:
    emulator.ask(put="one")
    async with NfcSlot.open(emulator.path) as slot:
        for waiting in (slot.wait_for_card, slot.wait_for_removal):
            assert slot._frontend is not None
            slot._frontend.close()
            with pytest.raises(PartError) as lost:
                await waiting()
            assert lost.value.code == "D704"
            await slot.wait_for_card()
            assert (await slot.perform(visit.identify())).tries_left == 3


@pytest.mark.parametrize(
    "fault",
    [
        {"drop_every": 3, "fwi": 8},
        {"wtx": 1000, "wtx_in_chain": 1000},
        {"fwi": 0},
        {"fwi": 14},
        {"slow_s": 0.27},
    ],
)
async def test_a_card_that_is_hard_to_hear_is_read_and_signs(
    emulator: "Emulator", fault: dict[str, float]
) -> None:
    emulator.ask(fault=fault)
    emulator.ask(put="one")
    async with NfcSlot.open(emulator.path) as slot:
        await asyncio.wait_for(slot.wait_for_card(), 5)
        assert (await slot.perform(visit.identify())).tries_left == 3
        assert len(await slot.perform(sign())) == 256


@pytest.mark.parametrize("rate", [106, 212, 424])
async def test_a_card_is_spoken_to_at_the_rate_that_was_asked_for(
    emulator: "Emulator", rate: Literal[106, 212, 424]
) -> None:
    emulator.ask(put="one")
    async with NfcSlot.open(emulator.path, rate) as slot:
        assert slot.rate is None
        await slot.wait_for_card()
        assert slot.rate == rate
        assert (await slot.perform(visit.identify())).tries_left == 3


def test_what_a_card_offers_is_read_from_its_atqb() -> None:
    atqb = bytearray(bytes.fromhex("5001020304004b51ffb381d1"))
    assert offered_rates(bytes(atqb)) == (106, 212, 424)
    for offer, rates in ((0x00, (106,)), (0x91, (106, 212)), (0xBB, (106,))):
        atqb[9] = offer
        assert offered_rates(bytes(atqb)) == rates


async def test_a_card_that_is_not_heard_at_speed_is_read_slowly(
    emulator: "Emulator",
) -> None:
    emulator.ask(put="one")
    emulator.ask(fault={"deaf": 2})
    async with NfcSlot.open(emulator.path, 424) as slot:
        await slot.wait_for_card()
        assert slot.rate == 106
        assert (await slot.perform(visit.identify())).tries_left == 3
        emulator.ask(take=True)
        await slot.wait_for_removal()
        emulator.ask(put="one")
        await slot.wait_for_card()
        assert slot.rate == 424


async def test_a_long_answer_is_chained_and_may_be_hard_to_hear(
    emulator: "Emulator", contents: CardContents
) -> None:
    emulator.ask(fault={"wtx_in_chain": 2, "drop_every": 5, "fwi": 8})
    emulator.ask(put="one")
    async with NfcSlot.open(emulator.path, longest_read=EXTENDED) as slot:
        await slot.wait_for_card()
        found = await slot.perform(visit.identify())
        assert found.certificate == contents.certificate


async def test_a_photo_is_read_from_a_card_that_is_hard_to_hear(
    emulator: "Emulator", holder: Holder, issuer: Issuer
) -> None:
    emulator.ask(fault={"drop_every": 9, "wtx": 1000, "wtx_in_chain": 1000, "fwi": 8})
    emulator.ask(put="one")
    async with NfcSlot.open(emulator.path, longest_read=EXTENDED) as slot:
        await slot.wait_for_card()
        keys = [issuer.photo_key.public_key()]
        photo = visit.read_photo(holder.number_b, bytes(16), keys)
        assert (await slot.perform(photo)).jp2 == holder.photo


@pytest.fixture
def stranger(issuer: Issuer, tmp_path: Path) -> CardContents:
    """Another person's card; asked for before the emulator, it lies on its tray."""
    contents = situation_card(SITUATIONS[0], issuer, NOW)
    contents.save(tmp_path / "stranger.card")
    return contents


async def test_a_card_exchanged_between_steps_is_lost_and_its_signature_refused(
    stranger: CardContents, emulator: "Emulator"
) -> None:
    emulator.ask(put="one")
    async with NfcSlot.open(emulator.path) as slot:
        await slot.wait_for_card()
        first = await slot.perform(visit.identify())
        emulator.ask(put="stranger")
        signing = visit.sign_with_pin(bytearray(stranger.pin), bytes(32))
        with pytest.raises(CardLostError) as lost:
            await slot.perform(signing)
        assert lost.value.code == "C103"
        # Even who asked the new card by mistake would not take its signature.
        await slot.wait_for_card()
        signing = visit.sign_with_pin(bytearray(stranger.pin), bytes(32))
        signature = await slot.perform(signing)
        with pytest.raises(OtherCardError) as other:
            check_signer(first.certificate, bytes(32), signature)
        assert other.value.code == "C109"
