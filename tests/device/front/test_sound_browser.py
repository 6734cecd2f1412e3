"""The page in a real browser is heard when it is switched on, and captioned always."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from device.ports import Key, Output, Sound, VoiceKey
from device.simulated.front import SimulatedHeadphones
from device.simulated.voice import SimulatedVoice, WebPlayer
from device.simulated.web import serving
from device.simulated.world import World
from device.voice.phrases import phrases
from tests.support.chromium import Page, chromium, faults, needs_chromium
from tests.support.recordings import recorded
from ui_eink.views import Lang

pytestmark = needs_chromium
SPY = """
window.heard = [];
const begin = HTMLMediaElement.prototype.play, end = HTMLMediaElement.prototype.pause;
HTMLMediaElement.prototype.play = function () {
  heard.push(`${this.src.split("/").slice(-2).join("/")} ${this.volume}`);
  return begin.call(this);
};
HTMLMediaElement.prototype.pause = function () {
  heard.push("cut");
  return end.call(this);
};
const tone = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) {
  heard.push(`${this.frequency.value} Hz`);
  return tone.call(this, at);
};
"""


class Reader:
    """The web front on a loop of its own, and its voice to speak with."""

    def __init__(self, world: World, voice: SimulatedVoice) -> None:
        self.world, self.voice, self.port = world, voice, 0
        self._up, self._end = Event(), asyncio.Event()
        self._thread = Thread(target=lambda: asyncio.run(self._served()))
        self._thread.start()
        assert self._up.wait(20)

    async def _served(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with serving(self.world, 0) as self.port:
            self._up.set()
            await self._end.wait()

    def _begin(self, work: Coroutine[Any, Any, Any]) -> "Future[Any]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def say(self, name: str, output: Output = Output.SPEAKER) -> "Future[Any]":
        """A minute of it; the future cuts it."""
        file = recorded(self.voice.folder / "en" / f"{name}.wav", 60.0)
        return self._begin(self.voice.player.play(file, output, 4))

    def play(self, sound: Sound) -> None:
        self._begin(self.world.speaker.play(sound)).result(10)

    def key(self) -> Key | VoiceKey:
        pressed: Key | VoiceKey = self._begin(self.world.keypad.key()).result(10)
        return pressed

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def reader(world: World, tmp_path: Path) -> Iterator[Reader]:
    jack = SimulatedHeadphones(world.changes)
    world.voice = SimulatedVoice(
        folder=tmp_path / "voice", player=WebPlayer(world.changes), headphones=jack
    )
    made = Reader(world, world.voice)
    yield made
    made.close()


@pytest.fixture
def page(browser: Any, reader: Reader) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1440, "height": 1000})
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.add_init_script(SPY)
    opened.goto(f"http://127.0.0.1:{reader.port}/")
    opened.wait_for_selector("#voice-keys:visible")
    yield opened
    opened.close()
    assert wrong == []


def captioned(page: Page, text: str) -> None:
    page.wait_for_function(
        "text => document.getElementById('said').textContent === text", arg=text
    )


def told(page: Page, word: str) -> None:
    """The page has drawn the sound; an empty word is silence."""
    page.wait_for_function(
        "word => { const said = document.getElementById('sound').textContent;"
        " return word ? said.includes(word) : !said; }",
        arg=word,
    )


def heard(page: Page, what: str) -> None:
    page.wait_for_function("what => heard.includes(what)", arg=what)


def test_a_page_that_nobody_switched_on_is_silent_and_captioned(
    page: Page, reader: Reader
) -> None:
    reader.say("ready.body")
    reader.play(Sound.DONE)
    captioned(page, phrases(Lang.EN)["ready.body"])
    assert page.text_content("#said-where").startswith("♪ スピーカー / speaker")
    assert page.get_attribute("#said", "lang") == "en"
    assert page.get_attribute("#caption", "aria-live") == "polite"
    assert page.evaluate("heard") == []
    assert faults(page) == []


def test_who_switches_it_on_hears_the_screen_again_and_what_follows(
    page: Page, reader: Reader
) -> None:
    page.check("#sound-on")
    assert reader.key() is VoiceKey.REPEAT
    assert page.get_attribute("#caption", "aria-live") == "off"
    said = reader.say("ready.body")
    heard(page, "en/ready.body.wav 0.7")
    said.cancel()
    heard(page, "cut")
    captioned(page, "")
    reader.play(Sound.ERROR)
    heard(page, "660 Hz")
    assert faults(page) == []


def test_the_alarm_is_three_beeps_and_only_stop_ends_it(
    page: Page, reader: Reader
) -> None:
    page.check("#sound-on")
    reader.play(Sound.ALARM)
    told(page, "ピピピ")
    reader.play(Sound.TICK)
    told(page, "キー")
    assert page.evaluate("heard") == ["1320 Hz"] * 3
    reader.play(Sound.STOP)
    told(page, "")
    reader.play(Sound.TICK)
    heard(page, "1000 Hz")


def test_plug_repeat_and_volume_by_click_and_by_key(page: Page, reader: Reader) -> None:
    page.check("#plug")
    page.wait_for_function(
        "fetch('/state').then(s => s.json()).then(s => s.headphones)"
    )
    reader.say("ready.body", Output.HEADPHONES)
    captioned(page, phrases(Lang.EN)["ready.body"])
    assert page.text_content("#said-where").startswith("イヤホン / headphones")
    for key in ("r", "+", "-"):
        page.keyboard.press(key)
    for key in VoiceKey:
        page.click(f"#soundbar [data-key={key.value}]")
    assert [reader.key() for _ in range(6)] == [*VoiceKey, *VoiceKey]
