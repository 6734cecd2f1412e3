"""The list of pairs: a CSV file with columns a, b, same, and maybe group."""

import csv
from dataclasses import dataclass
from pathlib import Path

SAME = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class PairsError(ValueError):
    """One line that says what in the list or among the pictures is wrong."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures and whether they show one person."""

    a: str
    """The live picture; as the file says it, below the root."""
    b: str
    """The reference: it plays the card's photo."""
    same: bool
    group: str = ""


def read_pairs(path: Path) -> list[Pair]:
    """Every row, in order. Raises PairsError with the line at fault."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return _rows(csv.DictReader(lines), path.name)
    except OSError as error:
        raise PairsError(f"{path} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise PairsError(f"{path.name} is not a CSV file in UTF-8") from error


def _rows(reader: "csv.DictReader[str]", name: str) -> list[Pair]:
    if not {"a", "b", "same"} <= set(reader.fieldnames or ()):
        raise PairsError(f"{name}: its first line must name the columns a,b,same")
    pairs = [_pair(row, f"{name} line {reader.line_num}") for row in reader]
    if not pairs:
        raise PairsError(f"{name} holds no pair")
    return pairs


def _pair(row: dict[str, str | None], where: str) -> Pair:
    a, b = (row["a"] or "").strip(), (row["b"] or "").strip()
    same = SAME.get((row["same"] or "").strip().lower())
    if not (a and b):
        raise PairsError(f"{where}: a and b each name a picture")
    if same is None:
        raise PairsError(f"{where}: same is 1 or 0")
    if a == b:
        raise PairsError(f"{where}: a picture is compared with itself")
    return Pair(a, b, same, (row.get("group") or "").strip())


def below(root: Path, name: str) -> Path:
    """The file `name` under `root`; nothing outside it, not even through a link.

    Raises PairsError.
    """
    inside = root.resolve()
    try:
        found = (inside / name).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise PairsError(f"{name!r} is not a file name") from error
    if not found.is_relative_to(inside):
        raise PairsError(f"{name!r} lies outside {root}")
    if not found.is_file():
        raise PairsError(f"{name!r} is not a file under {root}")
    return found
