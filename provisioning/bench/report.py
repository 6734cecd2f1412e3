"""The table people read, and the list that machines keep."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its reference of the same run."""

    name: str
    value: float
    unit: str
    reference: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.reference if self.reference else None


def as_list(rows: Sequence[Row]) -> list[dict[str, object]]:
    return [asdict(row) | {"ratio": row.ratio} for row in rows]


def write(rows: Sequence[Row], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(as_list(rows), indent=1) + "\n")


def table(rows: Sequence[Row]) -> str:
    width = max(len(row.name) for row in rows)
    head = f"{'':{width}}  {'value':>10}  {'unit':6}  {'reference':>10}  {'ratio':>6}"
    return "\n".join([head, *(_line(row, width) for row in rows)])


def _line(row: Row, width: int) -> str:
    reference = "" if row.reference is None else f"{row.reference:.1f}"
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return (
        f"{row.name:{width}}  {row.value:10.1f}  {row.unit:6}"
        f"  {reference:>10}  {ratio:>6}"
    )
