"""A phrase takes as long as its recording, is told while it lasts, and can be cut."""

import asyncio
from pathlib import Path

import pytest

from device.ports import Headphones, Output, PartError, Player
from device.simulated.changes import Changes
from device.simulated.front import SimulatedHeadphones
from device.simulated.voice import Saying, WebPlayer, length_s, sentences
from device.voice.phrases import phrases
from tests.support.jumping_loop import run_jumping
from tests.support.recordings import RATE, recorded
from ui_eink.views import Lang

PARTS: tuple[Player, Headphones] = (WebPlayer(), SimulatedHeadphones())


def test_a_phrase_takes_as_long_as_its_recording(tmp_path: Path) -> None:
    file = recorded(tmp_path / "ja" / "ready.body.wav", 2.5)

    async def story() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await WebPlayer().play(file, Output.SPEAKER, 3)
        return loop.time() - began

    assert run_jumping(story()) == pytest.approx(2.5)


def test_what_is_said_is_told_with_its_words_and_then_no_more(tmp_path: Path) -> None:
    file = recorded(tmp_path / "ja" / "ready.body.wav", 1.0)

    async def story() -> tuple[Saying | None, Saying | None]:
        player = WebPlayer()
        playing = asyncio.create_task(player.play(file, Output.HEADPHONES, 4))
        await asyncio.sleep(0.5)
        during = player.saying
        await playing
        return during, player.saying

    during, after = run_jumping(story())
    text = phrases(Lang.JA)["ready.body"]
    assert during == Saying(1, "ja", "ready.body", text, Output.HEADPHONES, 4)
    assert after is None


def test_a_phrase_that_is_cut_is_silent_at_once(tmp_path: Path) -> None:
    file = recorded(tmp_path / "ja" / "ready.body.wav", 60.0)

    async def story() -> tuple[Saying | None, float]:
        loop = asyncio.get_running_loop()
        player = WebPlayer()
        playing = asyncio.create_task(player.play(file, Output.SPEAKER, 3))
        await asyncio.sleep(0.5)
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
        return player.saying, loop.time()

    saying, now = run_jumping(story())
    assert saying is None
    assert now < 60.0


def test_a_phrase_said_again_has_another_number(tmp_path: Path) -> None:
    file = recorded(tmp_path / "en" / "ready.body.wav", 1.0)

    async def story() -> list[int]:
        player, numbers = WebPlayer(), []
        for _ in range(3):
            playing = asyncio.create_task(player.play(file, Output.SPEAKER, 3))
            await asyncio.sleep(0.5)
            numbers.append(player.saying.n if player.saying else 0)
            await playing
        return numbers

    assert run_jumping(story()) == [1, 2, 3]


async def test_the_page_hears_of_a_phrase_and_of_its_end(tmp_path: Path) -> None:
    file = recorded(tmp_path / "ja" / "ready.body.wav", 0.05)
    changes = Changes()
    player = WebPlayer(changes)
    async with asyncio.timeout(5):
        playing = asyncio.create_task(player.play(file, Output.SPEAKER, 3))
        await changes.wait()
        assert player.saying is not None
        await changes.wait()
        assert player.saying is None
        await playing


async def test_a_broken_recording_is_a_lost_part(tmp_path: Path) -> None:
    broken = tmp_path / "ja" / "ready.body.wav"
    broken.parent.mkdir()
    broken.write_bytes(b"RIFF")
    player = WebPlayer()
    with pytest.raises(PartError, match=r"D704 sound: ready\.body\.wav is no WAV"):
        await player.play(broken, Output.SPEAKER, 3)
    assert player.saying is None


def test_a_recording_that_claims_hours_takes_what_it_has(tmp_path: Path) -> None:
    file = recorded(tmp_path / "a.wav", 1.0)
    raw = bytearray(file.read_bytes())
    raw[40:44] = (2 * RATE * 3600).to_bytes(4, "little")
    file.write_bytes(raw)
    assert length_s(file) == pytest.approx(1.0, abs=0.01)


def test_a_language_that_we_do_not_have_has_no_sentences() -> None:
    assert not sentences("..")
    assert sentences("ja")["ready.body"]
