"""shikaku-cloud check: a number's shape and its check digit."""

import json
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer

from protocol.numbers import (
    NumberError,
    facility_code,
    insurer_number,
    public_expense_number,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

app = typer.Typer()


@app.callback()
def _numbers() -> None:
    """Keeps `check` a verb of its own."""


class NumberKind(StrEnum):
    INSURER = "insurer"
    FACILITY = "facility"
    PUBLIC_EXPENSE = "public-expense"


_CHECKS: dict[NumberKind, Callable[[str], str]] = {
    NumberKind.INSURER: insurer_number,
    NumberKind.FACILITY: facility_code,
    NumberKind.PUBLIC_EXPENSE: public_expense_number,
}


@app.command()
def check(kind: NumberKind, number: str, as_json: AsJson = False) -> None:
    """Check the shape and the check digit of a number; exit code 1 when wrong.

    Says which digit: the check digit, or what alone would put each other one right
    (suspects; prefectures and laws narrow them down).

    Example: shikaku-cloud check insurer 01130012
    """
    try:
        _CHECKS[kind](number)
    except NumberError as error:
        found: dict[str, object] = {
            "valid": False,
            "problem": str(error),
            "position": error.position,
            "suspects": [
                {"position": place, "digit": digit} for place, digit in error.suspects
            ],
        }
        _say(str(error), found, as_json)
        raise typer.Exit(1) from error
    _say("valid", {"valid": True}, as_json)


def _say(sentence: str, data: dict[str, object], as_json: bool) -> None:
    typer.echo(json.dumps(data) if as_json else sentence)
