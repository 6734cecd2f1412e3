"""The short form of `python -m provisioning.fuzz`, and that it can find something."""

import time

import pytest

from provisioning.fuzz.campaign import campaign
from provisioning.fuzz.targets import Target, targets


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_broken_input_raises_our_own_errors_only_and_is_never_slow() -> None:
    outcome = campaign(targets(), 12_000, seed=20260401)
    assert outcome.faults == []
    assert outcome.good
    # Injuries that everything or nothing survives would not try the parsers.
    assert 0.3 < outcome.refused / outcome.inputs < 0.95


def test_a_foreign_error_is_found() -> None:
    bad = Target("bad", (b"\x01\x02",), lambda raw: raw[:0][0])
    outcome = campaign((bad,), 3, seed=1)
    assert not outcome.good
    assert len(outcome.faults) == 3
    assert outcome.faults[0].startswith("bad: IndexError: ")


def test_a_slow_input_is_found() -> None:
    bad = Target("bad", (b"\x01\x02",), lambda raw: time.sleep(0.02))
    assert not campaign((bad,), 1, seed=1).good


def test_the_same_seed_makes_the_same_injuries() -> None:
    def heard(seed: int) -> list[bytes]:
        found: list[bytes] = []
        campaign((Target("ear", (b"0123456789",), found.append),), 50, seed)
        return found

    assert heard(1) == heard(1)
    assert heard(1) != heard(2)
