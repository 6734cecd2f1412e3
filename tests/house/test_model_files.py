"""Without sound models a reader refuses to start, and says what to do."""

import shutil
import signal
from pathlib import Path

import pytest

from device.adapters.model_folder import shipped_folder
from tests.support import house
from tests.support.house_clinic import has_one_action
from tests.support.reader_desk import ReaderDesk, eventually, reader_desk, running


@pytest.fixture
def desk(tmp_path: Path) -> ReaderDesk:
    """A reader without a clinic, with a copy of the shipped models as a pack."""
    at = reader_desk(tmp_path)
    shutil.copytree(shipped_folder(), tmp_path / "models" / "copy")
    at.edit('pack = "dlib-resnet"', 'pack = "copy"')
    return at


def refuses_to_start(desk: ReaderDesk, named: str) -> None:
    done = desk.command("run")
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    (said,) = (line for line in lines if line.startswith("F204"))
    assert named in said
    assert len([line for line in lines if line.startswith("  do now")]) == 1
    assert "Traceback" not in done.stderr
    has_one_action("F204")


def starts(desk: ReaderDesk) -> None:
    log = desk.desk.path("logs", "reader")
    command = [str(house.COMMANDS / "shikaku-reader"), "run"]
    with running([*command, "--config", str(desk.config)], log) as process:
        eventually(log, "reader open")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_missing_model_file(desk: ReaderDesk, tmp_path: Path) -> None:
    file = tmp_path / "models" / "copy" / "face_landmark.tflite"
    content = file.read_bytes()
    file.unlink()
    refuses_to_start(desk, file.name)
    file.write_bytes(content)
    starts(desk)


def test_a_damaged_model_file(desk: ReaderDesk, tmp_path: Path) -> None:
    file = tmp_path / "models" / "copy" / "face_landmark.tflite"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    refuses_to_start(desk, file.name)
