"""The page's switches: the way to the broker, and what goes wrong with cards."""

import asyncio
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from device.simulated.card.faults import PRESETS
from device.simulated.card.tray import Tray
from device.simulated.changes import Changes
from device.simulated.control import controlled
from device.simulated.line.line import Line
from device.simulated.line.mode import Mode
from device.simulated.line.switch import SocketLine
from device.simulated.tray import SocketTray
from device.simulated.web import application
from device.simulated.web.faults import CardFaultBody
from device.simulated.world import World
from tests.device.front.conftest import Client, Hands


async def said(client: Client, path: str, body: object) -> tuple[int, object]:
    answer = await client.post(path, json=body)
    return answer.status, await answer.json()


async def state(client: Client) -> dict[str, object]:
    found: dict[str, object] = await (await client.get("/state")).json()
    return found


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/line", {}),
        ("/line", {"mode": "gone"}),
        ("/line", {"mode": None}),
        ("/line", {"mode": "cut", "more": 1}),
        ("/card-fault", {"fault": "rain"}),
        ("/card-fault", {"fault": None}),
        ("/card-fault", {"slow_s": 1}),
    ],
)
async def test_bad_input_is_a_sentence(
    client: Client, hands: Hands, path: str, body: object
) -> None:
    answer = await client.post(path, json=body)
    assert answer.status == 400
    assert len((await answer.json())["error"]) > 10
    assert hands.done == []


async def test_another_pages_switch_is_refused(client: Client, hands: Hands) -> None:
    origin = {"Origin": "http://evil.example"}
    answer = await client.post("/card-fault", json={"fault": "deaf"}, headers=origin)
    assert answer.status == 403
    assert hands.done == []


async def test_without_a_switch_there_is_none(client: Client) -> None:
    status, answer = await said(client, "/line", {"mode": "cut"})
    assert status == 404
    assert answer == {"error": "no switch in the line of this reader"}
    now = await state(client)
    assert (now["line"], now["card_fault"]) == (None, None)


async def test_a_line_that_does_not_answer_is_said(
    world: World, tmp_path: Path
) -> None:
    world.line = SocketLine(tmp_path / "none.sock", world.changes)
    async with TestClient(TestServer(application(world))) as client:
        status, answer = await said(client, "/line", {"mode": "cut"})
        assert status == 503
        assert answer == {"error": "the line does not answer"}
        assert (await state(client))["line"] is None


async def test_the_line_that_ships_is_switched_and_taken_as_it_is(
    world: World, tmp_path: Path
) -> None:
    line = Line("127.0.0.1", 1)
    line.mode = Mode.SLOW
    world.line = SocketLine(tmp_path / "line.sock", world.changes)
    async with (
        controlled(line, tmp_path / "line.sock"),
        TestClient(TestServer(application(world))) as client,
    ):
        assert (await state(client))["line"] == "slow"
        for mode in Mode:
            assert await said(client, "/line", {"mode": mode}) == (200, {"line": mode})
            assert line.mode is mode
            assert (await state(client))["line"] == mode


async def test_the_tray_that_ships_knows_every_fault_of_the_page(
    world: World, tmp_path: Path
) -> None:
    tray, path = Tray({}), tmp_path / "tray.sock"
    tray.hinder("deaf")
    world.tray = SocketTray(path, world.changes)
    names = CardFaultBody.model_json_schema()["properties"]["fault"]["enum"]
    assert set(names) == set(PRESETS)
    async with (
        controlled(tray, path),
        TestClient(TestServer(application(world))) as client,
    ):
        assert (await state(client))["card_fault"] == "deaf"
        for name in names:
            told = await said(client, "/card-fault", {"fault": name})
            assert told == (200, {"card_fault": name})
            assert tray.faults == PRESETS[name]()
            assert (await state(client))["card_fault"] == name


async def test_a_switch_rings_the_bell(tmp_path: Path) -> None:
    rung = Changes()
    at = SocketLine(tmp_path / "line.sock", rung)
    async with controlled(Line("127.0.0.1", 1), tmp_path / "line.sock"):
        waiting = asyncio.create_task(rung.wait())
        await asyncio.sleep(0)
        await at.set(Mode.CUT)
        async with asyncio.timeout(5):
            await waiting
