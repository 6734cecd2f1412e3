"""Answers on the air that are no frames: noise, never an error of its own."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from device.adapters.card_nfcpy import NfcSlot
from device.card import visit
from device.ports import CardLostError
from device.simulated.card.contents import CardContents
from device.simulated.card.faults import Faults
from device.simulated.card.tray import Tray
from device.simulated.card.udp import LOOPBACK, Address, Air
from device.simulated.card.virtual import VirtualCard

BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "half a byte": lambda datagram: datagram[:-1],
    "no byte": lambda datagram: datagram[:5],
    "no hex": lambda datagram: datagram[:-2] + b"zz",
    "no ASCII": lambda datagram: b"\xff" + datagram,
    "nothing": lambda datagram: b"",
}


class BrokenAir(Air):
    """Answers from `first` on, `count` of them, go out broken."""

    def __init__(self, tray: Tray) -> None:
        super().__init__(tray)
        self.broken: Callable[[bytes], bytes] = bytes
        self.first, self.count = 0, 0

    def _send(self, datagram: bytes, addr: Address) -> None:
        if self.first:
            self.first -= 1
        elif self.count:
            self.count -= 1
            datagram = self.broken(datagram)
        super()._send(datagram, addr)


@asynccontextmanager
async def noisy(contents: CardContents) -> AsyncIterator[tuple[BrokenAir, NfcSlot]]:
    card = VirtualCard(contents, secrets.token_bytes)
    tray = Tray({"mine": card}, Faults(fwi=4))
    loop = asyncio.get_running_loop()
    transport, air = await loop.create_datagram_endpoint(
        lambda: BrokenAir(tray), local_addr=(LOOPBACK, 0)
    )
    tray.put("mine")
    port = transport.get_extra_info("sockname")[1]
    try:
        async with NfcSlot.open(f"udp:{LOOPBACK}:{port}") as slot:
            yield air, slot
    finally:
        transport.close()


@pytest.mark.parametrize("how", BROKEN)
async def test_a_card_that_says_nothing_but_noise_is_lost_and_then_found_again(
    contents: CardContents, how: str
) -> None:
    async with noisy(contents) as (air, slot):
        await slot.wait_for_card()
        air.broken, air.count = BROKEN[how], 10_000
        with pytest.raises(CardLostError) as lost:
            await asyncio.wait_for(slot.perform(visit.identify()), 10)
        assert lost.value.code == "C103"
        # Nothing that can be understood is no card.
        await asyncio.wait_for(slot.wait_for_removal(), 5)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(slot.wait_for_card(), 0.4)
        air.count = 0
        await asyncio.wait_for(slot.wait_for_card(), 5)
        assert (await slot.perform(visit.identify())).tries_left == 3


async def test_one_frame_of_half_a_byte_is_asked_for_again_wherever_it_comes(
    contents: CardContents,
) -> None:
    async with noisy(contents) as (air, slot):
        for first in range(6):
            air.broken, air.first, air.count = BROKEN["half a byte"], first, 1
            await asyncio.wait_for(slot.wait_for_card(), 5)
            signing = visit.sign_with_pin(bytearray(b"2468"), bytes(32))
            assert len(await slot.perform(signing)) == 256
            assert air.count == 0


async def test_a_stranger_on_the_port_is_not_the_card(contents: CardContents) -> None:
    async with noisy(contents) as (_, slot):
        await slot.wait_for_card()
        assert slot._frontend is not None
        at = slot._frontend.device.socket.getsockname()[1]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for block in (b"106B 026a82", b"424B 026a82", b"424B 036a82"):
                stranger.sendto(block, (LOOPBACK, at))
        assert (await slot.perform(visit.identify())).tries_left == 3
