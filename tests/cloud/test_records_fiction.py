"""Fiction is reproducible, plausible, and says that it is fiction."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.records.fiction import doses
from cloud.records.fiction.checkups import egfr
from cloud.records.fiction.conditions import (
    BY_NAME,
    CONDITIONS,
    DIABETES,
    DYSLIPIDAEMIA,
    EPISODES,
    HYPERTENSION,
)
from cloud.records.fiction.doses import ByWeight, Dose, weight_kg
from cloud.records.fiction.person import fiction
from cloud.records.fiction.surgery import SURGERIES
from cloud.records.judgement import GLUCOSE, HBA1C, HEIGHT
from cloud.records.model import (
    Checkup,
    DrugLine,
    Form,
    Operation,
    Record,
    Setting,
    Treatment,
)
from cloud.records.month import month_of
from cloud.registry.fictitious import fictitious
from cloud.registry.model import age_on
from cloud.seed import records as seeded
from protocol.codes import Sex
from tests.cloud.world import TODAY, insurance, person

SEXES = st.sampled_from([Sex.MALE, Sex.FEMALE, Sex.NOT_SET])
SEEDS = st.integers(0, 10_000)
BORN = st.dates(date(1926, 1, 1), TODAY - timedelta(days=1))


def of(seed: int, sex: Sex, born: date, today: date = TODAY) -> tuple[Record, ...]:
    return fiction(seed, 1, sex=sex, birth_date=born, today=today)


def drugs(held: tuple[Record, ...]) -> list[DrugLine]:
    return [one for one in held if isinstance(one, DrugLine)]


def generics(*names: str) -> set[str]:
    """Of all steps of these conditions."""
    return {
        dose.generic
        for name in names
        for ladder in BY_NAME[name].ladders
        for step in ladder
        for dose in step
    }


ADULT = generics(HYPERTENSION, DIABETES, DYSLIPIDAEMIA, "高尿酸血症", "不眠症")
OLD = generics("アルツハイマー型認知症")
WOMEN_ONLY = generics("切迫早産", "子宮内膜症", "骨粗鬆症", "鉄欠乏性貧血")
MEN_ONLY = generics("前立腺肥大症")
PREGNANT = generics("切迫早産")


# -- reproducible ----------------------------------------------------------------------
@given(SEEDS, SEXES, BORN)
@settings(max_examples=15, deadline=None)
def test_the_same_seed_and_person_have_the_same_records(
    seed: int, sex: Sex, born: date
) -> None:
    assert of(seed, sex, born) == of(seed, sex, born)


def test_another_seed_or_person_has_other_records() -> None:
    born = date(1950, 5, 5)
    one = of(1, Sex.FEMALE, born)
    assert one != of(2, Sex.FEMALE, born)
    assert one != fiction(1, 2, sex=Sex.FEMALE, birth_date=born, today=TODAY)


@given(SEEDS, SEXES, BORN, st.integers(0, 150))
@settings(max_examples=15, deadline=None)
def test_a_later_day_of_the_year_only_adds(
    seed: int, sex: Sex, born: date, days: int
) -> None:
    before = of(seed, sex, born)
    after = of(seed, sex, born, TODAY + timedelta(days=days))
    kept = [one for one in after if one in set(before)]
    assert sorted(map(repr, before)) == sorted(map(repr, kept))


# -- plausible -------------------------------------------------------------------------
@given(SEEDS, SEXES, BORN)
@settings(max_examples=40, deadline=None)
def test_drugs_fit_age_and_sex(seed: int, sex: Sex, born: date) -> None:
    for one in drugs(of(seed, sex, born)):
        given_on = one.given_on
        assert given_on is not None
        age = age_on(born, given_on)
        assert born < given_on <= TODAY
        assert one.month == month_of(given_on)
        if age < 15:
            assert one.generic not in ADULT
        if age < 70:
            assert one.generic not in OLD
        if sex is not Sex.FEMALE:
            assert one.generic not in WOMEN_ONLY
        if sex is not Sex.MALE:
            assert one.generic not in MEN_ONLY
        if not 20 <= age < 45:
            assert one.generic not in PREGNANT


@given(SEEDS, BORN)
@settings(max_examples=40, deadline=None)
def test_dates_of_a_prescription_hang_together(seed: int, born: date) -> None:
    for one in drugs(of(seed, Sex.FEMALE, born)):
        assert one.prescribed_on is not None
        assert one.prescribed_on.weekday() != 6
        assert one.times >= 1
        assert float(one.quantity) > 0
        if one.setting is Setting.DISPENSING:
            assert one.dispensed_on is not None
            assert one.dispenser is not None
            # A prescription is good for four days, its own included.
            assert 0 <= (one.dispensed_on - one.prescribed_on).days <= 3
        else:
            assert one.dispensed_on is None
            assert one.dispenser is None


@given(SEEDS, SEXES, BORN)
@settings(max_examples=40, deadline=None)
def test_checkups_begin_at_40_and_hang_together(
    seed: int, sex: Sex, born: date
) -> None:
    held = [one for one in of(seed, sex, born) if isinstance(one, Checkup)]
    assert len({one.day.year for one in held}) == len(held) <= 5
    for one in held:
        assert age_on(born, one.day) >= 40
        values = {item.code: item.value for item in one.items}
        sugar, long_sugar = float(values[GLUCOSE]), float(values[HBA1C])
        assert abs(long_sugar - (2.35 + sugar * 0.0345)) < 0.6
        assert 130 < float(values[HEIGHT]) < 200
        assert len(values) == len(one.items)


@given(SEEDS, SEXES, BORN)
@settings(max_examples=40, deadline=None)
def test_operations_fit_age_and_sex(seed: int, sex: Sex, born: date) -> None:
    by_code = {one.code: one for one in SURGERIES}
    for one in of(seed, sex, born):
        if isinstance(one, Operation):
            rule = by_code[one.code]
            assert rule.since_age <= age_on(born, one.done_on) < rule.until_age
            assert sex in rule.sexes


def test_whoever_has_a_stent_is_given_what_keeps_it_open() -> None:
    stents = 0
    for seed in range(150):
        held = of(seed, Sex.MALE, date(1955, 1, 1))
        done = [
            one.done_on
            for one in held
            if isinstance(one, Operation) and one.code == "K549"
        ]
        if done and done[0] < TODAY - timedelta(days=120):
            stents += 1
            after = [
                one for one in drugs(held) if one.given_on and one.given_on > done[0]
            ]
            assert any(one.generic == "アスピリン腸溶錠" for one in after)
    assert stents > 2


def test_hay_fever_is_treated_in_spring() -> None:
    months = {
        one.prescribed_on.month
        for seed in range(40)
        for one in drugs(of(seed, Sex.MALE, date(1995, 1, 1)))
        if one.generic == "ビラスチン錠" and one.prescribed_on
    }
    assert months
    assert months <= {2, 3, 4}


def test_a_waiting_room_is_neither_empty_nor_full_of_the_same() -> None:
    people = [
        of(seed, Sex.FEMALE if seed % 2 else Sex.MALE, date(1930 + seed, 3, 3))
        for seed in range(95)
    ]
    taking = [len({one.generic for one in drugs(held)}) for held in people]
    assert sum(1 for each in taking if each) > 80
    assert max(taking) > 8
    old, young = sum(taking[:40]) / 40, sum(taking[50:75]) / 25
    assert old > young
    assert any(isinstance(one, Treatment) for held in people for one in held)


def test_a_childs_dose_grows_with_the_child_and_has_a_limit() -> None:
    powder = doses.CHILD_PARACETAMOL
    amounts = [float(powder.dose(age).quantity) for age in range(12)]
    assert amounts == sorted(amounts)
    for age, grams in enumerate(amounts):
        mg = grams * powder.mg_per_g
        assert mg <= powder.most_mg
        assert mg / weight_kg(age) <= 10.5
    assert doses.CHILD_OSELTAMIVIR.dose(40).quantity == "5.00"


def test_children_get_childrens_forms_and_nobody_else_does() -> None:
    for episode in EPISODES:
        powders = any(isinstance(one, ByWeight) for one in episode.drugs)
        if powders:
            assert episode.until_age <= 12
        elif episode.since_age < 12:
            assert episode.name == "急性胃腸炎（小児）"


def test_every_dose_is_written_as_prescriptions_write_it() -> None:
    held = [one for one in vars(doses).values() if isinstance(one, Dose)]
    held += [
        dose
        for condition in CONDITIONS
        for ladder in condition.ladders
        for step in ladder
        for dose in step
    ]
    assert len(held) > 60
    for dose in held:
        assert dose.brand != dose.generic
        assert dose.unit
        assert dose.usage
        assert (dose.times is None) == (dose.form is Form.INTERNAL)
        if "1日3回" in dose.usage and dose.form is Form.INTERNAL:
            assert dose.unit == "g" or float(dose.quantity) % 3 == 0
        if "1日2回" in dose.usage and dose.form is Form.INTERNAL:
            assert float(dose.quantity) % 2 == 0


def test_egfr_is_the_japanese_formula() -> None:
    # 日本腎臓学会: a man of 60 with 1.0 mg/dL has 59.9 (rounded tables say 60).
    assert egfr(1.0, 60, Sex.MALE) == pytest.approx(59.9, abs=0.1)
    assert egfr(1.0, 60, Sex.FEMALE) == pytest.approx(44.3, abs=0.1)


# -- fiction says so -------------------------------------------------------------------
@given(SEEDS, SEXES, BORN)
@settings(max_examples=20, deadline=None)
def test_every_record_says_that_it_is_fiction(seed: int, sex: Sex, born: date) -> None:
    for one in of(seed, sex, born):
        assert one.fictitious
        match one:
            case DrugLine():
                assert one.prescriber.name.startswith("架空")
                assert one.dispenser is None or one.dispenser.name.startswith("架空")
                # An invented code could be that of a real drug.
                assert (one.code, one.prescriber.code) == ("", "")
            case Treatment() | Operation() | Checkup():
                assert one.institution.name.startswith("架空")
                assert one.institution.code == ""


@pytest.mark.parametrize(
    ("number", "nobody"),
    [
        ("06990014", True),
        ("990028", True),
        ("39990015", True),
        ("06139999", False),
        ("138057", False),
        ("99130015", False),
    ],
)
def test_only_prefecture_99_is_fiction(number: str, nobody: bool) -> None:
    who = person(insurances=(insurance(insurer_number=number),))
    assert fictitious(who) is nobody


def test_one_real_insurer_makes_a_person_real() -> None:
    one = insurance(insurer_number="06990014")
    real = replace(one, insurer_number="06139999")
    assert not fictitious(person(insurances=(one, real)))
    assert not fictitious(person(insurances=()))


def test_seeded_people_are_fictitious() -> None:
    assert all(fictitious(one.person) for one in seeded(50, seed=1, today=TODAY))
