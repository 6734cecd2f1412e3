"""`shikaku-sim training`: the twelve irregular patients of the training."""

import json
from typing import Annotated, Any

import typer

from device.simulated.training.case import Case
from device.simulated.training.cases import CASES
from device.simulated.training.record import PASSED_PERCENT


def training(
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """The irregular patients who come in the training of `make demo`'s page.

    Id, points, and what each is about. Everybody is fictitious.

    Example: shikaku-sim training --json
    """
    if as_json:
        rows = [row(case) for case in CASES]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for case in CASES:
        typer.echo(f"{case.id:14} {case.points:2}  {case.title.ja}")
        typer.echo(f"{'':14}     {case.title.en} ({', '.join(case.codes)})")
    points = sum(case.points for case in CASES)
    typer.echo(
        f"{len(CASES)} patients, {points} points; passed from {PASSED_PERCENT} %"
    )


def row(case: Case) -> dict[str, Any]:
    """Without the answers."""
    return {
        "id": case.id,
        "title_ja": case.title.ja,
        "title_en": case.title.en,
        "points": case.points,
        "codes": list(case.codes),
        "card": case.scene.card,
        "stands": case.scene.stands,
        "line": case.scene.line,
        "card_fault": case.scene.card_fault,
    }
