"""The printed sides of the tray's cards as PNG, drawn in a thread.

A shipped patient's photo is rendered once and kept; a visitor's is asked for each time
and never kept here.
"""

import asyncio
import io
from collections.abc import Callable
from datetime import date

from PIL import Image

from device.simulated.card.persona_card import holder_of
from device.simulated.card_face.another import another_card
from device.simulated.card_face.specimen import Printed, specimen
from device.simulated.guest.desk import GuestDesk
from device.simulated.heads import Head
from device.simulated.heads.card import card_picture
from device.simulated.persona import Persona, everybody

STRANGE = "not-my-number-card"
"""The situation of a card with another face altogether."""


class CardFaces:
    """One face is drawn at a time: a head takes about a second."""

    def __init__(
        self, today: Callable[[], date], guest: GuestDesk | None = None
    ) -> None:
        """`today` in Japan: a persona's dates are relative to it."""
        self._today = today
        self._guest = guest
        self._people = {persona.id: persona for persona in everybody()}
        self._photos: dict[str, Image.Image] = {}
        self._drawing = asyncio.Lock()

    async def picture(self, persona_id: str) -> Image.Image | None:
        """RGB at 300 dpi; None for a card that is not ours."""
        if self._guest is not None and persona_id == self._guest.person.id:
            return await self._own(self._guest)
        persona = self._people.get(persona_id)
        if persona is None:
            return None
        async with self._drawing:
            return await asyncio.to_thread(self._drawn, persona)

    async def png(self, persona_id: str) -> bytes | None:
        picture = await self.picture(persona_id)
        return None if picture is None else await asyncio.to_thread(_png, picture)

    async def _own(self, guest: GuestDesk) -> Image.Image | None:
        if guest.photo is None:
            return None
        holder = holder_of(guest.person, b"", self._today())
        printed = Printed.of(holder, own_photo=True)
        return await asyncio.to_thread(specimen, printed, guest.photo)

    def _drawn(self, persona: Persona) -> Image.Image:
        if persona.situation == STRANGE:
            return another_card(persona.name)
        whose = persona.head_of or persona.id
        if whose not in self._photos:
            self._photos[whose] = card_picture(Head(persona.head))
        holder = holder_of(persona, b"", self._today())
        return specimen(Printed.of(holder), self._photos[whose])


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
