"""A world to play in, its hands in a fake tray, and a client at its web front."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from device.simulated.camera import SimulatedCamera
from device.simulated.changes import Changes
from device.simulated.front import SimulatedKeypad, SimulatedLights, SimulatedSpeaker
from device.simulated.heads.cache import HeadCache
from device.simulated.panel import SimulatedPanel
from device.simulated.persona import personas
from device.simulated.web import application
from device.simulated.world import World
from device.visit_log import VisitLog

HEADS = HeadCache(kept=16)
"""Of the tests in one process: a head takes about a second."""
Client = TestClient[Request, Application]


@dataclass
class Hands:
    """A tray that keeps a card in memory."""

    card: str | None = None
    fault: str | None = None
    done: list[str] = field(default_factory=list)

    async def put(self, persona: str) -> None:
        self.card = persona
        self.done.append(f"put {persona}")

    async def take(self) -> None:
        self.card = None
        self.done.append("take")

    async def hinder(self, fault: str) -> None:
        self.fault = fault
        self.done.append(f"hinder {fault}")

    async def look(self) -> str | None:
        return self.card


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def camera() -> SimulatedCamera:
    return SimulatedCamera(pause_s=0, heads=HEADS)


@pytest.fixture
def visits() -> VisitLog:
    return VisitLog()


@pytest.fixture
def world(
    tmp_path: Path, hands: Hands, visits: VisitLog, camera: SimulatedCamera
) -> World:
    changes = Changes()
    (tmp_path / "screens").mkdir()
    (tmp_path / "facility").mkdir()
    return World(
        changes=changes,
        keypad=SimulatedKeypad(),
        lights=SimulatedLights(changes),
        speaker=SimulatedSpeaker(changes),
        panel=SimulatedPanel(tmp_path / "screens", changes),
        tray=hands,
        camera=camera,
        visits=visits,
        personas=personas(),
        facility=tmp_path / "facility",
    )


@pytest.fixture
async def client(world: World) -> AsyncIterator[Client]:
    async with TestClient(TestServer(application(world))) as client:
        yield client
