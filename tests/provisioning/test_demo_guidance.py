"""The demo's reader speaks what is recorded, and a demo without a voice goes on."""

import sys
from pathlib import Path

import pytest

from device.adapters.model_folder import SHIPPED
from device.config import load
from provisioning.demo.configurations import reader_file
from provisioning.demo.guidance import INSTALL, TOOLS, Guidance, folder_of, why_silent
from provisioning.demo.models import Face
from provisioning.demo.processes import Processes
from tests.support.reader_desk import reader_desk
from tests.support.recordings import voice_folder
from ui_eink.views import Lang

SPOKEN = [sys.executable, "-c", "print('recorded')"]
FAILING = [sys.executable, "-c", "raise SystemExit('no reading for a word')"]


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A path with nothing on it but what a test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        (folder / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_without_the_tools_the_reader_is_silent_and_says_what_to_install(
    tools: Path, tmp_path: Path
) -> None:
    (tools / "mecab").unlink()
    assert folder_of(tmp_path) is None
    assert why_silent() == f"silent: mecab not installed; run: {INSTALL}"


def test_what_was_recorded_before_is_spoken_without_the_tools(
    tools: Path, tmp_path: Path
) -> None:
    (tools / "mecab").unlink()
    voice = voice_folder(tmp_path / "voice", [Lang.JA])
    (voice / "voice.json").write_text("{}")
    assert folder_of(tmp_path) == voice
    assert Guidance(voice).recording() is None


@pytest.mark.usefixtures("tools")
def test_only_what_is_not_there_is_recorded(tmp_path: Path) -> None:
    voice = tmp_path / "voice"
    assert folder_of(tmp_path) == voice
    assert Guidance(voice).recording() == ["voice", "build", "--out", str(voice)]
    voice_folder(voice, Lang)
    assert Guidance(voice).recording() is None


def test_a_language_that_can_be_heard_is_news_once(tmp_path: Path) -> None:
    guidance = Guidance(tmp_path)
    assert guidance.count.startswith("0 of 1,")
    assert guidance.news() is None
    voice_folder(tmp_path, [Lang.JA])
    assert "ja can be heard (" in str(guidance.news())
    assert guidance.news() is None


def test_recording_ends_by_itself_and_that_is_no_fall(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        processes.errand("voice", SPOKEN)
        processes.running["voice"].wait(20)
        assert processes.fallen() is None
        assert processes.failed("voice") is None
    assert "recorded" in (tmp_path / "voice.log").read_text()


def test_a_recording_that_fails_is_told_with_its_log_and_the_desk_goes_on(
    tmp_path: Path,
) -> None:
    with Processes(tmp_path) as processes:
        processes.errand("voice", FAILING)
        processes.running["voice"].wait(20)
        assert processes.fallen() is None
        assert "no reading for a word" in str(processes.failed("voice"))


def test_recording_ends_with_the_desk(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        processes.errand("voice", ["sleep", "60"])
        child = processes.running["voice"]
    assert child.poll() is not None


def test_the_reader_is_given_the_folder_only_where_there_is_a_voice(
    tmp_path: Path,
) -> None:
    at = reader_desk(tmp_path / "desk")
    front = load(at.config).front
    assert front is not None
    assert front.voice is None
    face = Face("assist", SHIPPED, (), tmp_path / "models")
    reader_file(at.desk, at.keys, face, hasty=False, voice=tmp_path)
    front = load(at.config).front
    assert front is not None
    assert front.voice == tmp_path
