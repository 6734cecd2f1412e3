"""The twelve cases as data."""

from pathlib import Path

import device.simulated.training
from device.simulated.persona import everybody
from device.simulated.training.cases import CASES
from protocol.catalogue import ENTRIES

ROOM = Path(device.simulated.training.__file__).parent
PEOPLE = {persona.id for persona in everybody()}


def test_there_are_twelve_and_each_is_worth_ten_points() -> None:
    assert len(CASES) == 12
    assert len({case.id for case in CASES}) == 12
    assert {case.points for case in CASES} == {10}


def test_every_card_and_person_of_a_scene_exists() -> None:
    for case in CASES:
        assert case.scene.stands in PEOPLE
        assert case.scene.cards <= PEOPLE


def test_every_case_names_a_code_and_a_line_of_the_list() -> None:
    listed = (ROOM / "README.md").read_text("utf-8")
    for case in CASES:
        assert all(code in ENTRIES for code in case.codes)
        assert case.codes
        assert case.met in listed, case.id
        assert case.id in listed


def test_three_different_options_each_in_both_languages() -> None:
    for case in CASES:
        options = case.question.options
        assert len({option.ja for option in options}) == 3
        assert len({option.en for option in options}) == 3


def test_who_does_not_know_the_pin_is_not_offered_it_by_the_right_answer() -> None:
    for case in CASES:
        if not case.knows_pin:
            assert "暗証番号を入れて" not in case.question.right.ja
