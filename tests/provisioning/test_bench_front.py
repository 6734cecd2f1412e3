"""The rows of keys and windows: a press is answered, and a window found, in time."""

from provisioning.bench.front import AREA_GOAL_MS, FEEDBACK_GOAL_MS, front_rows


def test_a_press_is_answered_and_a_window_found_in_time() -> None:
    said: list[str] = []
    rows = {row.name: row for row in front_rows(5, 20, said.append)}
    presses = [row for name, row in rows.items() if name.startswith("key press")]
    windows = [row for name, row in rows.items() if name.startswith("changed window")]
    assert len(presses) == 3
    assert len(windows) == 4
    assert all(0 < row.value < FEEDBACK_GOAL_MS for row in presses)
    assert all(0 <= row.value < AREA_GOAL_MS for row in windows)
    assert said == ["front: 5 presses", "front: 20 changed pictures of each kind"]
