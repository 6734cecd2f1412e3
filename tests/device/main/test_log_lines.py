"""What reaches the log: short facts; nothing that could hold a person."""

from device.log_lines import LONGEST, plain_facts
from protocol.codes import Sex
from protocol.messages import Patient

PATIENT = Patient(
    name="資格 花子", name_kana="シカク ハナコ", birth_date="1958-07-04", sex=Sex.FEMALE
)


def test_objects_and_bytes_are_withheld() -> None:
    line = plain_facts(None, "info", {"patient": PATIENT, "photo": b"\xff\xd8"})
    assert line == {
        "patient": "<Patient withheld>",
        "photo": "<bytes withheld>",
    }
    assert "花子" not in str(line)


def test_collections_are_withheld_whatever_is_inside() -> None:
    line = plain_facts(None, "info", {"who": ["花子"], "map": {"a": 1}})
    assert "花子" not in str(line)


def test_facts_pass_and_long_text_is_cut() -> None:
    facts = {"event": "x" * 1000, "count": 3, "ok": True, "none": None, "s": 0.5}
    line = plain_facts(None, "info", dict(facts))
    assert line == facts | {"event": "x" * LONGEST}
