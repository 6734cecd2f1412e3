"""The page's switches in a whole house: a cut line, and cards that cannot be read."""

from collections.abc import Iterator

import pytest

from tests.support.house_clinic import LATER_S, House, has_one_action

WHO = "yamada-taro"


@pytest.fixture
def house(clinic: House) -> Iterator[House]:
    yield clinic
    clinic.patient.take()
    clinic.patient.stand(None)
    clinic.patient.switch_line("through")
    clinic.patient.break_cards("none")
    clinic.patient.wait_for("ready", patience_s=LATER_S)


def test_a_cut_line_is_shown_a_visit_ends_pending_and_its_answer_comes_later(
    house: House,
) -> None:
    house.patient.wait_for("ready")
    house.patient.switch_line("cut")
    house.patient.wait_for("offline")
    house.by_pin(WHO)
    house.stage.goes()
    house.stage.shown("checking", "take_card", "thank_you", "offline")
    house.stage.never_shown("ready", "problem")
    assert (house.fact()["outcome"], house.fact()["code"]) == ("pending", "N301")
    assert house.waiting() == 1
    house.patient.switch_line("through")
    assert house.result().texts["QualificationValidity"] == "1"
    house.patient.wait_for("ready")
    assert house.waiting() == 0


def test_a_card_that_cannot_be_read_says_what_to_do_until_it_can(house: House) -> None:
    for fault in ("deaf", "torn"):
        house.patient.break_cards(fault)
        house.stage.begin()
        house.patient.put(WHO)
        house.patient.wait_for("problem")
        assert house.fact()["code"] == "C103"
        house.patient.take()
        house.patient.wait_for("ready")
        house.stage.never_shown("choose_method")
    has_one_action("C103")
    house.patient.break_cards("none")
    house.patient.put(WHO)
    house.patient.wait_for("choose_method")
