"""What is heard: the recording that is being said, and the headphones' plug."""

from aiohttp import hdrs, web
from pydantic import StrictBool

from device.simulated.voice import SimulatedVoice
from device.simulated.web.bodies import Body, body


class HeadphonesBody(Body):
    plugged: StrictBool


class SpokenGuidance:
    def __init__(self, voice: SimulatedVoice) -> None:
        self._voice = voice

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/headphones", self.headphones),
            web.get("/voice/{lang}/{name}.wav", self.recording),
        ]

    async def headphones(self, request: web.Request) -> web.Response:
        wanted = await body(request, HeadphonesBody)
        self._voice.headphones.plug(inside=wanted.plugged)
        return web.json_response({"headphones": wanted.plugged})

    async def recording(self, request: web.Request) -> web.FileResponse:
        named = request.match_info
        file = self._voice.recording(named["lang"], named["name"])
        if file is None:
            raise web.HTTPNotFound(reason="no such recording")
        return web.FileResponse(file, headers={hdrs.CONTENT_TYPE: "audio/wav"})
