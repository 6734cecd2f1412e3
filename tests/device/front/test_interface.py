"""What a page or a script does and sees over the HTTP interface."""

import asyncio
import io
import json
from types import MappingProxyType

import pytest
from aiohttp import StreamReader
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from device.ports import Key, Light, Sound
from device.session.state import Ending
from device.simulated.camera import SimulatedCamera
from device.simulated.persona import everybody, specials
from device.simulated.web import application
from device.simulated.web.reading import FILES
from device.simulated.world import World
from device.visit_log import VisitFact, VisitLog
from protocol.catalogue import Code
from protocol.codes import Method
from protocol.ids import VisitId
from tests.device.front.conftest import Client, Hands
from ui_eink.render import render
from ui_eink.views import AskConsent, CardLeft, Lang, Ready, View, name_of


async def show(world: World, view: View) -> None:
    await world.panel.show(render(view, Lang.JA), name_of(view))


async def test_a_fresh_reader_has_shown_nothing(client: Client) -> None:
    state = await (await client.get("/state")).json()
    assert (state["seq"], state["view"], state["light"]) == (0, "", "off")
    assert state["card"] is None
    assert state["standing"] is None
    assert state["camera_on"] is False


async def test_the_state_says_what_the_reader_shows_and_sounds(
    client: Client, world: World
) -> None:
    await show(world, AskConsent("operation", 2, 3))
    await world.lights.set(Light.ALARM)
    await world.speaker.play(Sound.ALARM)
    state = await (await client.get("/state")).json()
    assert (state["view"], state["name"]) == ("ask_consent", "ask_consent-2")
    assert (state["light"], state["sound"], state["sounds"]) == ("alarm", "alarm", 1)


async def test_a_key_reaches_the_reader_in_order(client: Client, world: World) -> None:
    for key in ("2", "enter", "staff"):
        await client.post("/key", json={"key": key})
    keys = [await world.keypad.key() for _ in range(3)]
    assert keys == [Key.K2, Key.ENTER, Key.STAFF]


async def test_a_card_is_put_and_taken(client: Client, hands: Hands) -> None:
    await client.post("/card", json={"persona": "sato-hanako"})
    assert (await (await client.get("/state")).json())["card"] == "sato-hanako"
    await client.post("/card", json={"persona": None})
    assert hands.done == ["put sato-hanako", "take"]


async def test_a_person_steps_in_moves_and_leaves(client: Client) -> None:
    told = {"persona": "kato-minoru", "yaw": 20, "light": "dim", "occluder": "mask"}
    await client.post("/person", json=told)
    await client.post("/person", json={"distance": 80})
    state = await (await client.get("/state")).json()
    assert state["standing"] == "kato-minoru"
    assert state["pose"] == {
        "yaw": 20,
        "pitch": 0,
        "distance": 80,
        "light": "dim",
        "occluder": "mask",
    }
    await client.post("/person", json={"persona": None, "occluder": "none"})
    state = await (await client.get("/state")).json()
    assert (state["standing"], state["pose"]["occluder"]) == (None, "none")


async def test_the_camera_picture_is_there_while_the_camera_is_off(
    client: Client,
) -> None:
    answer = await client.get("/camera.jpg")
    with Image.open(io.BytesIO(await answer.read())) as picture:
        assert picture.format == "JPEG"
    assert not (await (await client.get("/state")).json())["camera_on"]


async def test_an_own_picture_is_used_and_written_nowhere(
    client: Client, world: World, camera: SimulatedCamera
) -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 10, 10)).save(file, "PNG")
    png = {"Content-Type": "image/png"}
    answer = await client.post("/picture", data=file.getvalue(), headers=png)
    assert answer.status == 200
    assert world.own_picture
    assert (await client.get("/camera.jpg")).status == 404
    async with camera.watch() as source:
        frame = await source.frame()
    assert tuple(frame[240, 320]) == (200, 10, 10)
    assert world.facility is not None
    assert [p for p in world.facility.parent.rglob("*") if p.is_file()] == []
    await client.post("/person", json={"persona": "sato-hanako"})
    assert not world.own_picture


