"""Sets a case's scene in the world, and puts the world back."""

from typing import Protocol

from device.simulated.training.case import Scene
from device.simulated.web.webcam import Webcam
from device.simulated.world import World


class Switch(Protocol):
    """What is wrong on purpose, by one word: the line, or the card on the reader."""

    async def turn(self, word: str) -> None: ...


class SceneSetter:
    def __init__(self, world: World, webcam: Webcam) -> None:
        self._world = world
        self._webcam = webcam

    def can(self, scene: Scene) -> bool:
        """Everything that this scene needs is here."""
        return True

    async def set(self, scene: Scene) -> None:
        """The patient stands there; the card is still in the hand.

        Raises TrayUnreachableError.
        """
        await self._empty(scene.line, scene.card_fault)
        await self._world.camera.prepare(scene.stands)
        self._world.camera.stand(scene.stands)
        self._world.camera.occluder = scene.occluder
        self._world.changes.ring()

    async def mend(self) -> None:
        """Line and card are whole again; whoever stands there stays."""

    async def clear(self) -> None:
        """Nobody there, no card, nothing broken."""
        await self._empty("through", "none")
        self._world.changes.ring()

    async def take_card(self) -> None:
        if self._world.tray.card is not None:
            await self._world.tray.take()

    async def _empty(self, line: str, card_fault: str) -> None:
        await self.take_card()
        self._webcam.ended()
        self._world.camera.use_picture(None)
        self._world.own_picture = False
        self._world.camera.stand(None)
