"""Sets a case's scene in the world, and puts the world back."""

from device.simulated.line.mode import Mode
from device.simulated.training.case import Scene
from device.simulated.web.webcam import Webcam
from device.simulated.world import World

WHOLE = Mode.THROUGH
NO_FAULT = "none"


class SceneSetter:
    def __init__(self, world: World, webcam: Webcam) -> None:
        self._world = world
        self._webcam = webcam

    def can(self, scene: Scene) -> bool:
        """Everything that this scene needs is here."""
        known = {persona.id for persona in self._world.personas}
        line = scene.line == WHOLE or self._world.line is not None
        return line and scene.cards <= known

    async def set(self, scene: Scene) -> None:
        """The patient stands there; the card is still in the hand.

        Raises UnreachableError when tray or line do not answer.
        """
        await self.take_card()
        await self._turn(Mode(scene.line), scene.card_fault)
        await self._world.camera.prepare(scene.stands)
        self._nobody()
        self._world.camera.stand(scene.stands)
        self._world.camera.occluder = scene.occluder
        self._world.changes.ring()

    async def mend(self) -> None:
        """Line and card are whole again; whoever stands there stays."""
        await self._turn(WHOLE, NO_FAULT)

    async def clear(self) -> None:
        """Nobody there, no card, nothing broken."""
        await self.take_card()
        await self.mend()
        self._nobody()
        self._world.changes.ring()

    async def take_card(self) -> None:
        if self._world.tray.card is not None:
            await self._world.tray.take()

    async def _turn(self, line: Mode, card_fault: str) -> None:
        if self._world.line is not None and self._world.line.mode != line:
            await self._world.line.set(line)
        if self._world.tray.fault != card_fault:
            await self._world.tray.hinder(card_fault)

    def _nobody(self) -> None:
        self._webcam.ended()
        self._world.camera.use_picture(None)
        self._world.own_picture = False
        self._world.camera.stand(None)
