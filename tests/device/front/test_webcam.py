"""A visitor before a webcam: several pictures, bounded, and none when they are gone."""

import asyncio

import numpy as np
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from device.simulated.camera import SimulatedCamera
from device.simulated.web.webcam import MOST_BYTES, Webcam
from device.simulated.world import World
from tests.device.front.conftest import Client
from tests.support.visitor import jpeg

JPEG = {"Content-Type": "image/jpeg"}


def plain(red: int) -> bytes:
    return jpeg(Image.new("RGB", (640, 480), (red, 10, 10)))


async def test_a_frame_that_is_too_large_is_refused(client: Client) -> None:
    answer = await client.post("/webcam", data=bytes(MOST_BYTES + 1), headers=JPEG)
    assert answer.status == 413


@pytest.mark.parametrize("data", [b"", b"no picture"])
async def test_a_frame_that_is_no_picture_is_refused(
    client: Client, world: World, data: bytes
) -> None:
    assert (await client.post("/webcam", data=data, headers=JPEG)).status == 400
    assert not world.own_picture


async def test_another_pages_frame_is_refused(client: Client, world: World) -> None:
    evil = JPEG | {"Origin": "http://evil.example"}
    assert (await client.post("/webcam", data=plain(9), headers=evil)).status == 403
    assert not world.own_picture


async def test_the_camera_sees_one_frame_after_another(
    client: Client, camera: SimulatedCamera
) -> None:
    given = []
    async with camera.watch() as source:
        for red in (40, 120, 200):
            answer = await client.post("/webcam", data=plain(red), headers=JPEG)
            assert await answer.json() == {"camera_on": True}
            given.append((await source.frame())[240, 320, 0])
    assert np.abs(np.array(given, int) - [40, 120, 200]).max() <= 3


async def test_who_steps_aside_is_gone(client: Client, world: World) -> None:
    await client.post("/webcam", data=plain(40), headers=JPEG)
    assert (await (await client.get("/state")).json())["own_picture"]
    await client.delete("/webcam")
    assert not (await (await client.get("/state")).json())["own_picture"]
    # Nobody is there, and the preview is a drawing again.
    assert (await client.get("/camera.jpg")).status == 200


async def test_a_persona_who_steps_in_is_not_sent_away_by_an_old_webcam(
    client: Client,
) -> None:
    await client.post("/webcam", data=plain(40), headers=JPEG)
    await client.post("/person", json={"persona": "sato-hanako"})
    await client.delete("/webcam")
    assert (await (await client.get("/state")).json())["standing"] == "sato-hanako"


async def test_a_page_that_was_closed_leaves_no_face_behind(
    world: World, camera: SimulatedCamera
) -> None:
    app = web.Application()
    app.add_routes(Webcam(world, gone_s=0.1).routes())
    async with TestClient(TestServer(app)) as page:
        await page.post("/webcam", data=plain(250), headers=JPEG)
        assert world.own_picture
        async with asyncio.timeout(5):
            await world.changes.wait()
        assert not world.own_picture
        async with camera.watch() as source:
            assert (await source.frame())[240, 320, 0] != 250
