"""A card that leaves in the middle, at every command, for each kind of card slot.

Only the hands differ: what is asked of the slot is in the test.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from typing import Protocol

from device.adapters.card_nfcpy import NfcSlot
from device.ports import CardSlot
from device.simulated.card.contents import CardContents
from device.simulated.card.direct import DirectSlot
from device.simulated.card.faults import Faults
from device.simulated.card.tray import Tray
from device.simulated.card.udp import on_air
from device.simulated.card.virtual import VirtualCard
from tests.support.pcsc_stand import READER, PcscStand, wait_until

QUICK_FWI = 4
"""4.8 ms: how long the reader waits for a card that is gone follows from it."""


class Hands(Protocol):
    """One slot and one card, whose counters live as long as this object."""

    @property
    def slot(self) -> CardSlot: ...

    async def put(self) -> None: ...

    def leave_after(self, commands: int, *, done: bool) -> None:
        """With `done` the card still does the next command; its answer is lost."""

    async def take(self) -> None: ...


class LeavingChip:
    def __init__(self, card: VirtualCard, leave: Callable[[], None]) -> None:
        self._card = card
        self._leave = leave
        self.left: int | None = None
        self.done = False

    def transmit(self, raw: bytes) -> bytes:
        if self.left == 0:
            self.left = None
            answer = self._card.transmit(raw) if self.done else b"\x6f\x00"
            self._leave()
            return answer
        if self.left is not None:
            self.left -= 1
        return self._card.transmit(raw)

    def reset(self) -> None:
        self._card.reset()

    def random(self, size: int) -> bytes:
        return self._card.random(size)


class DirectHands:
    def __init__(self, contents: CardContents) -> None:
        self.slot = DirectSlot()
        self._card = VirtualCard(contents, secrets.token_bytes)

    async def put(self) -> None:
        await self.slot.put(self._card)

    def leave_after(self, commands: int, *, done: bool) -> None:
        self.slot.tear_after(commands, answered=not done)

    async def take(self) -> None:
        await self.slot.take()


class AirHands:
    """The card answers in the test's own loop; the slot asks from its own thread."""

    def __init__(self, contents: CardContents) -> None:
        card = VirtualCard(contents, secrets.token_bytes)
        self._chip = LeavingChip(card, self._leave)
        self.tray = Tray({"mine": self._chip}, Faults(fwi=QUICK_FWI))
        self.slot: CardSlot = DirectSlot()

    async def put(self) -> None:
        self.tray.put("mine")

    def leave_after(self, commands: int, *, done: bool) -> None:
        self._chip.left, self._chip.done = commands, done

    async def take(self) -> None:
        self.tray.take()

    def _leave(self) -> None:
        self.tray.faults.drop = 1
        self.tray.take()


class PcscHands:
    def __init__(
        self, contents: CardContents, stand: PcscStand, slot: CardSlot
    ) -> None:
        card = VirtualCard(contents, secrets.token_bytes)
        self._chip = LeavingChip(card, self._leave)
        self.slot = slot
        self._stand = stand
        self._in = ExitStack()

    async def put(self) -> None:
        await self.take()
        self._in.enter_context(self._stand.inserted(self._chip))

    def leave_after(self, commands: int, *, done: bool) -> None:
        self._chip.left, self._chip.done = commands, done

    async def take(self) -> None:
        await asyncio.to_thread(self._in.close)

    def _leave(self) -> None:
        raise ConnectionAbortedError("the card was taken away")


@asynccontextmanager
async def on_the_air(contents: CardContents) -> AsyncIterator[AirHands]:
    hands = AirHands(contents)
    async with (
        on_air(hands.tray, 0) as port,
        NfcSlot.open(f"udp:127.0.0.1:{port}") as (slot),
    ):
        hands.slot = slot
        yield hands


@asynccontextmanager
async def in_pcsc(contents: CardContents, stand: PcscStand) -> AsyncIterator[PcscHands]:
    from device.adapters.card_pcsc import PcscSlot

    async with PcscSlot.open(READER, virtual=True) as slot:
        hands = PcscHands(contents, stand, slot)
        try:
            yield hands
        finally:
            await hands.take()
            # Powered down before it has looked, pcscd would miss the next card.
            await asyncio.to_thread(wait_until, lambda: not stand.occupied())
