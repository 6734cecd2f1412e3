"""The time that a visit keeps the card: the model, its goals, and the virtual card."""

import json
from subprocess import run
from sys import executable

import pytest

from device.card_time import WIRES, Rate, Step, report, steps, totals
from device.simulated.card.faults import Faults
from device.simulated.card.timing import FLOOR
from device.simulated.card.type_b import FieldCard

MAIN = "from device.cli import main; main()"


@pytest.fixture(scope="module")
def found() -> tuple[Step, ...]:
    return steps(WIRES, tuple(Rate))


def test_a_visit_with_a_15_kb_file_stays_within_the_goals(
    found: tuple[Step, ...],
) -> None:
    rows = json.loads(report(found, as_json=True))
    judged = [one for one in rows if one["goal_s"] is not None]
    assert {(one["transport"], one["rate"]) for one in judged} == {
        (wire.name, rate) for wire in WIRES for rate in (106, 424)
    }
    assert [one for one in judged if not one["within_goal"]] == []


def test_nothing_is_faster_than_the_air_floor_and_nothing_ignores_signatures(
    found: tuple[Step, ...],
) -> None:
    assert all(one.floor_s < one.card_s < one.plausible_s for one in found)
    for visit in totals(found):
        assert visit.floor_s > 2 * FLOOR.sign_s
        assert visit.bytes > 15_000


def test_four_times_the_rate_is_a_quarter_of_the_air() -> None:
    slow, fast = (FLOOR.frame_s(250, rate) for rate in (Rate.R106, Rate.R424))
    assert slow == pytest.approx(4 * fast)
    # 253 bytes with PCB and CRC at 9.44 us a bit: about 24 ms at 106 kbit/s.
    assert slow == pytest.approx(0.0239, abs=0.0002)


class Mute:
    """A chip that answers anything with 9000."""

    def transmit(self, raw: bytes) -> bytes:
        return b"\x90\x00"

    def reset(self) -> None: ...

    def random(self, size: int) -> bytes:
        return bytes(size)


def test_the_virtual_card_takes_the_time_that_the_model_says() -> None:
    card = FieldCard(Mute(), Faults(), FLOOR)
    card.frame(bytes.fromhex("050010"))
    card.frame(b"\x1d" + bytes(4) + bytes.fromhex("00a80100"))
    assert card.rate is Rate.R424
    command = bytes.fromhex("802a008001ff00")
    card.frame(b"\x02" + command, Rate.R424)
    expected = FLOOR.exchange_s(command, b"\x90\x00", Rate.R424, 253)
    # The block's first byte is among the three that the model adds to each frame.
    assert card.busy_s == pytest.approx(expected, abs=0.0002)


def test_the_command_prints_the_table_and_refuses_other_rates() -> None:
    command = [executable, "-c", MAIN, "card", "time"]
    said = run(
        [*command, "--transport", "nfcpy", "--rate", "424"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert [line.split()[2] for line in said.splitlines()[1:5]] == [
        *("identify", "photo", "verify+sign", "visit"),
    ]
    wrong = run([*command, "--rate", "848"], capture_output=True, check=False)
    assert wrong.returncode == 2
