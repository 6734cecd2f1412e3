"""The demo's own rules: what a script reports, and that processes end."""

import sys
from pathlib import Path
from typing import Any

import pytest

from provisioning.demo.facility import arrived, read
from provisioning.demo.morning import MORNING, Visit
from provisioning.demo.patient import NotAsScriptedError, Patient
from provisioning.demo.processes import ProcessDiedError, Processes
from provisioning.demo.stage import Stage
from provisioning.demo.transcript import machine_steps, play, summary

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


class StillPatient(Patient):
    """A patient whose reader does nothing but say it is ready."""

    def __init__(self, outcome: str) -> None:
        super().__init__(0)
        self.outcome = outcome
        self.played: list[dict[str, Any]] = []

    def put(self, persona: str) -> None:
        self.played.append(
            {"method": "pin", "outcome": self.outcome, "ms": {"card": 1}, "code": None}
        )

    def take(self) -> None:
        pass

    def stand(self, persona: str | None, **pose: float | str) -> None:
        pass

    def state(self) -> dict[str, Any]:
        return {"view": "ready", "seq": 1}

    def shots(self) -> list[dict[str, Any]]:
        return []

    def visits(self) -> list[dict[str, Any]]:
        return list(self.played)


def stage(folder: Path, outcome: str = "accepted") -> Stage:
    return Stage(StillPatient(outcome), folder, {}, lambda: None, lambda: None)


def comes_and_goes(on: Stage) -> None:
    on.patient.put("somebody")


def is_disappointed(on: Stage) -> None:
    on.patient.put("somebody")
    raise NotAsScriptedError("saw something else")


def test_a_visit_with_another_outcome_has_failed(tmp_path: Path) -> None:
    visits = [Visit("a", "accepted", comes_and_goes)]
    (record,) = play(visits, stage(tmp_path, "refused"), lambda _: None)
    assert "outcome is 'refused', not 'accepted'" in record.why_not


def test_a_failed_visit_is_told_and_the_next_is_tried(tmp_path: Path) -> None:
    told: list[str] = []
    visits = [
        Visit("first", "accepted", is_disappointed),
        Visit("second", "accepted", comes_and_goes),
    ]
    result = summary(play(visits, stage(tmp_path), told.append))
    assert (result["passed"], result["failed"]) == (1, 1)
    assert "saw something else" in told[0]
    assert result["visits"][1] == {
        "name": "second",
        "method": "pin",
        "outcome": "accepted",
        "screens": [],
        "ms": {"card": 1, "face": None, "round_trip": None, "total_machine": None},
        "steps": [],
        "presses": 0,
    }


def test_the_machines_steps_stand_on_a_line_of_their_own() -> None:
    steps = (
        {"state": "reading card", "ms": 212, "person": False},
        {"state": "choosing", "ms": 9000, "person": True},
        {"state": "looking", "ms": 640, "person": False},
    )
    assert machine_steps(steps) == "reading card 212  looking 640 ms"
    assert machine_steps(steps[1:2]) == ""


def test_an_outcome_is_never_taken_from_the_visit_before(tmp_path: Path) -> None:
    visits = [
        Visit("first", "accepted", comes_and_goes),
        Visit("second", "accepted", lambda _: None),
    ]
    _, second = play(visits, stage(tmp_path), lambda _: None)
    assert second.why_not


def test_the_morning_holds_the_twelve_stories() -> None:
    assert len({visit.name for visit in MORNING}) == 12


def test_a_process_that_dies_at_the_start_is_told_with_its_log(tmp_path: Path) -> None:
    dying = [sys.executable, "-c", "print('no such port'); raise SystemExit(3)"]
    with (
        Processes(tmp_path) as processes,
        pytest.raises(ProcessDiedError, match=r"ended with 3(.|\n)*no such port"),
    ):
        processes.start("cloud", dying, lambda: False)


def test_whatever_was_started_has_ended_when_the_block_is_left(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        processes.start("one", SLEEPER, lambda: True)
        processes.start("two", SLEEPER, lambda: True)
        children = list(processes.running.values())
        assert [child.poll() for child in children] == [None, None]
    assert all(child.poll() is not None for child in children)


def test_a_process_that_falls_later_is_named(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        processes.start("reader", SLEEPER, lambda: True)
        assert processes.fallen() is None
        processes.running["reader"].kill()
        processes.running["reader"].wait(10)
        story = processes.fallen()
        assert story is not None
        assert story.startswith("reader ended with -9")


def test_a_half_written_result_has_not_arrived(tmp_path: Path) -> None:
    name = "OQSsiquc01res_face_x_20261123090000.xml"
    (tmp_path / f".{name}.part").write_text("<XmlMsg>")
    assert arrived(tmp_path) == []
    (tmp_path / name).write_text(
        "<XmlMsg><DiagnosisInfoConsFlg>1</DiagnosisInfoConsFlg></XmlMsg>"
    )
    (path,) = arrived(tmp_path)
    assert read(path).consent("DiagnosisInfo") == "1"
    assert read(path).consent("OperationInfo") == ""
