"""The whole way of a sentence: from the screen, over the plug, to what the page is
told. What is personal never reaches a page through the speaker."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from device.adapters.clock import SystemClock
from device.health import Health
from device.main_parts import front
from device.ports import VoiceKey
from device.showing import Showing
from device.simulated.changes import Changes
from device.simulated.front import SimulatedHeadphones
from device.simulated.voice import SimulatedVoice, WebPlayer
from device.simulated.web import facts
from device.visit_log import VisitLog
from device.voice.guide import Voice
from device.voice.phrases import phrases
from device.voice.spoken import spoken
from tests.device.config.test_config import GOOD, config
from tests.support.jumping_loop import run_jumping
from tests.support.recordings import voice_folder
from ui_eink.samples import samples
from ui_eink.views import ChosenAnswer, Lang, Ready, TakeCard, View

LASTS_S = 0.2
"""Of each recording."""
SHARED = TakeCard((("operation", ChosenAnswer.REFUSED),), records_withheld=True)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return voice_folder(tmp_path_factory.mktemp("voice"), Lang, LASTS_S)


@dataclass
class Page:
    """What a page of this reader was told, phrase by phrase."""

    voice: SimulatedVoice
    guide: Voice
    changes: Changes
    told: list[dict[str, Any]] = field(default_factory=list)

    @property
    def saying(self) -> dict[str, Any] | None:
        now: dict[str, Any] | None = facts.spoken(self.voice)["saying"]
        return now

    async def listens(self) -> None:
        while True:
            await self.changes.wait()
            if self.saying is not None:
                self.told.append(self.saying)

    async def hears(self, view: View, lang: Lang = Lang.JA) -> set[str]:
        """Everything that is told of one screen."""
        self.told.clear()
        self.guide.say(view, lang)
        await asyncio.sleep(1.0 + LASTS_S * len(spoken(view)))
        assert self.saying is None
        return {one["name"] for one in self.told}

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not true():
                await self.changes.wait()


@asynccontextmanager
async def page(recordings: Path) -> AsyncIterator[Page]:
    changes = Changes()
    voice = SimulatedVoice(
        folder=recordings,
        player=WebPlayer(changes),
        headphones=SimulatedHeadphones(changes),
    )
    guide = Voice(player=voice.player, folder=recordings, headphones=voice.headphones)
    here = Page(voice, guide, changes)
    tasks = [
        asyncio.create_task(guide.run(lambda error: None)),
        asyncio.create_task(here.listens()),
    ]
    try:
        yield here
    finally:
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


def personal(view: View) -> set[str]:
    return {one.name for one in spoken(view) if one.personal}


@pytest.mark.parametrize("lang", list(Lang))
def test_no_screen_tells_a_page_what_is_personal_through_the_speaker(
    recordings: Path, lang: Lang
) -> None:
    async def story() -> None:
        async with page(recordings) as here:
            for name, view in samples(lang).items():
                assert not personal(view) & await here.hears(view, lang), name
                assert {one["output"] for one in here.told} <= {"speaker"}

    run_jumping(story())


def test_over_headphones_a_page_is_told_what_was_shared(recordings: Path) -> None:
    async def story() -> None:
        async with page(recordings) as here:
            here.voice.headphones.plug(inside=True)
            assert personal(SHARED) <= await here.hears(SHARED)
            assert {one["output"] for one in here.told} == {"headphones"}

    run_jumping(story())


def test_a_pulled_plug_takes_a_personal_sentence_from_the_page(
    recordings: Path,
) -> None:
    async def story() -> None:
        async with page(recordings) as here:
            here.voice.headphones.plug(inside=True)
            here.guide.say(SHARED, Lang.JA)
            secret = personal(SHARED)
            await here.until(lambda: (here.saying or {}).get("name") in secret)
            here.voice.headphones.plug(inside=False)
            here.told.clear()
            await asyncio.sleep(0.1)
            assert here.saying is None
            await asyncio.sleep(5.0)
            assert not secret & {one["name"] for one in here.told[1:]}
            assert not here.told[1:], "the plug's own news at most"

    run_jumping(story())


def test_louder_says_the_screen_again_as_new_phrases(recordings: Path) -> None:
    async def story() -> None:
        async with page(recordings) as here:
            here.guide.say(SHARED, Lang.JA)
            await here.until(lambda: here.saying is not None)
            first = here.saying or {}
            here.guide.key(VoiceKey.LOUDER)
            await here.until(lambda: (here.saying or first)["n"] > first["n"])
            again = here.saying or {}
            assert (again["name"], again["volume"]) == (first["name"], 4)

    run_jumping(story())


async def test_a_simulated_reader_says_the_screen_that_it_shows(
    recordings: Path, tmp_path: Path
) -> None:
    """The reader's own front, by its configuration, over HTTP as a page has it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    text = (
        GOOD.replace("port = 8080", f"port = {port}")
        .replace('"screens"', f'"{tmp_path}"\nvoice = "{recordings}"')
        .replace('"keys/fictitious.key"', '"none"')
    )
    clock = SystemClock()
    async with (
        asyncio.timeout(20),
        front(config(text), clock, VisitLog()) as parts,
        ClientSession(f"http://127.0.0.1:{port}") as browser,
    ):
        panel, lights, speaker = parts.panel, parts.lights, parts.speaker
        shows = Showing(panel, lights, speaker, Health(clock), voice=parts.voice)
        running = asyncio.create_task(shows.run())
        shows.show(Ready(), Lang.EN)
        state = await _state(browser)
        for _ in range(1000):
            if state["saying"] is not None:
                break
            await asyncio.sleep(0.01)
            state = await _state(browser)
        said = state["saying"]
        assert (state["voice"], said["name"]) == (True, "ready.headline")
        assert said["text"] == phrases(Lang.EN)["ready.headline"]
        heard = await browser.get(f"/voice/{said['lang']}/{said['name']}.wav")
        assert (await heard.read())[:4] == b"RIFF"
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert (await _state(browser))["saying"] is None


async def _state(browser: ClientSession) -> dict[str, Any]:
    async with browser.get("/state") as answer:
        state: dict[str, Any] = await answer.json()
        return state
