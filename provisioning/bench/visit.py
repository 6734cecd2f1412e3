"""A face visit through the whole house: the machine's time, step by step, and presses.

The demo's clinic is started, and one fictitious patient comes twice. What the reader
itself says of the visits is taken, as GET /visits has it.
"""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from provisioning.bench.report import Row
from provisioning.bench.stage import BenchError
from provisioning.demo.patient import NotAsScriptedError
from provisioning.demo.processes import ProcessDiedError
from provisioning.demo.progress import Progress
from provisioning.demo.stack import STEPS, clinic
from provisioning.demo.stage import NO, YES, Stage

WHO = "sato-hanako"
PRESSES_GOAL = 3
"""From identity to done, for a patient who was here before."""
ASKED_AT_MOST = 3
KEPT = ("photos", "models")
"""What costs time and holds no secret: rendered photos, installed packs."""
Say = Callable[[str], None]
Fact = Mapping[str, Any]


def visit_rows(home: Path, say: Say) -> list[Row]:
    """Rows of two visits. `home` keeps rendered photos and packs, and nothing else.

    Raises BenchError where no clinic can be started or a visit ends otherwise.
    """
    say("visit: a clinic of its own, and one patient twice")
    with tempfile.TemporaryDirectory(prefix="shikaku-bench-visit-") as folder:
        own = Path(folder)
        for name in KEPT:
            (home / name).mkdir(parents=True, exist_ok=True)
            (own / name).symlink_to((home / name).resolve())
        try:
            progress = Progress(STEPS)
            with clinic(own, progress, persons=0, assist=False, hasty=True) as running:
                say(f"visit: face {running.face.mode}, {running.face.pack}")
                return rows_of(*two_visits(running.stage()))
        except (NotAsScriptedError, ProcessDiedError) as error:
            raise BenchError(f"visit: {error}") from error


def rows_of(first: Fact, again: Fact) -> list[Row]:
    """From what the reader says of the visits. A name after the slash is the
    reference."""
    whole = first["ms"]["total_machine"]
    return [
        Row("face visit, machine", whole, "ms"),
        *(
            Row(f"face visit, {state} / whole", ms, "ms", whole)
            for state, ms in machine_ms(first).items()
        ),
        Row(
            "the same patient again, machine / first",
            again["ms"]["total_machine"],
            "ms",
            whole,
        ),
        Row(
            "the same patient again, identity to done / goal",
            again["presses"],
            "keys",
            PRESSES_GOAL,
        ),
    ]


def machine_ms(fact: Fact) -> dict[str, int]:
    """Milliseconds of every state in which the machine was at work, in order."""
    found: dict[str, int] = {}
    for step in fact["steps"]:
        if not step["person"]:
            found[step["state"]] = found.get(step["state"], 0) + step["ms"]
    return found


def two_visits(stage: Stage) -> tuple[Fact, Fact]:
    """The reader's facts of the first visit and of the second."""
    stage.begin()
    stage.comes_in(WHO)
    stage.shows_face()
    stage.answers(YES, NO, YES)
    stage.goes()
    stage.begin()
    stage.comes_in(WHO)
    stage.shows_face()
    _says_the_same(stage)
    stage.goes()
    first, again = stage.patient.visits()[-2:]
    for fact in (first, again):
        stage.expect("outcome", fact["outcome"], "accepted")
    return first, again


def _says_the_same(stage: Stage) -> None:
    """Agrees to what is asked anew, and sends what stands from last time."""
    for number in range(1, ASKED_AT_MOST + 1):
        if stage.patient.wait_for("ask_consent", "confirm_consent") != "ask_consent":
            break
        stage.question(number)
        stage.patient.press(YES)
    stage.patient.wait_for("confirm_consent")
    stage.patient.press(YES)
