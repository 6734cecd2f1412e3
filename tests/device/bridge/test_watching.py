"""What passes is shown, and whose it is, is not."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device.bridge.watching import Outcome, Passed, Watching
from device.cli import app
from protocol.catalogue import Code
from protocol.oqs.document import leaves, written
from protocol.oqs.reply import Segment, Sender, header, refused
from protocol.oqs.text import Encoding
from tests.device.config.test_config import BRIDGE, GOOD
from tests.support.receipt_computer import FACILITY, NAME, request

SENDER = Sender(FACILITY, Encoding.UTF8)
NUMBER = "patient4711"
ASKED = f"OQSsiquc01req_{NUMBER}.xml"
ANSWERED = f"OQSsiquc01res_{NUMBER}.xml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("req", "res", "face"):
        (tmp_path / part).mkdir()
    return tmp_path


def seen(watching: Watching, now: float) -> list[Passed]:
    return list(watching.look(now))


def test_a_question_its_answer_and_its_fetching_are_three_lines(folder: Path) -> None:
    watching = Watching(folder)
    (folder / "req" / ASKED).write_bytes(request())
    assert seen(watching, 0) == [Passed("OQSsiquc01", len(request()), Outcome.ASKED)]
    assert seen(watching, 1) == []
    answer = written(header(SENDER, 0, Segment.ENDED), (), Encoding.UTF8)
    (folder / "res" / ANSWERED).write_bytes(answer)
    (folder / "req" / ASKED).unlink()
    assert seen(watching, 2) == [
        Passed("OQSsiquc01", len(answer), Outcome.ANSWERED, "", 2.0)
    ]
    (folder / "res" / ANSWERED).unlink()
    assert seen(watching, 3) == [Passed("OQSsiquc01", len(answer), Outcome.TAKEN)]


def test_a_refusal_has_its_code_and_not_yet_is_told_apart(folder: Path) -> None:
    watching = Watching(folder)
    no = refused(SENDER, 0, Code.OQS_DUPLICATE, "place")
    (folder / "res" / ANSWERED).write_bytes(no)
    waiting = header(SENDER, 0, Segment.PROCESSING)
    later = written(waiting, leaves(("ReceptionNumber", "1")), Encoding.SHIFT_JIS)
    (folder / "res" / "OQSmuquc02res_1.xml").write_bytes(later)
    found = {one.kind: (one.outcome, one.code) for one in seen(watching, 0)}
    assert found == {
        "OQSsiquc01": (Outcome.REFUSED, "B155"),
        "OQSmuquc02": (Outcome.PROCESSING, ""),
    }


def test_another_systems_code_is_not_repeated(folder: Path) -> None:
    """It could be anything, and we do not know what."""
    top = header(SENDER, 0, Segment.ABNORMAL, error=(("ErrorCode", "資格 花子"),))
    (folder / "res" / ANSWERED).write_bytes(written(top, (), Encoding.UTF8))
    (one,) = seen(Watching(folder), 0)
    assert one.code == "other"


def test_an_answer_that_never_comes_is_said_once(folder: Path) -> None:
    watching = Watching(folder, patience_s=30)
    (folder / "req" / NAME).write_bytes(request())
    seen(watching, 0)
    assert seen(watching, 29) == []
    (one,) = seen(watching, 31)
    assert (one.outcome, one.code, one.waited_s) == (Outcome.WAITING, "B160", 31.0)
    assert seen(watching, 60) == []


def test_a_pushed_result_is_its_own_kind_of_line(folder: Path) -> None:
    name = "OQSsiquc01res_face_018672501234_20230221184855.xml"
    (folder / "face" / name).write_bytes(b"<XmlMsg/>")
    (one,) = seen(Watching(folder), 0)
    assert one.outcome is Outcome.PUSHED


def test_what_has_no_name_of_the_exchange_is_strange(folder: Path) -> None:
    (folder / "req" / "花子.xml").write_bytes(b"")
    (folder / "req" / ".hidden").write_bytes(b"")
    (one,) = seen(Watching(folder), 0)
    assert (one.kind, one.outcome, one.code) == ("", Outcome.STRANGE, "B150")


@pytest.mark.parametrize("as_json", [False, True])
def test_the_command_shows_neither_names_nor_numbers(
    folder: Path, as_json: bool
) -> None:
    (folder / "req" / ASKED).write_bytes(request("4711"))
    (folder / "req" / "花子.xml").write_bytes(b"")
    words = ["bridge", "watch", str(folder), "--for", "0.2", "--every", "0.1"]
    words += ["--patience", "0.1", *(["--json"] if as_json else [])]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "花子" not in done.output
    assert "4711" not in done.output
    lines = done.stdout.splitlines()
    if as_json:
        told = [json.loads(one) for one in lines]
        assert {one["outcome"] for one in told} >= {"asked", "strange", "waiting"}
        assert {"at", "kind", "size", "outcome", "code", "waited_s"} == set(told[0])
    else:
        assert any("B160" in one for one in lines)


def test_a_folder_that_is_not_there_is_a_wrong_command(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["bridge", "watch", str(tmp_path / "no")])
    assert done.exit_code == 2


def test_every_command_has_an_example() -> None:
    for words in (["bridge"], ["bridge", "watch"], ["bridge", "run"]):
        done = CliRunner().invoke(app, [*words, "--help"])
        assert "Example: shikaku-reader bridge" in done.output


def test_a_bridge_without_its_section_does_not_run(tmp_path: Path) -> None:
    file = tmp_path / "reader.toml"
    file.write_text(GOOD)
    done = CliRunner().invoke(app, ["bridge", "run", "--config", str(file)])
    assert done.exit_code == 2
    assert "there is no [bridge] section" in done.output


def test_a_bridge_without_its_certificates_says_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "reader.toml"
    file.write_text(GOOD + BRIDGE)
    done = CliRunner().invoke(app, ["bridge", "run", "--config", str(file)])
    assert done.exit_code == 1
    assert "D702 bridge" in done.output
