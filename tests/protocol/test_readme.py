"""The threat model names tests; each of them exists."""

import re
from pathlib import Path

import protocol

README = (Path(protocol.__path__[0]) / "README.md").read_text("utf-8")
TESTS = "\n".join(
    path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py")
)
NAMED = sorted(set(re.findall(r"`(test_\w+)`", README)))


def test_every_test_the_threat_model_names_exists() -> None:
    assert len(NAMED) > 20
    assert [name for name in NAMED if f"def {name}(" not in TESTS] == []


def test_every_row_of_the_threat_model_names_a_test() -> None:
    table = README.split("| who | does what |", 1)[1].split("\n\n", 1)[0]
    rows = table.splitlines()[2:]
    assert rows
    assert [row for row in rows if "`test_" not in row] == []
