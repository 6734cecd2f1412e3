"""Recordings are made once, somebody else's stay, and aplay gets what is heard."""

import asyncio
import json
import os
import shutil
import stat
import wave
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device.adapters.espeak import Espeak
from device.adapters.speaker import AplayPlayer
from device.ports import Output, PartError, Player
from device.simulated.voice import length_s
from device.voice.build import build, listed, missing
from device.voice.phrases import phrases
from device.voice_cli import app
from ui_eink.views import Lang

needs_espeak = pytest.mark.skipif(
    not (shutil.which("espeak-ng") and shutil.which("mecab")),
    reason="espeak-ng and mecab are not installed (make oracles)",
)


def tone(file: Path, peak: int = 10_000) -> None:
    with wave.open(str(file), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(22_050)
        target.writeframes(peak.to_bytes(2, "little", signed=True) * 2_205)


class Pen:
    """Satisfies device.voice.build.Recorder, quicker than a voice."""

    def __init__(self) -> None:
        self.recorded: list[str] = []

    def version(self) -> str:
        return "pen"

    def read(self, text: str, lang: str) -> str:
        return text

    def record(self, spoken: str, lang: str, file: Path) -> None:
        self.recorded.append(f"{lang}/{file.stem}")
        tone(file)


def test_a_second_run_makes_nothing_and_a_better_voice_stays(tmp_path: Path) -> None:
    pen, lines = Pen(), list[str]()
    first = build(tmp_path, [Lang.JA], pen, lines.append)
    assert first.made == len(phrases(Lang.JA)) == len(pen.recorded)
    assert not missing(tmp_path, Lang.JA)
    assert lines[-1].startswith(f"ja: {first.made} of {first.made}")
    better = tmp_path / "ja" / "ready.headline.wav"
    tone(better, 5)
    voice = better.read_bytes()
    second = build(tmp_path, [Lang.JA], pen, lines.append)
    assert (second.made, second.kept, second.others) == (0, first.made, 1)
    assert better.read_bytes() == voice
    better.unlink()
    assert build(tmp_path, [Lang.JA], pen, lines.append).made == 1


def test_a_sentence_that_changed_is_recorded_anew(tmp_path: Path) -> None:
    pen = Pen()
    build(tmp_path, [Lang.JA], pen, lambda line: None)
    known = listed(tmp_path)
    known["ja"]["ready.body"]["text"] = "what it said in the last release"
    (tmp_path / "voice.json").write_text(json.dumps(known), "utf-8")
    pen.recorded.clear()
    build(tmp_path, [Lang.JA], pen, lambda line: None)
    assert pen.recorded == ["ja/ready.body"]


class Tired(Pen):
    """Is broken off in the middle of a sentence."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def record(self, spoken: str, lang: str, file: Path) -> None:
        if len(self.recorded) == self.after:
            file.write_bytes(b"RIFF")
            raise SystemExit
        super().record(spoken, lang, file)


def test_a_run_that_was_broken_off_leaves_whole_recordings_and_goes_on(
    tmp_path: Path,
) -> None:
    with pytest.raises(SystemExit):
        build(tmp_path, [Lang.JA], Tired(after=7), lambda line: None)
    there = sorted((tmp_path / "ja").iterdir())
    assert len(there) == 7
    assert all(length_s(file) > 0 for file in there)
    again = build(tmp_path, [Lang.JA], Pen(), lambda line: None)
    assert (again.made, again.kept, again.others) == (len(phrases(Lang.JA)) - 7, 7, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ja", "voice.json"]


@needs_espeak
@pytest.mark.parametrize("lang", [Lang.JA, Lang.EN])
def test_every_sentence_has_a_reading(lang: Lang) -> None:
    texts = phrases(lang)
    together = Espeak().read("\n".join(texts.values()), lang.value)
    assert together
    assert not any("一" <= letter <= "龯" for letter in together)


@needs_espeak
def test_japanese_is_read_as_it_sounds() -> None:
    espeak = Espeak()
    read = espeak.read("カードはそのままで、右下の健診へ", "ja")
    assert read == "カードワソノママデ、ミギシタノケンシンエ"
    easy = espeak.read("カードを もって いそぐ ひとは うけつけへ。", "ja-easy")
    assert easy == "カードヲモッテイソグヒトワウケツケエ。"


@needs_espeak
def test_the_voice_makes_sound(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    espeak = Espeak()
    espeak.record(espeak.read("カードを置いてください", "ja"), "ja", file)
    with wave.open(str(file), "rb") as made:
        assert made.getsampwidth() == 2
        assert made.getnframes() / made.getframerate() > 1.0
        assert any(made.readframes(made.getnframes()))


def test_a_missing_voice_names_its_packages(tmp_path: Path) -> None:
    with pytest.raises(PartError, match="apt install espeak-ng"):
        Espeak("no-such-voice").record("a", "en", tmp_path / "a.wav")


def test_the_commands_say_what_is_missing(tmp_path: Path) -> None:
    run = CliRunner().invoke
    build(tmp_path, [Lang.EN], Pen(), lambda line: None)
    assert run(app, ["check", "--dir", str(tmp_path), "--lang", "en"]).exit_code == 0
    failed = run(app, ["check", "--dir", str(tmp_path), "--lang", "ja", "--json"])
    assert failed.exit_code == 1
    assert "ready.body" in failed.output
    script = run(app, ["list", "--lang", "en"]).output.splitlines()
    assert len(script) == len(phrases(Lang.EN))
    assert all(line.startswith("en/") and ".wav\t" in line for line in script)


# -- aplay --------------------------------------------------------------------------


def stood_for(folder: Path, does: str) -> str:
    """A command in aplay's place, with its arguments and its exit code."""
    command = folder / "aplay"
    command.write_text(f"#!/bin/sh\n{does}\n", "utf-8")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    return str(command)


async def test_aplay_gets_the_recording_on_the_device_at_the_volume(
    tmp_path: Path,
) -> None:
    tone(tmp_path / "a.wav")
    heard = tmp_path / "heard.wav"
    command = stood_for(tmp_path, f'echo "$@" > {tmp_path}/args; cat > {heard}')
    player: Player = AplayPlayer("room", "plughw:1,0", command)
    peaks = []
    for volume in (1, 2, 3, 4, 5):
        await player.play(tmp_path / "a.wav", Output.HEADPHONES, volume)
        with wave.open(str(heard), "rb") as made:
            frame = made.readframes(1)
        peaks.append(int.from_bytes(frame, "little", signed=True))
    assert peaks == sorted(set(peaks))
    assert peaks[-1] == 10_000
    assert (tmp_path / "args").read_text() == "-q -t wav -D plughw:1,0 -\n"


async def test_a_broken_off_recording_is_silent_at_once(tmp_path: Path) -> None:
    tone(tmp_path / "a.wav")
    pid = tmp_path / "pid"
    command = stood_for(tmp_path, f"echo $$ > {pid}; cat >/dev/null; exec sleep 60")
    player = AplayPlayer("room", "ears", command)
    playing = asyncio.create_task(player.play(tmp_path / "a.wav", Output.SPEAKER, 3))
    for _ in range(500):
        await asyncio.sleep(0.01)
        if pid.exists() and pid.read_text().strip():
            break
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


async def test_a_device_that_does_not_play_is_named_with_its_reason(
    tmp_path: Path,
) -> None:
    tone(tmp_path / "a.wav")
    command = stood_for(tmp_path, "cat >/dev/null; echo 'no such device' >&2; exit 1")
    with pytest.raises(PartError, match=r"D704 sound: room does not play \(no such"):
        await AplayPlayer("room", "ears", command).play(
            tmp_path / "a.wav", Output.SPEAKER, 3
        )


async def test_no_aplay_and_no_recording_are_named(tmp_path: Path) -> None:
    tone(tmp_path / "a.wav")
    player = AplayPlayer("room", "ears", "no-such-aplay")
    with pytest.raises(PartError, match=r"no-such-aplay is missing.*alsa-utils"):
        await player.play(tmp_path / "a.wav", Output.SPEAKER, 3)
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    with pytest.raises(PartError, match=r"D704 sound: a\.wav is no WAV"):
        await player.play(tmp_path / "a.wav", Output.SPEAKER, 3)
