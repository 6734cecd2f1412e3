"""Our own dialogs over the same reader, driver and daemon as the foreign programs."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from device.adapters.card_pcsc import PcscSlot
from device.card import iso, jpki, visit
from device.card.apdu import Command, Dialog
from device.card.errors import CardRefusedError
from device.ports import CardLostError, PartError
from device.simulated.card.virtual import VirtualCard
from tests.support.pcsc_stand import READER, PcscStand, wait_until

if TYPE_CHECKING:
    from tests.device.opensc.conftest import Issued, Judge

MESSAGE = b"fictitious message to be signed"
PIN = b"2468"


@pytest.fixture
async def slot(card: VirtualCard) -> AsyncIterator[PcscSlot]:
    async with PcscSlot.open(READER, virtual=True) as slot:
        await slot.wait_for_card()
        yield slot


def sign(message: bytes = MESSAGE) -> Dialog[bytes]:
    return visit.sign_with_pin(bytearray(PIN), sha256(message).digest())


async def test_identify_and_the_photo(slot: PcscSlot, issued: "Issued") -> None:
    found = await slot.perform(visit.identify())
    assert (found.token, found.tries_left) == ("card", 3)
    assert found.certificate == issued.contents.certificate
    keys = [issued.issuer.photo_key.public_key()]
    number = issued.holder.number_b
    photo = visit.read_photo(number, secrets.token_bytes(16), keys)
    assert (await slot.perform(photo)).jp2 == issued.holder.photo


async def test_openssl_verifies_what_the_pin_signed(
    slot: PcscSlot, issued: "Issued", judge: "Judge"
) -> None:
    signature = judge.folder / "signature"
    signature.write_bytes(await slot.perform(sign()))
    assert judge.verified(issued.contents.certificate, MESSAGE, signature)


async def test_a_verified_pin_does_not_outlive_its_dialog(slot: PcscSlot) -> None:
    await slot.perform(sign())

    def once_more() -> Dialog[bytes]:
        yield from jpki.select()
        yield from iso.select_file(jpki.AUTH_KEY)
        return (yield from iso.compute_signature(bytes(51), jpki.SELECTED_KEY))

    with pytest.raises(CardRefusedError) as refused:
        await slot.perform(once_more())
    assert refused.value.sw == 0x6982


async def test_a_file_comes_whole_in_extended_form(
    slot: PcscSlot, issued: "Issued"
) -> None:
    def whole() -> Dialog[bytes]:
        yield from jpki.select()
        yield from iso.select_file(jpki.AUTH_CERTIFICATE)
        size = len(issued.contents.certificate)
        return (yield Command(0x00, 0xB0, le=size)).data

    assert len(issued.contents.certificate) > 256
    assert await slot.perform(whole()) == issued.contents.certificate


async def test_no_other_program_reaches_the_card_meanwhile(
    slot: PcscSlot, judge: "Judge"
) -> None:
    held = judge.run("opensc-tool", "-n")
    assert held.returncode != 0
    assert "jpki" not in held.stdout
    await slot.close()
    assert judge.says("opensc-tool", "-n").strip() == "jpki"


async def test_a_card_that_another_program_holds_is_said(
    card: VirtualCard, slot: PcscSlot
) -> None:
    async with PcscSlot.open(READER, virtual=True) as other:
        with pytest.raises(PartError) as held:
            await other.wait_for_card()
        assert held.value.code == "D704"
        assert "another program holds the card" in str(held.value)
        await slot.close()
        await other.wait_for_card()


async def test_it_can_be_closed_twice_and_not_used_after(
    pcsc_stand: PcscStand,
) -> None:
    async with PcscSlot.open(READER, virtual=True) as slot:
        assert slot.name == f"pcsc {READER}"
    await slot.close()
    with pytest.raises(RuntimeError):
        await slot.wait_for_card()


@pytest.mark.parametrize(
    ("part", "virtual", "reason"),
    [
        ("Virtual", True, f"several readers fit 'Virtual', name one of: {READER};"),
        ("S300", True, f"no PC/SC reader named like 'S300'; connected: {READER};"),
        (READER, False, f"no PC/SC reader named like '{READER}'; connected: {READER};"),
    ],
)
async def test_a_reader_is_found_by_its_name_or_all_are_listed(
    pcsc_stand: PcscStand, part: str, virtual: bool, reason: str
) -> None:
    with pytest.raises(PartError) as missing:
        async with PcscSlot.open(part, virtual=virtual):
            pass
    assert missing.value.code == "D704"
    assert reason in str(missing.value)


async def test_a_daemon_that_ends_is_a_lost_reader_and_is_found_again(
    issued: "Issued", pcsc_stand: PcscStand
) -> None:
    card = VirtualCard(issued.contents, secrets.token_bytes)
    async with PcscSlot.open(READER, virtual=True) as slot:
        with pcsc_stand.inserted(card):
            await slot.wait_for_card()
            pcsc_stand.stop()
            with pytest.raises(CardLostError):
                await slot.perform(visit.identify())
        for waiting in (slot.wait_for_card, slot.wait_for_removal):
            with pytest.raises(PartError) as lost:
                await waiting()
            assert lost.value.code == "D704"
        pcsc_stand.start()
        with pcsc_stand.inserted(card):
            await slot.wait_for_card()
            assert (await slot.perform(visit.identify())).tries_left == 3
        await asyncio.to_thread(wait_until, lambda: not pcsc_stand.occupied())
