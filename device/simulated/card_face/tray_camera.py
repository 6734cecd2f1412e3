"""The camera over a simulated tray: it sees the printed side of the card on it.

Every frame has noise of its own, and every opening a card laid down a little
differently. No picture is ever written to a disk.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np

from device.ports import Frame, PartError
from device.simulated.card_face.faces import CardFaces
from device.simulated.card_face.tray_scene import Light, Scene, exposed, still
from device.simulated.tray import SocketTray, TrayUnreachableError
from protocol.catalogue import Code


class TrayCamera:
    """Satisfies device.ports.Camera."""

    def __init__(self, tray: SocketTray, faces: CardFaces) -> None:
        self._tray = tray
        self._faces = faces
        self._openings = 0

    @asynccontextmanager
    async def watch(self) -> AsyncIterator["TrayView"]:
        self._openings += 1
        scene = laid_down(self._openings)
        view = TrayView(await self._seen(scene), scene)
        try:
            yield view
        finally:
            view.close()

    async def _seen(self, scene: Scene) -> Light:
        try:
            card = await self._tray.look()
        except TrayUnreachableError as error:
            raise PartError(Code.CAMERA_MISSING, "no tray to look at") from error
        face = None if card is None else await self._faces.picture(card)
        return await asyncio.to_thread(still, face, scene)


class TrayView:
    """Satisfies device.ports.FrameSource."""

    def __init__(self, lit: Light, scene: Scene) -> None:
        self._lit: Light | None = lit
        self._scene = scene
        self._given = 0

    async def frame(self) -> Frame:
        """RGB. Raises PartError F201 once this is closed."""
        if self._lit is None:
            raise PartError(Code.CAMERA_MISSING, "the camera is off")
        self._given += 1
        return await asyncio.to_thread(exposed, self._lit, self._scene, self._given)

    def close(self) -> None:
        self._lit = None


def laid_down(opening: int) -> Scene:
    """As a hand lays a card into a tray that guides it, the same for each number."""
    random = np.random.default_rng(opening)
    return Scene(
        turn=float(random.uniform(-4, 4)),
        blur=float(random.uniform(0.6, 1.2)),
        shade=float(random.uniform(0, 0.3)),
        shade_angle=float(random.uniform(0, 360)),
        x=float(random.uniform(-20, 20)),
        y=float(random.uniform(-20, 20)),
    )
