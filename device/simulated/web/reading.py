"""What somebody who looks can see: screen, camera, cards, visits, result files."""

import asyncio
import json
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import NoReturn

from aiohttp import web

from device.simulated.preview import Preview
from device.simulated.web import facts
from device.simulated.web.guard import BadInputError
from device.simulated.world import World

NOTICE_S = 0.25
"""How often to look for what rings no bell: the camera's switch, files, visits."""
KEEP_ALIVE_S = 15.0
LONGEST_FILE = 256 * 1024
KINDS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


STATIC = Path(str(resources.files("device.simulated.web"))) / "static"
FILES = tuple(
    file.relative_to(STATIC).as_posix()
    for file in sorted(STATIC.rglob("*"))
    if file.suffix in KINDS
)
"""The page's own: what lies in the folder, and nothing else."""


class Reading:
    def __init__(self, world: World, preview: Preview) -> None:
        self._world = world
        self._preview = preview
        self._static = {f"/{file.removeprefix('index.html')}": file for file in FILES}

    def routes(self) -> list[web.RouteDef]:
        return [
            *(web.get(path, self.static) for path in self._static),
            web.get("/state", self.state),
            web.get("/events", self.events),
            web.get("/screen.png", self.screen),
            web.get("/camera.jpg", self.camera),
            web.get("/personas", self.personas),
            web.get("/card-face/{persona}.png", self.card_face),
            web.get("/shots", self.shots),
            web.get("/visits", self.visits),
            web.get("/facility", self.facility),
            web.get("/facility/{name}", self.file),
        ]

    async def static(self, request: web.Request) -> web.Response:
        file = self._static[request.path]
        text = await asyncio.to_thread((STATIC / file).read_text, "utf-8")
        kind = KINDS[Path(file).suffix]
        return web.Response(text=text, content_type=kind, charset="utf-8")

    async def state(self, request: web.Request) -> web.Response:
        return web.json_response(facts.state(self._world))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the state at once, and again whenever it differs."""
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        # A page that was closed is no fault.
        with suppress(ConnectionResetError):
            await self._tell(stream)
        return stream

    async def _tell(self, stream: web.StreamResponse) -> NoReturn:
        told, quiet = "", 0.0
        while True:
            now = json.dumps(facts.state(self._world))
            if now != told:
                await stream.write(f"data: {now}\n\n".encode())
                told, quiet = now, 0.0
            elif quiet >= KEEP_ALIVE_S:
                await stream.write(b":\n\n")
                quiet = 0.0
            quiet += await self._something()

    async def _something(self) -> float:
        """Until the bell rings or it is time to look; seconds that passed at most."""
        try:
            async with asyncio.timeout(NOTICE_S):
                await self._world.changes.wait()
        except TimeoutError:
            return NOTICE_S
        return 0.0

    async def screen(self, request: web.Request) -> web.StreamResponse:
        """The picture on the screen now, or an earlier one by its number."""
        wanted = request.query.get("seq")
        shot = self._world.panel.shot
        if wanted is None or (shot is not None and wanted == str(shot.seq)):
            return web.Response(body=self._world.panel.png, content_type="image/png")
        for earlier in self._world.panel.shots:
            if str(earlier.seq) == wanted and earlier.path is not None:
                return web.FileResponse(earlier.path)
        raise web.HTTPNotFound(reason="no such screen was shown")

    async def camera(self, request: web.Request) -> web.Response:
        picture = await self._preview.jpeg()
        if picture is None:
            raise web.HTTPNotFound(reason="your own picture; the camera is off")
        return web.Response(body=picture, content_type="image/jpeg")

    async def personas(self, request: web.Request) -> web.Response:
        return web.json_response([facts.persona(p) for p in self._world.personas])

    async def card_face(self, request: web.Request) -> web.Response:
        """The printed side of a fictitious card."""
        drawn = self._world.card_face
        picture = await drawn(request.match_info["persona"]) if drawn else None
        if picture is None:
            raise web.HTTPNotFound(reason="no such card on this tray")
        return web.Response(body=picture, content_type="image/png")

    async def shots(self, request: web.Request) -> web.Response:
        return web.json_response([facts.shot(s) for s in self._world.panel.shots])

    async def visits(self, request: web.Request) -> web.Response:
        return web.json_response([facts.visit(v) for v in self._world.visits.facts()])

    async def facility(self, request: web.Request) -> web.Response:
        return web.json_response(facts.files(self._world))

    async def file(self, request: web.Request) -> web.Response:
        """One result file as text; only names that the listing holds."""
        name = request.match_info["name"]
        known = {
            str(row["name"]): int(row["bytes"]) for row in facts.files(self._world)
        }
        if self._world.facility is None or name not in known:
            raise web.HTTPNotFound(reason="no such result file")
        if known[name] > LONGEST_FILE:
            raise BadInputError("that file is too large to show")
        raw = await asyncio.to_thread((self._world.facility / name).read_bytes)
        return web.Response(text=_decoded(raw), content_type="text/plain")


def _decoded(raw: bytes) -> str:
    """Result files are Shift_JIS or UTF-8, by the facility's setting."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp932", "replace")
