"""The drawing of the machine comes from its behaviour, and is compared."""

import os
from pathlib import Path

from device.session.state import State
from tests.support.matrix import matrix, states

GOLDEN = Path(__file__).parents[2] / "golden" / "session_matrix.txt"


def test_every_state_is_in_the_matrix() -> None:
    assert set(states()) == set(State)


def test_the_matrix_is_as_written() -> None:
    drawn = matrix()
    # SHIKAKU_GOLDEN=write draws it anew; the difference is then for a person to read.
    if os.environ.get("SHIKAKU_GOLDEN") == "write":
        GOLDEN.write_text(drawn, encoding="utf-8")
    assert GOLDEN.read_text(encoding="utf-8") == drawn
