from datetime import date

import pytest

from device.card.number_b import check, era_year, number_b


def test_it_is_era_birthday_then_expiry_year_then_code() -> None:
    # 昭和55: the published value of a JPKI test card.
    assert number_b(date(1980, 2, 17), 2035, "2285") == "55021720352285"


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(1989, 1, 7), 64),
        (date(1989, 1, 8), 1),
        (date(2019, 4, 30), 31),
        (date(2019, 5, 1), 1),
        (date(1926, 12, 24), 15),
        (date(1926, 12, 25), 1),
        (date(1912, 7, 30), 1),
    ],
)
def test_eras_change_in_the_middle_of_a_year(day: date, year: int) -> None:
    assert era_year(day) == year


@pytest.mark.parametrize("code", ["228", "22850", "22X5", "２２８５"])
def test_a_code_that_is_not_four_digits_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="four digits"):
        number_b(date(1980, 2, 17), 2035, code)


@pytest.mark.parametrize("text", ["", "5502172035228", "5502172035228x", "５" * 14])
def test_a_malformed_number_never_reaches_a_card(text: str) -> None:
    with pytest.raises(ValueError, match="14 digits"):
        check(text)


def test_no_era_before_meiji() -> None:
    with pytest.raises(ValueError, match="Meiji"):
        era_year(date(1868, 1, 24))
