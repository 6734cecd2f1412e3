"""Who stands before the reader, as a small JPEG, also while its camera is off.

This is the simulator's own view from the side; it never opens the reader's camera.
"""

import asyncio
import io
from collections.abc import Mapping
from dataclasses import replace

from PIL import Image

from device.ports import Frame
from device.simulated.heads import Scene, render, render_empty
from device.simulated.heads.cache import HeadCache
from device.simulated.persona import Persona
from device.simulated.world import Stage, World

SMALL = (320, 240)


class Preview:
    """Remembers the last picture: nothing is drawn again while nobody moves."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._people = {persona.id: persona for persona in world.personas}
        self._drawing = asyncio.Lock()
        self._last: tuple[tuple[str | None, Scene], bytes] | None = None

    async def jpeg(self) -> bytes | None:
        """None: a picture of one's own is in use, and the camera is off."""
        camera = self._world.camera
        if camera.is_on and camera.last_frame is not None:
            return await asyncio.to_thread(_encoded, camera.last_frame.copy())
        return None if self._world.own_picture else await self._drawn(camera)

    async def _drawn(self, camera: Stage) -> bytes:
        async with self._drawing:
            key = camera.standing, camera.scene
            if self._last is None or self._last[0] != key:
                picture = await asyncio.to_thread(
                    _seen, camera.heads, self._people, key
                )
                self._last = key, picture
            return self._last[1]


def _seen(
    heads: HeadCache, people: Mapping[str, Persona], key: tuple[str | None, Scene]
) -> bytes:
    standing, scene = key
    small = replace(scene, width=SMALL[0], height=SMALL[1])
    who = people.get(standing or "")
    if who is None:
        return _encoded(render_empty(small))
    return _encoded(render(heads.head(who.id, who.head), small))


def _encoded(frame: Frame) -> bytes:
    file = io.BytesIO()
    picture = Image.fromarray(frame)
    picture.thumbnail((SMALL[0] * 2, SMALL[1] * 2))
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()
