"""Workplace clinics: substitute codes that are nobody else's, taken and taken back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.main import Stores
from cloud.modes.errors import ModeError
from cloud.modes.workplace import Workplace
from cloud.modes.workplaces import Workplaces
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from protocol.messages import Refusal, VerificationAnswer
from protocol.numbers import (
    NumberError,
    check_digit,
    facility_code,
    is_substitute,
    substitute_code,
)
from tests.cloud.modes_world import Town
from tests.cloud.world import NOON, World, card, ms, person

NOW = ms(NOON)
PREFECTURES = st.integers(1, 47).map(lambda one: f"{one:02}")
SERIALS = st.integers(1, 999_999)


@pytest.fixture
def issuing(stores: Stores) -> Workplaces:
    return Workplaces(stores.modes)


def issued(issuing: Workplaces, prefecture: str = "13") -> Workplace:
    return issuing.issue(prefecture, name="架空工業 健康管理室", by="op-1", now_ms=NOW)


# -- numbers -----------------------------------------------------------------------
@given(PREFECTURES, SERIALS)
def test_a_substitute_code_is_taken_wherever_a_facility_code_is(
    prefecture: str, serial: int
) -> None:
    code = substitute_code(prefecture, serial)
    assert facility_code(code) == facility_code(code, strict=False) == code
    assert is_substitute(code)
    assert check_digit(code[:-1]) == code[-1]


@given(PREFECTURES, st.sampled_from("1346"), st.integers(0, 999_999))
def test_no_real_facilitys_code_is_a_substitute(
    prefecture: str, table: str, number: int
) -> None:
    body = f"{prefecture}{table}{number:06}"
    real = facility_code(body + check_digit(body))
    assert not is_substitute(real)


@given(PREFECTURES, SERIALS, PREFECTURES, SERIALS)
def test_two_places_never_share_a_code(p: str, s: int, q: str, t: int) -> None:
    same = substitute_code(p, s) == substitute_code(q, t)
    assert same == ((p, s) == (q, t))


@given(PREFECTURES, SERIALS)
def test_a_wrong_digit_of_ours_is_refused_also_where_test_data_is_let_pass(
    prefecture: str, serial: int
) -> None:
    code = substitute_code(prefecture, serial)
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    for strict in (True, False):
        with pytest.raises(NumberError, match="check digit"):
            facility_code(wrong, strict=strict)


@pytest.mark.parametrize("serial", [0, -1, 10**6])
def test_a_prefecture_has_a_million_codes_less_one(serial: int) -> None:
    with pytest.raises(NumberError):
        substitute_code("13", serial)


# -- issuing -----------------------------------------------------------------------
def test_codes_are_issued_one_after_the_other(issuing: Workplaces) -> None:
    first, second = issued(issuing), issued(issuing)
    other = issued(issuing, "27")
    assert [one.serial for one in (first, second, other)] == [1, 2, 1]
    assert first.code[:3] == "139"


def test_a_code_that_was_taken_back_is_never_given_again(issuing: Workplaces) -> None:
    first = issued(issuing)
    issuing.revoke(first.code, by="op-1", now_ms=NOW)
    assert issued(issuing).serial == 2
    with pytest.raises(ModeError, match="A909"):
        issuing.revoke(first.code, by="op-1", now_ms=NOW)


@pytest.mark.parametrize(("prefecture", "name"), [("48", "架空"), ("13", " ")])
def test_a_place_and_a_name_are_needed(
    issuing: Workplaces, prefecture: str, name: str
) -> None:
    with pytest.raises(ModeError, match="E404"):
        issuing.issue(prefecture, name=name, by="op-1", now_ms=NOW)


# -- use ---------------------------------------------------------------------------
def seated(stores: Stores, code: str) -> World:
    world = World(stores)
    enrolled = replace(world.box.enrolled, facility=FacilityCode(code))
    stores.facilities.put_readers([enrolled])
    return world


def test_a_reader_of_a_workplace_is_answered_until_its_code_is_revoked(
    stores: Stores, issuing: Workplaces
) -> None:
    code, mine = issued(issuing).code, card()
    world = seated(stores, code)
    world.knows(person(), mine)
    answer = world.ask(world.verification(mine))
    assert isinstance(answer, VerificationAnswer)
    assert answer.outcome == "accepted"
    issuing.revoke(code, by="op-1", now_ms=world.now)
    world.now += 30_000
    refused = world.ask(world.verification(mine))
    assert isinstance(refused, Refusal)
    assert refused.code == Code.SUBSTITUTE_REVOKED


def test_a_code_that_nobody_issued_is_answered_nothing(stores: Stores) -> None:
    mine = card()
    world = seated(stores, substitute_code("13", 77))
    world.knows(person(), mine)
    answer = world.ask(world.verification(mine))
    assert isinstance(answer, Refusal)
    assert answer.code == Code.SUBSTITUTE_REVOKED


def test_a_revoked_workplace_searches_for_nobody(
    stores: Stores, issuing: Workplaces
) -> None:
    code = issued(issuing).code
    town = Town(stores, facility=code)
    town.outage()
    assert town.search()
    issuing.revoke(code, by="op-1", now_ms=town.now)
    town.now += 30_000
    with pytest.raises(ModeError, match="E402"):
        town.search()
