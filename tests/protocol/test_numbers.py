"""Check digits as published, each example a test; folding compares, no more."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.numbers import (
    NumberError,
    check_digit,
    corrections,
    facility_code,
    fold,
    insurer_number,
    public_expense_number,
    same,
    same_insurer,
)

PUBLISHED_INSURERS = ["33120015", "01130012", "39131156", "138057"]


@pytest.mark.parametrize("number", PUBLISHED_INSURERS)
def test_published_insurer_numbers_hold(number: str) -> None:
    assert insurer_number(number) == number


def test_published_public_expense_number_holds() -> None:
    assert public_expense_number("54016027") == "54016027"
    with pytest.raises(NumberError):
        public_expense_number("138057")


def test_published_facility_code_holds() -> None:
    assert facility_code("0110113719") == "0110113719"


@pytest.mark.parametrize("code", ["0110012345", "1311111111"])
def test_public_fixtures_fail_strictly_and_pass_otherwise(code: str) -> None:
    with pytest.raises(NumberError) as caught:
        facility_code(code)
    assert caught.value.position == 10
    assert facility_code(code, strict=False) == code


@pytest.mark.parametrize(
    ("code", "position"),
    [("0010113719", 1), ("4810113719", 1), ("0120113719", 3), ("0170113719", 3)],
)
def test_a_facility_code_says_which_part_is_wrong(code: str, position: int) -> None:
    for strict in (True, False):
        with pytest.raises(NumberError) as caught:
            facility_code(code, strict=strict)
        assert caught.value.position == position


@given(st.text("0123456789", min_size=5, max_size=9), st.integers(1, 9), st.data())
def test_any_one_wrong_digit_is_seen(
    digits: str, more: int, data: st.DataObject
) -> None:
    number = digits + check_digit(digits)
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = str((int(number[place]) + more) % 10)
    mistyped = number[:place] + wrong + number[place + 1 :]
    assert check_digit(mistyped[:-1]) != mistyped[-1]


def test_the_sentence_says_which_digit_and_what_it_should_be() -> None:
    with pytest.raises(NumberError, match=r"digit 8.* should be 5") as caught:
        insurer_number("33120016")
    assert (caught.value.position, caught.value.expected) == (8, "5")


@pytest.mark.parametrize(
    ("number", "position"),
    [
        ("3312001", 7),
        ("331200150", 9),
        ("", 0),
        ("33-20015", 3),
        (" 138057", 1),
        ("３３１２００１５", 1),
        ("3312001٥", 8),
        ("33120015\n", 9),
    ],
)
def test_another_shape_is_refused_with_its_place(number: str, position: int) -> None:
    with pytest.raises(NumberError) as caught:
        insurer_number(number)
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("１２－３４", "12-34"),
        ("12ー34", "12-34"),
        ("12−34", "12‐34"),
        ("あいう　１", "あいう1"),
        ("ｶﾞｲﾄｰ", "ガイトー"),
        ("ａｂ", "AB"),
    ],
)
def test_two_writings_of_one_symbol_are_the_same(one: str, other: str) -> None:
    assert same(one, other)


def test_what_differs_stays_different() -> None:
    assert not same("12-34", "1234")
    assert not same("ガイトー", "ガイト-")
    assert not same("05", "5")


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_padding_of_an_insurer_number_does_not_count() -> None:
    assert same_insurer("00138057", "138057")
    assert same_insurer("  138057", "００１３８０５７")
    assert not same_insurer("138057", "138058")


def test_every_place_has_one_digit_that_would_put_it_right() -> None:
    """So the check digit alone cannot say which one is mistyped."""
    found = corrections("33120016")
    assert [place for place, _ in found] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_laws_and_prefectures_narrow_a_mistype_down() -> None:
    with pytest.raises(NumberError) as caught:
        insurer_number("06990011")
    suspects = dict(caught.value.suspects)
    assert suspects == {3: "1", 5: "6", 6: "3", 7: "7", 8: "4"}
    assert "3 (then 1), 5 (then 6)" in str(caught.value)


@given(st.sampled_from(PUBLISHED_INSURERS), st.integers(1, 9), st.data())
def test_the_mistyped_digit_is_always_among_the_suspects(
    number: str, more: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = str((int(number[place]) + more) % 10)
    with pytest.raises(NumberError) as caught:
        insurer_number(number[:place] + wrong + number[place + 1 :])
    assert (place + 1, number[place]) in caught.value.suspects


@pytest.mark.parametrize("check", [insurer_number, public_expense_number])
def test_not_strictly_a_wrong_check_digit_passes_and_another_shape_does_not(
    check: Callable[..., str],
) -> None:
    assert check("33120016", strict=False) == "33120016"
    with pytest.raises(NumberError):
        check("3312001x", strict=False)
