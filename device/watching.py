"""What a reader watches all the time: whether a card lies there, which keys go down.

A part that fails is noted once and asked again; it is back as soon as it answers.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from device.health import Health, Part
from device.part_codes import code_of
from device.ports import CardSlot, Keypad, PartError, VoiceKey
from device.session.events import CardGone, CardPut, Event, KeyPressed
from protocol.catalogue import Code

PART_AGAIN_S = 1.0
"""How soon a part that failed is asked again."""


@dataclass(slots=True, kw_only=True)
class Watching:
    slot: CardSlot
    keypad: Keypad
    health: Health
    happened: Callable[[Event], None]
    voice_key: Callable[[VoiceKey], None]

    async def card(self) -> None:
        """Until cancelled: the one task that says whether a card lies there."""
        while True:
            try:
                await self.slot.wait_for_card()
                self.health.back(Part.CARD)
                self.happened(CardPut())
                await self._removal()
            except PartError as error:
                self.health.lost(Part.CARD, code_of(error, Code.SELFTEST_FAILED))
                await asyncio.sleep(PART_AGAIN_S)

    async def _removal(self) -> None:
        try:
            await self.slot.wait_for_removal()
        finally:
            # A slot that cannot see the card any more has no card.
            self.happened(CardGone())

    async def keys(self) -> None:
        """Until cancelled. Keys of the voice are no event of the visit."""
        while True:
            try:
                key = await self.keypad.key()
            except PartError as error:
                self.health.lost(Part.KEYPAD, code_of(error, Code.SELFTEST_FAILED))
                await asyncio.sleep(PART_AGAIN_S)
                continue
            self.health.back(Part.KEYPAD)
            if isinstance(key, VoiceKey):
                self.voice_key(key)
            else:
                self.happened(KeyPressed(key))
