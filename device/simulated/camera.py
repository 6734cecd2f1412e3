"""A camera that sees rendered people, or pictures that somebody hands it.

Driving side: who stands there and how, the lamp, what hides the face, or a picture
instead. Recording side: whether it is on, how many frames it gave, and the last one
for the simulator's preview. No picture is ever written to a disk.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from device.ports import Frame, PartError
from device.simulated.heads import Light, Occluder, Scene, render, render_empty
from device.simulated.heads.cache import HeadCache
from device.simulated.heads.features import features
from device.simulated.persona import Persona, everybody
from device.simulated.picture import decoded

Parameters = Mapping[str, Any]

_SWAY_DEGREES = 2.0
_SWAY_CM = 0.4
_OFF = "F201"

BOUNDS = {
    "yaw": (-80.0, 80.0),
    "pitch": (-45.0, 45.0),
    "roll": (-45.0, 45.0),
    "distance_cm": (20.0, 300.0),
    "x": (-60.0, 60.0),
    "y": (-60.0, 60.0),
    "blink": (0.0, 1.0),
    "mouth": (0.0, 1.0),
    "smile": (0.0, 1.0),
    "blur": (0.0, 10.0),
    "exposure": (0.02, 8.0),
}
"""What `pose` takes, and how far it goes; units as in heads.Scene."""


@dataclass(frozen=True, slots=True)
class _Stand:
    """What the lens sees from now on; replaced whole, so a frame is never half."""

    scene: Scene
    key: str | None = None
    """Names the head in the cache; None: nobody."""
    parameters: Parameters | None = None
    picture: Frame | None = None


class SimulatedCamera:
    """Satisfies device.ports.Camera. Rendering runs in one thread of its own."""

    def __init__(
        self,
        width: int = 640,
        height: int = 480,
        pause_s: float = 0.03,
        heads: HeadCache | None = None,
    ) -> None:
        """`pause_s` is slept before each frame, as a real camera waits for light."""
        self._stand = _Stand(Scene(width=width, height=height))
        self._pause_s = pause_s
        self._known = {persona.id: persona for persona in everybody()}
        self.heads = heads or HeadCache()
        """Whoever draws the same people elsewhere need not build them again."""
        self._worker: ThreadPoolExecutor | None = None
        self._watching = 0
        self.frames_given = 0
        self.last_frame: Frame | None = None
        """The newest frame, for the preview; forgotten when the camera goes off."""

    # -- driving -----------------------------------------------------------------

    def stand(self, who: str | Persona | Parameters | None) -> None:
        """Somebody steps before the camera, upright and unhidden; None: nobody.

        `who` is a persona, its id, or the parameters of a head; the lamp stays.
        Raises KeyError for an unknown id, HeadError for what describes no head.
        """
        was = self._stand.scene
        scene = Scene(width=was.width, height=was.height, light=was.light)
        if who is None:
            self._stand = _Stand(scene)
        else:
            self._stand = _Stand(scene, *self._identified(who))

    def pose(self, **changes: float) -> None:
        """Move whoever stands there; what is not named stays.

        Names and bounds: BOUNDS; values beyond are brought back to the bound.
        Raises TypeError for another name.
        """
        if unknown := changes.keys() - BOUNDS.keys():
            raise TypeError(f"no such pose: {', '.join(sorted(unknown))}")
        kept: dict[str, Any] = {
            name: float(np.clip(value, *BOUNDS[name]))
            for name, value in changes.items()
        }
        self._see(replace(self._stand.scene, **kept))

    @property
    def scene(self) -> Scene:
        """As last driven, before the small motion of a living person."""
        return self._stand.scene

    @property
    def light(self) -> Light:
        return self._stand.scene.light

    @light.setter
    def light(self, light: str) -> None:
        self._see(replace(self._stand.scene, light=Light(light)))

    @property
    def occluder(self) -> Occluder | None:
        return self._stand.scene.occluder

    @occluder.setter
    def occluder(self, occluder: str | None) -> None:
        chosen = None if occluder is None else Occluder(occluder)
        self._see(replace(self._stand.scene, occluder=chosen))

    def use_picture(self, data: bytes | None) -> None:
        """Show this picture file instead of a head; None: the head again.

        Raises PictureError for anything that is not a picture of bounded size.
        """
        picture = None if data is None else decoded(data, self._stand.scene.size)
        self._stand = replace(self._stand, picture=picture)

    async def prepare(self, who: str | Persona | Parameters) -> None:
        """Build a head ahead of its visit, so that the first frame is quick."""
        await asyncio.to_thread(self.heads.head, *self._identified(who))

    # -- recording ---------------------------------------------------------------

    @property
    def is_on(self) -> bool:
        return self._watching > 0

    @property
    def standing(self) -> str | None:
        """The id of the persona who stands there, or a name for other heads."""
        return self._stand.key

    # -- device.ports.Camera -----------------------------------------------------

    @asynccontextmanager
    async def watch(self) -> AsyncIterator["Watch"]:
        self._watching += 1
        self._worker = self._worker or ThreadPoolExecutor(1, "camera")
        watch = Watch(self._frame)
        try:
            yield watch
        finally:
            watch.close()
            self._watching -= 1
            if not self.is_on:
                self._worker.shutdown(wait=False)
                self._worker = None
                self._forget()

    async def _frame(self) -> Frame:
        await asyncio.sleep(self._pause_s)
        if self._worker is None:
            raise PartError(_OFF, "the camera is off")
        self.frames_given += 1
        loop = asyncio.get_running_loop()
        seen = loop.run_in_executor(
            self._worker, self._seen, self._stand, self.frames_given
        )
        frame = await seen
        if self.is_on:
            # Its own copy: whoever looks overwrites the frame.
            self._forget()
            self.last_frame = frame.copy()
        return frame

    def _forget(self) -> None:
        if self.last_frame is not None:
            self.last_frame.fill(0)
        self.last_frame = None

    def _seen(self, stand: _Stand, number: int) -> Frame:
        if stand.picture is not None:
            return stand.picture.copy()
        if stand.key is None or stand.parameters is None:
            return render_empty(replace(stand.scene, seed=number))
        head = self.heads.head(stand.key, stand.parameters)
        return render(head, swaying(stand.scene, number))

    def _identified(self, who: str | Persona | Parameters) -> tuple[str, Parameters]:
        if isinstance(who, str):
            who = self._known[who]
        if isinstance(who, Persona):
            return who.id, who.head
        return f"head {features(who).model_dump_json()}", dict(who)

    def _see(self, scene: Scene) -> None:
        self._stand = replace(self._stand, scene=scene)


class Watch:
    """One opening of the camera; satisfies device.ports.FrameSource."""

    def __init__(self, frame: Callable[[], Awaitable[Frame]]) -> None:
        self._frame = frame
        self._closed = False

    async def frame(self) -> Frame:
        """The next picture, RGB. Raises PartError F201 once this is closed."""
        if self._closed:
            raise PartError(_OFF, "the camera is off")
        return await self._frame()

    def close(self) -> None:
        self._closed = True


def swaying(scene: Scene, number: int) -> Scene:
    """The same stand as a living person holds it in frame `number`."""
    random = np.random.default_rng(number)
    yaw, pitch, roll = random.uniform(-_SWAY_DEGREES, _SWAY_DEGREES, 3)
    x, y = random.uniform(-_SWAY_CM, _SWAY_CM, 2)
    return replace(
        scene,
        yaw=scene.yaw + yaw,
        pitch=scene.pitch + pitch,
        roll=scene.roll + roll,
        x=scene.x + x,
        y=scene.y + y,
        seed=number,
    )
