"""shikaku-cloud oqs: one file, a folder, a check, the kinds."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud.cli import app
from cloud.oqs.answer import Answer
from cloud.oqs.folder import Folder
from protocol.oqs.document import Document, Element, parse
from protocol.oqs.names import KINDS
from tests.cloud.command_desk import FACILITY, INSURER, Desk
from tests.cloud.oqs_world import asked, file

NAME = "OQSsiquc01req_0001.xml"


def question(**changes: str) -> Element:
    who = {
        "InsurerNumber": INSURER,
        "InsuredCardSymbol": "12",
        "InsuredIdentificationNumber": "34",
    }
    return asked(**{**who, **changes})


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.knows()
    return made


def read(path: Path) -> Document:
    return parse(path.read_bytes(), limit=1 << 20)


def test_a_file_is_answered_beside_itself(desk: Desk, tmp_path: Path) -> None:
    asking = tmp_path / NAME
    asking.write_bytes(file(question(), facility=FACILITY))
    words = ("oqs", "answer", str(asking), "--facility", FACILITY, "--json")
    code, said, _ = desk.runs(*words)
    assert code == 0
    answer = Path(json.loads(said)["file"])
    assert answer.name == "OQSsiquc01res_0001.xml"
    assert read(answer).body.get("QualificationValidity") == "1"
    assert asking.exists()


def test_a_refused_file_is_answered_too_and_ends_with_1(
    desk: Desk, tmp_path: Path
) -> None:
    asking = tmp_path / NAME
    asking.write_bytes(file(question(), facility="1310000016"))
    code, said, _ = desk.runs("oqs", "answer", str(asking), "--facility", FACILITY)
    assert code == 1
    assert "B159" in said
    answer = read(tmp_path / "OQSsiquc01res_0001.xml")
    assert answer.header.get("ErrorCode") == "B159"


def test_a_folder_is_served(desk: Desk, tmp_path: Path) -> None:
    req, res = tmp_path / "OQS" / "req", tmp_path / "OQS" / "res"
    req.mkdir(parents=True)
    res.mkdir()
    (req / NAME).write_bytes(file(question(), facility=FACILITY))
    (req / "OQSsiquc01req_0002.xml").write_bytes(b"<XmlMsg>")
    (req / "花子.xml").write_bytes(b"")
    words = ("oqs", "serve", str(tmp_path / "OQS"), "--facility", FACILITY)
    code, said, _ = desk.runs(*words, "--once", "--json")
    assert code == 0
    lines = [json.loads(one) for one in said.splitlines()]
    assert sorted((one["outcome"], one["code"]) for one in lines) == [
        ("answered", ""),
        ("left", "B150"),
        ("refused", "B151"),
    ]
    assert "花子" not in said
    assert [one.name for one in req.iterdir()] == ["花子.xml"]
    assert read(res / "OQSsiquc01res_0001.xml").body.get("QualificationValidity") == "1"


def test_a_file_that_still_changes_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "req").mkdir()
    (tmp_path / "res").mkdir()
    folder = Folder(tmp_path, lambda name, *_: Answer("OQSsiquc01res_0001.xml", b"x"))
    asking = tmp_path / "req" / NAME
    for size in (10, 20, 30):
        asking.write_bytes(b"x" * size)
        assert list(folder.look()) == []
    assert [one.outcome for one in folder.look()] == ["answered"]
    assert not asking.exists()


def test_a_check_says_what_and_where_without_a_value(tmp_path: Path) -> None:
    sound = tmp_path / NAME
    sound.write_bytes(file(question()))
    done = CliRunner().invoke(app, ["oqs", "check", str(sound), "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["kind"], told["encoding"]) == ("OQSsiquc01", "UTF-8")
    sound.write_bytes(
        file(question()).replace(b"<Birthdate>", b"<Birthdate>1</Birthdate><Birthdate>")
    )
    done = CliRunner().invoke(app, ["oqs", "check", str(sound), "--json"])
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {
        "code": "B155",
        "place": "MessageBody/QualificationConfirmSearchInfo/Birthdate",
    }
    assert "1970" not in done.stdout


def test_the_kinds_are_listed() -> None:
    done = CliRunner().invoke(app, ["oqs", "kinds", "--json"])
    assert done.exit_code == 0
    assert len(json.loads(done.stdout)) == len(KINDS)
    plain = CliRunner().invoke(app, ["oqs", "kinds"]).stdout
    assert all(kind.prefix in plain for kind in KINDS)


def test_what_is_missing_is_said(tmp_path: Path, desk: Desk) -> None:
    gone = str(tmp_path / "OQSsiquc01req_9.xml")
    assert desk.runs("oqs", "answer", gone, "--facility", FACILITY)[0] == 2
    assert desk.runs("oqs", "serve", gone, "--facility", FACILITY)[0] == 2
    assert CliRunner().invoke(app, ["oqs", "check", gone]).exit_code == 2


def test_every_command_has_an_example() -> None:
    for words in ("", "answer", "serve", "check", "kinds"):
        done = CliRunner().invoke(app, ["oqs", *words.split(), "--help"])
        assert "Example: shikaku-cloud oqs" in done.output
