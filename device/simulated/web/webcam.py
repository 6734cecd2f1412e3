"""A visitor before their own webcam: the newest picture stands there, and then nobody.

The browser sends pictures one by one. When no more come, the last one is dropped: a
page that was closed leaves no face behind.
"""

import asyncio

from aiohttp import web

from device.simulated.picture import PictureError
from device.simulated.web.guard import BadInputError
from device.simulated.web.pictures import picture_of
from device.simulated.world import World

MOST_BYTES = 512 * 1024
"""A 640 x 480 JPEG has about 50 kB."""
GONE_S = 2.5
"""Without a new picture for so long, nobody stands there any more."""


class Webcam:
    def __init__(self, world: World, gone_s: float = GONE_S) -> None:
        self._world = world
        self._gone_s = gone_s
        self._end: asyncio.TimerHandle | None = None
        self._decoding = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/webcam", self.frame), web.delete("/webcam", self.leave)]

    @property
    def live(self) -> bool:
        return self._end is not None

    async def frame(self, request: web.Request) -> web.Response:
        """The next picture; the answer says whether the reader looks just now."""
        data = await picture_of(request, MOST_BYTES)
        async with self._decoding:
            try:
                await asyncio.to_thread(self._world.camera.use_picture, data)
            except PictureError as error:
                raise BadInputError(str(error)) from None
        self._seen()
        return web.json_response({"camera_on": self._world.camera.is_on})

    async def leave(self, request: web.Request) -> web.Response:
        self.gone()
        return web.json_response({})

    def ended(self) -> None:
        """Somebody or something else stands there now."""
        if self._end is not None:
            self._end.cancel()
            self._end = None

    def gone(self) -> None:
        """The visitor stepped aside: nobody stands there. No visitor: no change."""
        if self._end is None:
            return
        self.ended()
        self._world.camera.use_picture(None)
        self._world.camera.stand(None)
        self._world.own_picture = False
        self._world.changes.ring()

    async def close(self, app: web.Application) -> None:
        self.gone()

    def _seen(self) -> None:
        began = self._end is None
        self.ended()
        loop = asyncio.get_running_loop()
        self._end = loop.call_later(self._gone_s, self.gone)
        self._world.own_picture = True
        if began:
            self._world.changes.ring()