async def test_screens_are_kept_by_number(client: Client, world: World) -> None:
    for view in (Ready(), CardLeft()):
        await show(world, view)
    shots = await (await client.get("/shots")).json()
    assert [(s["seq"], s["view"]) for s in shots] == [(1, "ready"), (2, "card_left")]
    assert shots[1]["path"].endswith("0002-card_left.png")
    first = await (await client.get("/screen.png?seq=1")).read()
    now = await (await client.get("/screen.png")).read()
    assert first == await (await client.get("/screen.png?seq=1")).read()
    assert first != now
    with Image.open(io.BytesIO(now)) as picture:
        assert picture.tobytes() == render(CardLeft(), Lang.JA).tobytes()
    assert (await client.get("/screen.png?seq=99")).status == 404


async def test_all_twelve_cards_are_told_and_say_they_are_fictitious(
    client: Client,
) -> None:
    people = await (await client.get("/personas")).json()
    assert len(people) == 12
    assert not any(person["special"] for person in people)
    assert all(person["fictitious"] for person in people)
    assert all("insurance" not in person for person in people)


async def test_special_cards_are_told_apart(world: World) -> None:
    world.personas = everybody()
    async with TestClient(TestServer(application(world))) as client:
        people = await (await client.get("/personas")).json()
        special = [person["id"] for person in people if person["special"]]
        assert special == [one.id for one in specials()]
        for who in special:
            assert (await client.post("/card", json={"persona": who})).status == 200
            assert (await client.post("/person", json={"persona": who})).status == 200


async def test_visits_are_told_with_their_outcome(
    client: Client, visits: VisitLog
) -> None:
    ms = MappingProxyType({"total_machine": 1200})
    code = Code.CARD_LEFT_BEHIND
    visits.add(VisitFact(VisitId("v"), Ending.ACCEPTED, Method.PIN, code, {}, ms))
    [visit] = await (await client.get("/visits")).json()
    assert visit["outcome"] == "accepted"
    assert (visit["method"], visit["code"]) == ("pin", "C110")
    assert visit["ms"] == {"total_machine": 1200}


async def test_result_files_are_listed_and_readable(
    client: Client, world: World
) -> None:
    assert world.facility is not None
    (world.facility / "OQSsiface01.xml").write_bytes("資格".encode("cp932"))
    assert await (await client.get("/facility")).json() == [
        {"name": "OQSsiface01.xml", "bytes": 4}
    ]
    answer = await client.get("/facility/OQSsiface01.xml")
    assert (answer.content_type, await answer.text()) == ("text/plain", "資格")


async def test_events_tell_the_state_at_once_and_after_a_change(
    client: Client, world: World
) -> None:
    async with asyncio.timeout(5):
        stream = await client.get("/events")
        assert stream.content_type == "text/event-stream"
        first = await _event(stream.content)
        await show(world, Ready())
        second = await _event(stream.content)
    assert (first["view"], second["view"]) == ("", "ready")
    stream.close()


async def _event(content: StreamReader) -> dict[str, object]:
    while True:
        line = (await content.readline()).decode()
        if line.startswith("data: "):
            event: dict[str, object] = json.loads(line.removeprefix("data: "))
            return event


def test_the_page_has_its_parts() -> None:
    assert {"index.html", "page.css", "icon.svg", "js/page.js"} <= set(FILES)


@pytest.mark.parametrize("path", ["/", *(f"/{file}" for file in FILES)])
async def test_the_page_asks_nothing_from_elsewhere(client: Client, path: str) -> None:
    text = await (await client.get(path)).text()
    outside = text.replace("http://www.w3.org/2000/svg", "")
    assert "http://" not in outside
    assert "https://" not in outside
    assert "onclick=" not in text
    assert "style=" not in text
