"""What a scripted morning leaves: one record a visit, as text and as JSON."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from provisioning.demo.morning import Visit
from provisioning.demo.patient import NotAsScriptedError
from provisioning.demo.stage import Stage

PARTS = ("card", "face", "round_trip", "total_machine")


@dataclass(frozen=True, slots=True)
class Played:
    name: str
    method: str
    outcome: str
    screens: tuple[str, ...]
    ms: dict[str, float | None]
    steps: tuple[Mapping[str, Any], ...] = ()
    """state, ms, person: up to the decision, in order."""
    presses: int = 0
    """From identity to the decision."""
    why_not: str = ""
    """Empty: it ended as scripted."""

    def as_json(self) -> dict[str, Any]:
        record: dict[str, Any] = {
            "name": self.name,
            "method": self.method,
            "outcome": self.outcome,
            "screens": list(self.screens),
            "ms": self.ms,
            "steps": [dict(step) for step in self.steps],
            "presses": self.presses,
        }
        return record | ({"error": self.why_not} if self.why_not else {})


def play(
    visits: Iterable[Visit], stage: Stage, say: Callable[[str], None]
) -> list[Played]:
    """Play them in order. A visit that fails is told, and the next one is tried."""
    played = []
    for visit in visits:
        record = _play_one(visit, stage)
        say(_line(record))
        played.append(record)
    return played


def _play_one(visit: Visit, stage: Stage) -> Played:
    before = len(stage.patient.visits())
    why_not = ""
    try:
        stage.begin()
        visit.play(stage)
        fact = _fact(stage, before)
        stage.expect("outcome", fact.get("outcome"), visit.outcome)
    except NotAsScriptedError as error:
        why_not = str(error)
        stage.patient.take()
        stage.patient.stand(None)
    fact = _fact(stage, before)
    return Played(
        visit.name,
        str(fact.get("method") or ""),
        str(fact.get("outcome") or ""),
        tuple(str(screen["path"]) for screen in stage.patient.screens()),
        {part: fact.get("ms", {}).get(part) for part in PARTS},
        tuple(fact.get("steps", ())),
        int(fact.get("presses", 0)),
        why_not,
    )


def _fact(stage: Stage, before: int) -> dict[str, Any]:
    """What the reader's visit log says of the visit that was just played."""
    new = stage.patient.visits()[before:]
    return new[-1] if new else {}


def _line(record: Played) -> str:
    mark = "ok  " if not record.why_not else "FAIL"
    times = "  ".join(
        f"{part} {value:.0f} ms"
        for part, value in record.ms.items()
        if value is not None
    )
    text = (
        f"{mark} {record.name}: {record.method or '-'}, {record.outcome or '-'}, "
        f"{len(record.screens)} screens  {times}"
    )
    below = (machine_steps(record.steps), record.why_not)
    return "\n     ".join(filter(None, (text, *below)))


def machine_steps(steps: Iterable[Mapping[str, Any]]) -> str:
    """ "reading card 212  looking 640 ms": the machine's alone; empty without any."""
    said = "  ".join(
        f"{step['state']} {step['ms']}" for step in steps if not step["person"]
    )
    return f"{said} ms" if said else ""


def summary(played: list[Played]) -> dict[str, Any]:
    """The JSON form: passed, failed, visits."""
    failed = sum(1 for record in played if record.why_not)
    return {
        "passed": len(played) - failed,
        "failed": failed,
        "visits": [record.as_json() for record in played],
    }
