"""The voice speaks the newest screen once, and never a secret to a room."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from device.ports import Output, PartError, VoiceKey
from device.simulated.player import SimulatedPlayer
from device.voice.guide import Voice
from device.voice.phrases import phrases
from ui_eink.views import (
    ChosenAnswer,
    EnterPin,
    Lang,
    ReadingCard,
    Ready,
    TakeCard,
    View,
)

SHARED = TakeCard((("operation", ChosenAnswer.REFUSED),), records_withheld=True)
SECRET = {"ja/items.operation.short", "ja/answers.refused", "ja/withheld"}


class Jack:
    """Satisfies device.ports.Headphones."""

    def __init__(self) -> None:
        self.inside = False
        self.broken = False

    def plugged(self) -> bool:
        if self.broken:
            raise PartError("D704", "headphones")
        return self.inside


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("voice")
    for lang in Lang:
        (place / lang.value).mkdir()
        for name in phrases(lang):
            (place / lang.value / f"{name}.wav").touch()
    return place


@pytest.fixture
def folder(recordings: Path) -> Path:
    (recordings / "diary").unlink(missing_ok=True)
    return recordings


class Stand:
    def __init__(self, folder: Path, lasts_s: float, *, aloud: bool = True) -> None:
        self.jack = Jack()
        self.player = SimulatedPlayer(lasts_s, folder / "diary")
        self.voice = Voice(
            player=self.player, folder=folder, headphones=self.jack, aloud=aloud
        )
        self.failures: list[PartError | None] = []

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.player.played]

    async def until(self, true: Callable[[], bool]) -> None:
        for _ in range(300):
            if true():
                return
            await asyncio.sleep(0.01)
        pytest.fail(f"only heard {self.names}")

    async def say(self, view: View, last: str, lang: Lang = Lang.JA) -> None:
        self.voice.say(view, lang)
        await self.until(lambda: last in self.names)


@asynccontextmanager
async def speaking(
    folder: Path, lasts_s: float = 0.0, *, aloud: bool = True
) -> AsyncIterator[Stand]:
    stand = Stand(folder, lasts_s, aloud=aloud)
    task = asyncio.create_task(stand.voice.run(stand.failures.append))
    try:
        yield stand
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_a_screen_is_spoken_once_however_often_it_is_drawn(folder: Path) -> None:
    async with speaking(folder) as stand:
        for digits in range(5):
            await stand.say(EnterPin(digits), "ja/key_cancel")
        await asyncio.sleep(0.15)
        assert stand.names.count("ja/enter_pin.body") == 1


async def test_the_newest_screen_cuts_the_one_before(folder: Path) -> None:
    async with speaking(folder, lasts_s=0.2) as stand:
        stand.voice.say(ReadingCard(), Lang.JA)
        await asyncio.sleep(0.1)
        await stand.say(Ready(), "ja/ready.headline")
        cut = [one for one in stand.player.played if not one.whole]
        assert [one.name for one in cut] == ["ja/reading.headline"]
        assert "ja/reading.body" not in stand.names


async def test_repeat_speaks_the_screen_again(folder: Path) -> None:
    async with speaking(folder) as stand:
        await stand.say(Ready(), "ja/ready.body")
        stand.voice.key(VoiceKey.REPEAT)
        await stand.until(lambda: stand.names.count("ja/ready.body") == 2)


async def test_volume_goes_to_its_ends_and_back_for_the_next_patient(
    folder: Path,
) -> None:
    async with speaking(folder) as stand:
        await stand.say(ReadingCard(), "ja/reading.body")
        for _ in range(9):
            stand.voice.key(VoiceKey.LOUDER)
        await stand.until(lambda: stand.player.played[-1].volume == 5)
        for _ in range(9):
            stand.voice.key(VoiceKey.SOFTER)
        await stand.until(lambda: stand.player.played[-1].volume == 1)
        await stand.say(Ready(), "ja/ready.body")
        assert stand.player.played[-1].volume == 3


async def test_another_language_is_spoken_from_its_own_folder(folder: Path) -> None:
    async with speaking(folder) as stand:
        await stand.say(Ready(), "ja/ready.body")
        await stand.say(Ready(), "en/ready.body", Lang.EN)


async def test_without_headphones_nothing_personal_is_played(folder: Path) -> None:
    async with speaking(folder) as stand:
        await stand.say(SHARED, "ja/take_card.body")
        await asyncio.sleep(0.15)
        assert not SECRET & set(stand.names)
        assert {one.output for one in stand.player.played} == {Output.SPEAKER}


async def test_over_headphones_the_patient_hears_what_was_shared(folder: Path) -> None:
    async with speaking(folder) as stand:
        stand.jack.inside = True
        await stand.say(SHARED, "ja/withheld")
        personal = [one for one in stand.player.played if one.name in SECRET]
        assert {one.name for one in personal} == SECRET
        assert {one.output for one in personal} == {Output.HEADPHONES}


async def test_headphones_that_come_late_hear_the_whole_screen(folder: Path) -> None:
    async with speaking(folder, aloud=False) as stand:
        stand.voice.say(SHARED, Lang.JA)
        await asyncio.sleep(0.15)
        assert stand.names == []
        stand.jack.inside = True
        await stand.until(lambda: set(stand.names) >= SECRET)


async def test_a_pulled_plug_cuts_the_sentence_and_the_room_hears_no_more(
    folder: Path,
) -> None:
    async with speaking(folder, lasts_s=0.25) as stand:
        stand.jack.inside = True
        stand.voice.say(TakeCard(SHARED.decisions), Lang.JA)
        await stand.until(lambda: "ja/take_card.body" in stand.names)
        stand.jack.inside = False
        await stand.until(lambda: not stand.player.played[-1].whole)
        played = len(stand.player.played)
        await asyncio.sleep(0.4)
        assert len(stand.player.played) == played
        assert {one.output for one in stand.player.played} == {Output.HEADPHONES}


async def test_who_wants_to_know_hears_of_the_plug_once_each_way(folder: Path) -> None:
    async with speaking(folder) as stand:
        told: list[bool] = []
        stand.voice.changed = told.append
        stand.jack.inside = True
        await stand.until(lambda: told == [True])
        await asyncio.sleep(0.15)
        stand.jack.broken = True
        await stand.until(lambda: told == [True, False])


async def test_a_jack_that_does_not_answer_counts_as_empty(folder: Path) -> None:
    async with speaking(folder) as stand:
        stand.jack.inside = stand.jack.broken = True
        await stand.say(SHARED, "ja/take_card.body")
        await asyncio.sleep(0.1)
        assert not SECRET & set(stand.names)
        assert any(isinstance(one, PartError) for one in stand.failures)


async def test_a_lost_speaker_is_reported_and_the_voice_goes_on(folder: Path) -> None:
    class Lost(SimulatedPlayer):
        lost = True

        async def play(self, recording: Path, output: Output, volume: int) -> None:
            if self.lost:
                raise PartError("D704", "sound")
            await super().play(recording, output, volume)

    async with speaking(folder) as stand:
        stand.player = stand.voice.player = lost = Lost()
        stand.voice.say(Ready(), Lang.JA)
        await stand.until(lambda: bool(stand.failures))
        assert isinstance(stand.failures[-1], PartError)
        lost.lost = False
        stand.voice.key(VoiceKey.REPEAT)
        await stand.until(lambda: stand.failures[-1] is None)


async def test_the_simulated_speaker_writes_what_it_would_play(folder: Path) -> None:
    async with speaking(folder) as stand:
        await stand.say(Ready(), "ja/ready.body")
    lines = (folder / "diary").read_text("utf-8").splitlines()
    assert lines == ["speaker 3 ja/ready.headline", "speaker 3 ja/ready.body"]
