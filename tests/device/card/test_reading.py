"""Digits from a card's face are believed only when every check agrees."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.card.number_b import births, era_of, number_b
from device.card.reading import LEAST_SURE, Reading, agreed, number_of, plausible

TODAY = date(2026, 4, 1)
GOOD = ("29", "7", "15", "2032", "7", "15", "4821")
NUMBER = "29071520324821"
DIGITS = st.text("0123456789", min_size=0, max_size=5)


def reading(digits: tuple[str, ...] = GOOD, sure: float = 99.0) -> Reading:
    return Reading(digits, sure)


def changed(at: int, text: str) -> tuple[str, ...]:
    return (*GOOD[:at], text, *GOOD[at + 1 :])


@pytest.mark.parametrize("at", range(7))
def test_one_digit_of_difference_is_not_sure(at: int) -> None:
    other = changed(at, GOOD[at][:-1] + ("1" if GOOD[at][-1] != "1" else "2"))
    assert agreed(reading(), reading(other), TODAY) is None


@pytest.mark.parametrize(("first", "second"), [(99.0, 0.0), (0.0, 99.0)])
def test_one_unsure_reading_is_not_enough(first: float, second: float) -> None:
    one, other = reading(sure=first), reading(sure=second)
    assert agreed(one, other, TODAY) is None
    assert agreed(reading(sure=LEAST_SURE - 0.1), reading(), TODAY) is None


@pytest.mark.parametrize(
    "digits",
    [
        changed(0, "64"),
        changed(0, "65"),
        changed(0, "0"),
        changed(0, "129"),
        changed(1, "13"),
        changed(2, "32"),
        changed(3, "2025"),
        changed(3, "2037"),
        changed(3, "203"),
        changed(4, "1"),
        changed(5, "16"),
        changed(6, "482"),
        changed(6, "4B21"),
        changed(6, "４８２１"),
        changed(6, ""),
        GOOD[:6],
    ],
)
def test_what_makes_no_sense_is_not_sure(digits: tuple[str, ...]) -> None:
    assert number_of(digits, TODAY) is None


def test_the_last_days_of_an_era_are_told_from_the_first_of_the_next() -> None:
    last = ("64", "1", "7", "2032", "1", "7", "4821")
    after = ("64", "1", "8", "2032", "1", "8", "4821")
    assert number_of(last, TODAY) == "64010720324821"
    assert number_of(after, TODAY) is None


def test_two_sure_readings_that_agree_are_the_number() -> None:
    assert agreed(reading(), reading(), TODAY) == NUMBER


def test_a_leap_day_expires_beside_itself() -> None:
    for day in ("28", "29"):
        leap = ("55", "2", "29", "2032", "2", day, "4821")
        assert number_of(leap, TODAY) == "55022920324821"


def test_a_reading_never_shows_its_digits() -> None:
    assert "4821" not in repr(reading())


@given(st.dates(date(1905, 1, 1), TODAY), st.integers(2026, 2036))
def test_every_number_of_a_valid_card_is_plausible(birth: date, year: int) -> None:
    assert plausible(number_b(birth, year, "0000"), TODAY)
    name, era_year = era_of(birth)
    assert name
    assert birth in births(era_year, birth.month, birth.day)


@given(st.tuples(*[DIGITS] * 7))
def test_any_digits_are_a_number_of_fourteen_or_nothing(
    digits: tuple[str, ...],
) -> None:
    number = number_of(digits, TODAY)
    assert number is None or (len(number) == 14 and plausible(number, TODAY))
