"""A card with the visitor's own photograph: shown first, printed when they agree."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web

from device.simulated.guest.desk import GuestDesk
from device.simulated.guest.portrait import PortraitError
from device.simulated.picture import MOST_BYTES, PictureError
from device.simulated.web import facts
from device.simulated.web.guard import BadInputError
from device.simulated.web.pictures import picture_of
from device.simulated.web.webcam import Webcam
from device.simulated.world import World

T = TypeVar("T")

WAITING = "put_card_back"
"""The screen while a visit that was broken off may go on with the same card."""


class GuestCard:
    def __init__(self, world: World, guest: GuestDesk, webcam: Webcam) -> None:
        self._world = world
        self._guest = guest
        self._webcam = webcam

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/guest", self.person),
            web.post("/guest/proof", self.proof),
            web.post("/guest", self.print),
            web.delete("/guest", self.forget),
        ]

    async def person(self, request: web.Request) -> web.Response:
        """Whose papers the card will have, and the number of its printing."""
        who = facts.persona(self._guest.person)
        return web.json_response(who | {"printed": self._guest.printed})

    async def proof(self, request: web.Request) -> web.Response:
        """What the card's photo would be; nothing is kept."""
        photo = await self._made(request, self._guest.proof)
        return web.Response(body=photo, content_type="image/png")

    async def print(self, request: web.Request) -> web.Response:
        self._between_visits()
        await self._made(request, self._guest.print)
        return web.json_response({"printed": self._guest.printed})

    async def forget(self, request: web.Request) -> web.Response:
        """Neither card nor picture of the visitor is held any more."""
        self._webcam.ended()
        if self._world.own_picture:
            self._world.camera.use_picture(None)
            self._world.camera.stand(None)
            self._world.own_picture = False
        await self._guest.forget()
        return web.json_response({"printed": self._guest.printed})

    async def forgotten(self, app: web.Application) -> None:
        """At the start and at the end of a run, whatever a tray still holds."""
        await self._guest.close()

    def _between_visits(self) -> None:
        """Every printing is the same card to the reader, which lets a visit go on.

        Another face on it must not find the visit of the one before.
        """
        if self._world.tray.card == self._guest.person.id:
            raise BadInputError(
                "先に、リーダーからカードを取ってください。"
                " / Please take your card from the reader first."
            )
        shot = self._world.panel.shot
        if shot is not None and shot.view == WAITING:
            raise BadInputError(
                "リーダーが前の受付の続きを待っています。最初の画面に戻ってからどうぞ。"
                " / The reader waits for an earlier visit to go on:"
                " please try again when it shows its first screen."
            )

    async def _made(
        self, request: web.Request, make: Callable[[bytes], Awaitable[T]]
    ) -> T:
        try:
            return await make(await picture_of(request, MOST_BYTES))
        except (PictureError, PortraitError) as error:
            raise BadInputError(str(error)) from None
