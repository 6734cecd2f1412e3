"""The page hears what the reader says; the plug is the patient's; names are ours."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from device.ports import Output, VoiceKey
from device.simulated.front import SimulatedHeadphones
from device.simulated.voice import SimulatedVoice, WebPlayer
from device.simulated.web import application
from device.simulated.world import World
from tests.device.front.conftest import Client
from tests.support.recordings import recorded


@pytest.fixture
def voice(tmp_path: Path) -> SimulatedVoice:
    return SimulatedVoice(
        folder=tmp_path / "voice",
        player=WebPlayer(),
        headphones=SimulatedHeadphones(),
    )


@pytest.fixture
def world(world: World, voice: SimulatedVoice) -> World:
    world.voice = voice
    return world


async def test_the_state_says_what_is_being_said(
    client: Client, voice: SimulatedVoice
) -> None:
    assert (await (await client.get("/state")).json())["saying"] is None
    file = recorded(voice.folder / "en" / "ready.headline.wav", 60.0)
    playing = asyncio.create_task(voice.player.play(file, Output.SPEAKER, 2))
    await asyncio.sleep(0)
    state = await (await client.get("/state")).json()
    assert (state["voice"], state["headphones"]) == (True, False)
    saying = state["saying"]
    assert saying.pop("text")
    assert saying == {
        "n": 1,
        "lang": "en",
        "name": "ready.headline",
        "output": "speaker",
        "volume": 2,
    }
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)
    assert (await (await client.get("/state")).json())["saying"] is None


async def test_a_plug_goes_in_and_comes_out(
    client: Client, voice: SimulatedVoice
) -> None:
    for inside in (True, False):
        await client.post("/headphones", json={"plugged": inside})
        assert voice.headphones.plugged() is inside
        assert (await (await client.get("/state")).json())["headphones"] is inside


@pytest.mark.parametrize(
    "body", [{}, {"plugged": "yes"}, {"plugged": None}, {"plugged": True, "by": "me"}]
)
async def test_a_plug_that_is_neither_in_nor_out_changes_nothing(
    client: Client, voice: SimulatedVoice, body: object
) -> None:
    assert (await client.post("/headphones", json=body)).status == 400
    assert not voice.headphones.plugged()


async def test_a_recording_is_served_as_sound(
    client: Client, voice: SimulatedVoice
) -> None:
    file = recorded(voice.folder / "ja-easy" / "ready.body.wav", 0.1)
    answer = await client.get("/voice/ja-easy/ready.body.wav")
    assert (answer.status, answer.content_type) == (200, "audio/wav")
    assert await answer.read() == file.read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "ja/not_a_sentence",
        "xx/ready.body",
        "ja/..%2Fsecret",
        "..%2Fvoice%2Fja/ready.body",
        "%2Fetc/passwd",
        "ja/ready.headline",
    ],
)
async def test_nothing_but_a_recording_of_ours_is_served(
    client: Client, voice: SimulatedVoice, path: str
) -> None:
    """The last is a sentence of ours that nobody has recorded."""
    recorded(voice.folder / "ja" / "ready.body.wav", 0.1)
    recorded(voice.folder / "ja" / "not_a_sentence.wav", 0.1)
    recorded(voice.folder / "secret.wav", 0.1)
    assert (await client.get(f"/voice/{path}.wav")).status == 404


async def test_keys_of_the_voice_are_pressed_like_any_other(
    client: Client, world: World
) -> None:
    for key in VoiceKey:
        assert (await client.post("/key", json={"key": key})).status == 200
        assert await world.keypad.key() is key


async def test_a_reader_without_a_voice_says_so_and_has_no_jack(world: World) -> None:
    silent = application(replace(world, voice=None))
    async with TestClient(TestServer(silent)) as client:
        state = await (await client.get("/state")).json()
        assert (state["voice"], state["headphones"]) == (False, False)
        assert state["saying"] is None
        plug = await client.post("/headphones", json={"plugged": True})
        assert plug.status == 404
