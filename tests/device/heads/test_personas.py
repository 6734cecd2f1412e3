"""The patients' papers: order, ages, check digits, and that they are fictitious."""

import json
from datetime import date

import pytest

from device.simulated.heads.features import features
from device.simulated.persona import Persona, personas

TRAY = (
    ("sato-hanako", "2", 72),
    ("suzuki-ichiro", "1", 58),
    ("takahashi-yuki", "2", 45),
    ("tanaka-kenji", "1", 66),
    ("ito-sakura", "2", 28),
    ("watanabe-sho", "1", 39),
    ("yamamoto-mei", "2", 40),
    ("nakamura-tetsu", "1", 81),
    ("kobayashi-aoi", "2", 33),
    ("kato-minoru", "1", 69),
    ("yoshida-rin", "2", 24),
    ("yamada-taro", "1", 52),
)
EVERYBODY = pytest.mark.parametrize("persona", personas(), ids=lambda each: each.id)


def checks(number: str) -> bool:
    """Weights 2, 1, 2, 1 from the digit left of the check digit, digits summed."""
    total = 0
    for place, digit in enumerate(reversed(number[:-1])):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product // 10 + product % 10
    return (10 - total % 10) % 10 == int(number[-1])


def by_id(name: str) -> Persona:
    return next(each for each in personas() if each.id == name)


def age_on(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def test_the_check_digit_rule_is_the_published_one() -> None:
    assert all(map(checks, ("33120015", "01130012", "39131156", "138057")))
    assert not checks("33120016")


def test_the_tray_holds_the_twelve_in_order() -> None:
    assert tuple((each.id, each.sex, each.age) for each in personas()) == TRAY


@EVERYBODY
def test_a_heads_parameters_stay_under_a_kilobyte(persona: Persona) -> None:
    assert len(json.dumps(persona.head, separators=(",", ":"))) < 1000
    features(persona.head)


@EVERYBODY
def test_an_insurer_number_has_a_right_check_digit_and_no_real_prefecture(
    persona: Persona,
) -> None:
    if persona.insurance is None:
        assert persona.id == "yoshida-rin"
        return
    number = persona.insurance.insurer_number
    assert checks(number)
    assert number[-6:-4] == "99", "prefectures end at 47"
    assert len(number) in (6, 8)


@EVERYBODY
def test_the_copayment_follows_the_age(persona: Persona) -> None:
    if persona.insurance is None:
        return
    expected = "010" if persona.age >= 75 else "020" if persona.age >= 70 else "030"
    assert persona.insurance.copayment_ratio == expected
    late = persona.insurance.insurer_number.startswith("39")
    assert late == (persona.age >= 75)


@EVERYBODY
def test_addresses_say_that_they_do_not_exist(persona: Persona) -> None:
    assert persona.address.startswith("架空県")
    assert persona.post_number.startswith("000-")


def test_nobody_shares_a_pin_a_name_or_a_head() -> None:
    for values in (
        [each.pin for each in personas()],
        [each.name for each in personas()],
        [each.head["seed"] for each in personas()],
    ):
        assert len(set(map(str, values))) == len(values)


@pytest.mark.parametrize("today", [date(2026, 11, 23), date(2028, 2, 29)])
def test_one_turns_forty_tomorrow_and_one_today(today: date) -> None:
    sho, mei = by_id("watanabe-sho"), by_id("yamamoto-mei")
    assert age_on(sho.born(today), today) == 39
    assert age_on(mei.born(today), today) == 40


def test_what_is_special_about_a_visit_is_on_the_card() -> None:
    assert by_id("tanaka-kenji").pin_tries_left == 0
    assert not by_id("ito-sakura").registered
    assert by_id("kato-minoru").certificate_expired_days == 35
    others = [each for each in personas() if each.id != "kato-minoru"]
    assert all(each.certificate_expired_days is None for each in others)
