"""Half of what a card says on the air: lost or repeated, and never believed."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from device.adapters.card_nfcpy import NfcSlot
from device.card import visit
from device.ports import CardLostError
from device.simulated.card.tray import Tray
from device.simulated.card.udp import on_air
from device.simulated.card.virtual import VirtualCard
from tests.support.house_clinic import has_one_action
from tests.support.reader_bench import contents

Address = tuple[str, int]


class Cutter(asyncio.DatagramProtocol):
    """Between reader and card; keeps only the first part of what the card says."""

    def __init__(self, card: Address) -> None:
        self.cuts = 0
        self.kept = 0.5
        self._card = card
        self._reader: Address | None = None
        self._line: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        assert self._line is not None
        if addr != self._card:
            self._reader = addr
            self._line.sendto(data, self._card)
        elif self._reader is not None:
            if self.cuts:
                self.cuts -= 1
                rate, _, digits = data.partition(b" ")
                data = rate + b" " + digits[: int(len(digits) / 2 * self.kept) * 2]
            self._line.sendto(data, self._reader)


@asynccontextmanager
async def cut_air() -> AsyncIterator[tuple[Tray, Cutter, str]]:
    """A tray with one card, the cutter before it, and the reader's address."""
    tray = Tray({"one": VirtualCard(contents(), secrets.token_bytes)})
    loop = asyncio.get_running_loop()
    async with on_air(tray, 0) as port:
        line, cutter = await loop.create_datagram_endpoint(
            lambda: Cutter(("127.0.0.1", port)), local_addr=("127.0.0.1", 0)
        )
        try:
            host, at = line.get_extra_info("sockname")
            yield tray, cutter, f"udp:{host}:{at}"
        finally:
            line.close()


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.5, 0.97])
async def test_a_card_that_is_cut_short_is_lost_and_the_next_visit_works(
    kept: float,
) -> None:
    async with cut_air() as (tray, cutter, path), NfcSlot.open(path) as slot:
        tray.put("one")
        await slot.wait_for_card()
        cutter.cuts, cutter.kept = 100_000, kept
        with pytest.raises(CardLostError) as lost:
            await slot.perform(visit.identify())
        assert lost.value.code == "C103"
        has_one_action("C103")
        cutter.cuts = 0
        tray.take()
        await asyncio.wait_for(slot.wait_for_removal(), 5)
        tray.put("one")
        await asyncio.wait_for(slot.wait_for_card(), 5)
        assert (await slot.perform(visit.identify())).tries_left == 3


async def test_a_frame_cut_once_costs_at_most_this_dialog() -> None:
    """Repeated by the protocol, or lost; the certificate is whole or there is none."""
    whole = contents().certificate
    async with cut_air() as (tray, cutter, path), NfcSlot.open(path) as slot:
        for kept in (0.2, 0.5, 0.9):
            tray.put("one")
            await asyncio.wait_for(slot.wait_for_card(), 5)
            cutter.cuts, cutter.kept = 1, kept
            try:
                assert (await slot.perform(visit.identify())).certificate == whole
            except CardLostError:
                assert cutter.cuts == 0
            tray.take()
            await asyncio.wait_for(slot.wait_for_removal(), 5)
