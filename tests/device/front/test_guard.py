"""Only this machine's own page and scripts are obeyed, and bad input gets a word."""

import asyncio
import io

import pytest
from aiohttp import ClientSession

from device.simulated.front import MOST_KEYS_WAITING
from device.simulated.picture import MOST_BYTES
from device.simulated.web import serving
from device.simulated.world import World
from tests.device.front.conftest import Client, Hands


async def test_another_host_name_is_refused(client: Client) -> None:
    answer = await client.get("/state", headers={"Host": "evil.example"})
    assert answer.status == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
async def test_another_pages_post_is_refused(
    client: Client, hands: Hands, origin: str
) -> None:
    body = {"persona": "sato-hanako"}
    answer = await client.post("/card", json=body, headers={"Origin": origin})
    assert answer.status == 403
    assert hands.done == []


async def test_every_answer_carries_the_rules_for_the_browser(client: Client) -> None:
    for path in ("/", "/js/page.js", "/state", "/nowhere", "/screen.png"):
        headers = (await client.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/card", {"persona": "nobody-we-know"}),
        ("/card", {}),
        ("/card", {"persona": 7}),
        ("/key", {"key": "*"}),
        ("/key", {"key": "1", "more": 1}),
        ("/person", {"persona": "nobody-we-know"}),
        ("/person", {"yaw": 400}),
        ("/person", {"yaw": "NaN"}),
        ("/person", {"light": "disco"}),
        ("/person", {"occluder": "hat"}),
        ("/person", []),
    ],
)
async def test_bad_input_is_a_sentence(client: Client, path: str, body: object) -> None:
    answer = await client.post(path, json=body)
    assert answer.status == 400
    assert len((await answer.json())["error"]) > 10


async def test_a_refused_key_is_not_repeated_back(client: Client) -> None:
    answer = await client.post("/key", json={"key": "2468"})
    assert answer.status == 400
    assert "2468" not in await answer.text()


async def test_junk_and_other_content_types_are_refused(client: Client) -> None:
    json_type = {"Content-Type": "application/json"}
    assert (await client.post("/key", data=b"{", headers=json_type)).status == 400
    assert (await client.post("/key", data=b'{"key":"1"}')).status == 400


async def test_a_large_body_is_refused(client: Client) -> None:
    large = {"key": "1" * 5000}
    assert (await client.post("/key", json=large)).status == 400
    jpeg = {"Content-Type": "image/jpeg"}
    data = io.BytesIO(bytes(MOST_BYTES + 1))
    assert (await client.post("/picture", data=data, headers=jpeg)).status == 413


async def test_a_picture_that_is_none_is_refused(client: Client, world: World) -> None:
    jpeg = {"Content-Type": "image/jpeg"}
    answer = await client.post("/picture", data=b"not a picture", headers=jpeg)
    assert answer.status == 400
    assert not world.own_picture


async def test_keys_nobody_takes_are_refused_after_a_while(client: Client) -> None:
    body = {"key": "1"}
    for _ in range(MOST_KEYS_WAITING):
        assert (await client.post("/key", json=body)).status == 200
    assert (await client.post("/key", json=body)).status == 503


async def test_only_127_0_0_1_is_served(world: World) -> None:
    """127.0.0.2 stands for any other address: it would answer on 0.0.0.0."""
    async with serving(world, 0) as port:
        _, here = await asyncio.open_connection("127.0.0.1", port)
        here.close()
        await here.wait_closed()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.2", port)


async def test_an_open_event_stream_does_not_keep_the_reader_from_ending(
    world: World,
) -> None:
    async with asyncio.timeout(5), ClientSession() as browser:
        async with serving(world, 0) as port:
            stream = await browser.get(f"http://127.0.0.1:{port}/events")
            await stream.content.readline()
        stream.close()


@pytest.mark.parametrize("name", ["..%2Fscreens", "%2Fetc%2Fpasswd", ".hidden"])
async def test_only_listed_files_are_shown(
    client: Client, world: World, name: str
) -> None:
    assert world.facility is not None
    (world.facility / ".hidden").write_text("not yet whole")
    assert (await client.get(f"/facility/{name}")).status == 404
