"""What a patient does: put a card, press a key, stand there, hold up a picture."""

import asyncio

from aiohttp import web

from device.simulated.picture import MOST_BYTES, PictureError
from device.simulated.web.bodies import CardBody, KeyBody, PersonBody, body
from device.simulated.web.guard import BadInputError
from device.simulated.web.pictures import picture_of
from device.simulated.web.webcam import Webcam
from device.simulated.world import World


class Driving:
    def __init__(self, world: World, webcam: Webcam) -> None:
        self._world = world
        self._webcam = webcam
        self._ids = {persona.id for persona in world.personas}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/card", self.card),
            web.post("/key", self.key),
            web.post("/person", self.person),
            web.post("/picture", self.picture),
        ]

    async def card(self, request: web.Request) -> web.Response:
        wanted = await body(request, CardBody)
        if wanted.persona is None:
            await self._world.tray.take()
        else:
            if not self._is_guest(wanted.persona):
                self._known(wanted.persona)
            await self._world.tray.put(wanted.persona)
        self._world.changes.ring()
        return web.json_response({"card": self._world.tray.card})

    async def key(self, request: web.Request) -> web.Response:
        self._world.keypad.press((await body(request, KeyBody)).key)
        return web.json_response({})

    async def person(self, request: web.Request) -> web.Response:
        wanted = await body(request, PersonBody)
        if "persona" in wanted.model_fields_set:
            self._steps_in(wanted.persona)
        if wanted.persona is not None:
            # Whoever walks up is there: building a head is no part of a look.
            await self._world.camera.prepare(wanted.persona)
        self._moves(wanted)
        self._world.changes.ring()
        return web.json_response({"standing": self._world.camera.standing})

    async def picture(self, request: web.Request) -> web.Response:
        """A picture to stand there instead; it is decoded, used, and never kept."""
        data = await picture_of(request, MOST_BYTES)
        try:
            await asyncio.to_thread(self._world.camera.use_picture, data)
        except PictureError as error:
            raise BadInputError(str(error)) from None
        self._webcam.ended()
        self._world.own_picture = True
        self._world.changes.ring()
        return web.json_response({})

    def _steps_in(self, persona: str | None) -> None:
        if persona is not None:
            self._known(persona)
        self._webcam.ended()
        self._world.camera.use_picture(None)
        self._world.own_picture = False
        self._world.camera.stand(persona)

    def _moves(self, wanted: PersonBody) -> None:
        named = {
            "yaw": wanted.yaw,
            "pitch": wanted.pitch,
            "distance_cm": wanted.distance,
        }
        camera = self._world.camera
        camera.pose(**{name: v for name, v in named.items() if v is not None})
        if wanted.light is not None:
            camera.light = wanted.light
        if "occluder" in wanted.model_fields_set:
            camera.occluder = None if wanted.occluder == "none" else wanted.occluder

    def _known(self, persona: str) -> None:
        if persona not in self._ids:
            raise BadInputError("persona: see GET /personas for who is there")

    def _is_guest(self, card: str) -> bool:
        """Whether that card exists is the tray's to say."""
        guest = self._world.guest
        return guest is not None and card == guest.person.id
