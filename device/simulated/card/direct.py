"""The card slot without air or wire: a virtual card, and hands that move it."""

import asyncio
from typing import TypeVar

from device.card.apdu import Command, Dialog, Response
from device.card.dialog import run_async
from device.ports import CardLostError
from device.simulated.card.virtual import VirtualCard
from protocol.catalogue import Code

T = TypeVar("T")


class DirectSlot:
    """CardSlot. A card that was exchanged must be waited for again, as on the air."""

    name = "direct"

    def __init__(self) -> None:
        self.trace: list[Command] = []
        """Every command since the start; a Command never shows its data."""
        self._present: VirtualCard | None = None
        self._active: VirtualCard | None = None
        self._changed = asyncio.Condition()
        self._exclusive = asyncio.Lock()
        self._left: int | None = None
        self._lost_answer = False

    async def put(self, card: VirtualCard) -> None:
        card.reset()
        await self._change(card)

    async def take(self) -> None:
        await self._change(None)

    def tear_after(self, commands: int, *, answered: bool = True) -> None:
        """The card leaves after so many more commands.

        With `answered` False it still does what the next command says, and the
        answer is lost: the case in which nobody knows whether a try was spent.
        """
        self._left, self._lost_answer = commands, not answered

    async def wait_for_card(self) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self._present is not None)
            self._active = self._present

    async def wait_for_removal(self) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self._present is None)

    async def perform(self, dialog: Dialog[T]) -> T:
        async with self._exclusive:
            return await run_async(dialog, self._transmit)

    async def _transmit(self, command: Command) -> Response:
        # Every real transport lets others run here; a dialog must stay cancellable.
        await asyncio.sleep(0)
        card = self._active
        if card is None:
            raise CardLostError(Code.CARD_TORN)
        if self._left == 0:
            if self._lost_answer:
                self._record(card, command)
            self._left = None
            await self._change(None)
            raise CardLostError(Code.CARD_TORN)
        if self._left is not None:
            self._left -= 1
        return self._record(card, command)

    def _record(self, card: VirtualCard, command: Command) -> Response:
        self.trace.append(command)
        return Response.from_bytes(card.transmit(command.to_bytes()))

    async def _change(self, card: VirtualCard | None) -> None:
        async with self._changed:
            self._present, self._active = card, None
            self._changed.notify_all()
