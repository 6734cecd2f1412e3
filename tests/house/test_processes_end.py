"""However the demo ends, nothing that it started is left running."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.support import house
from tests.support.house import Running

PARTS = ("mosquitto", "shikaku-cloud", "shikaku-sim", "shikaku-reader")
LONG = pytest.mark.skipif(
    os.environ.get("SHIKAKU_LONG") != "1",
    reason="half a minute: SHIKAKU_LONG=1 takes it; the short form is its neighbour",
)
READY = "Ctrl-C ends everything"


def ended(running: Running) -> bool:
    """Nothing is left; a killed child may take its last breath."""
    deadline = time.monotonic() + 5
    while running.others():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def part(running: Running, name: str) -> int:
    """The id of the only process of this part."""
    (pid,) = (pid for pid, words in running.others().items() if f"/{name}" in words)
    return pid


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGHUP, marks=LONG)]
)
def test_whoever_ends_it_ends_everything(photos: Path, number: signal.Signals) -> None:
    home = house.home(photos, f"ended by {number.name}")
    with house.demo(home, "--persons", "0", "--assist") as running:
        running.until(READY)
        there = "\n".join(running.others().values())
        assert [name for name in PARTS if name not in there] == []
        assert running.interrupt(number) == 0
        assert ended(running), running.others()
        assert "nothing of it is running any more" in running.said()
        assert "Traceback" not in running.said()


def test_an_interrupt_in_the_middle_of_setting_up_leaves_nothing(photos: Path) -> None:
    home = house.home(photos, "interrupted early")
    with house.demo(home, "--persons", "0", "--assist") as running:
        running.until("[6/10]")
        assert running.interrupt() == 0
        assert ended(running), running.others()
        assert "Traceback" not in running.said()


@pytest.mark.parametrize(
    ("fallen", "name"),
    [
        pytest.param("reader", "shikaku-reader run ", marks=LONG),
        ("broker", "mosquitto "),
    ],
)
def test_a_part_that_falls_is_named_and_ends_the_rest(
    photos: Path, fallen: str, name: str
) -> None:
    home = house.home(photos, f"{fallen} falls")
    with house.demo(home, "--persons", "0", "--assist") as running:
        running.until(READY)
        os.kill(part(running, name), signal.SIGKILL)
        assert running.process.wait(house.ENDING_S) == 1
        assert ended(running), running.others()
        assert f"{fallen} ended with -9; its log is" in running.said()
        assert "Traceback" not in running.said()


def test_a_part_that_falls_in_a_script_ends_it_with_its_name(photos: Path) -> None:
    home = house.home(photos, "fallen in a script")
    words = ("--persons", "0", "--assist", "--script", "morning", "--only", "40 today")
    with house.demo(home, *words) as running:
        running.until("[10/10]")
        screens = home / "demo" / "screens"
        while not any(screens.glob("*-reading_card.png")):
            assert running.process.poll() is None, running.said()
            time.sleep(0.02)
        os.kill(part(running, "shikaku-reader"), signal.SIGKILL)
        assert running.process.wait(house.ENDING_S) == 1
        assert ended(running), running.others()
        assert "reader ended with -9; its log is" in running.said()
        assert "Traceback" not in running.said()
