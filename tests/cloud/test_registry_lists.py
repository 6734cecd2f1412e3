"""Lists A, B and C: what puts a person on which, and the files insurers get."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.adapters.list_files import write_lists
from cloud.adapters.sql.database import Database
from cloud.registry.lists import (
    Facts,
    Month,
    Reason,
    monthly,
    of_day,
    of_month,
)
from cloud.registry.office import Office
from tests.cloud.registry_world import HEALTH, KOKUHO, Desk, line, ref

NOVEMBER = Month(date(2024, 11, 1))
USER = Facts("06991004", "12-3", "1", "01", registered=True, has_card=True)


def on(facts: Facts, month: Month = NOVEMBER) -> tuple[str, str] | None:
    found = monthly(facts, month)
    return (found.list.value, found.reason.value) if found else None


def test_who_uses_a_valid_card_is_on_no_list() -> None:
    assert on(USER) is None
    assert on(USER._replace(card_until=date(2025, 1, 1))) is None


def test_who_has_no_card_is_on_list_a() -> None:
    assert on(USER._replace(has_card=False)) == ("A", "no_card")


def test_who_is_not_registered_is_on_list_a() -> None:
    assert on(USER._replace(registered=False)) == ("A", "not_registered")


def test_the_unlinked_are_on_list_b_in_their_month_and_on_a_afterwards() -> None:
    unlinked = USER._replace(registered_until=date(2024, 11, 30))
    assert on(unlinked, Month(date(2024, 10, 1))) is None
    assert on(unlinked) == ("B", "unlinked")
    assert on(unlinked, Month(date(2024, 12, 1))) == ("A", "not_registered")


def test_an_expired_certificate_is_on_list_c_in_its_month_and_on_a_afterwards() -> None:
    expired = USER._replace(card_until=date(2024, 11, 1))
    assert on(expired, Month(date(2024, 10, 1))) is None
    assert on(expired) == ("C", "expired")
    assert on(expired, Month(date(2024, 12, 1))) == ("A", "no_card")


def test_a_leap_days_end_is_in_february() -> None:
    february = Month(date(2024, 2, 1))
    assert february.last == date(2024, 2, 29)
    unlinked = USER._replace(registered_until=date(2024, 2, 29))
    assert on(unlinked, february) == ("B", "unlinked")


def test_a_returned_card_was_told_of_on_its_day() -> None:
    returned = USER._replace(has_card=False, returned=True)
    assert on(returned) is None
    assert on(returned._replace(returned=False)) == ("A", "no_card")


@given(
    st.builds(
        Facts,
        st.just("06991004"),
        st.just(""),
        st.just("1"),
        st.just(""),
        st.booleans(),
        st.none() | st.dates(date(2024, 9, 1), date(2025, 1, 31)),
        st.booleans(),
        st.none() | st.dates(date(2024, 9, 1), date(2025, 1, 31)),
        returned=st.just(False),
    )
)
def test_whoever_cannot_use_a_card_at_the_months_end_is_on_a_list(facts: Facts) -> None:
    last = NOVEMBER.last
    card = facts.has_card and not (facts.card_until and facts.card_until < last)
    until = facts.registered_until
    used = facts.registered and not (until and until < last)
    if not (card and used):
        assert on(facts) is not None


# -- from the database to the insurer --------------------------------------------------
@pytest.fixture
def desk(database: Database) -> Desk:
    """1 uses a card, 2 has none, 3 unlinks, 4's expires, 5 returns it, 6 is on hold."""
    made = Desk(database)
    made.load(
        line(1, certificate_sha256="01" * 32),
        line(2, insurer_number=KOKUHO),
        line(3, certificate_sha256="03" * 32),
        line(4, certificate_sha256="04" * 32, certificate_until="2024-11-30"),
        line(5, certificate_sha256="05" * 32),
        line(6, name="別　人"),
        line(7, valid_until="2024-11-29", loss_reason="99"),
    )
    office = Office(made.office)
    for who in (1, 3, 4, 5):
        office.register_use(ref(who), date(2024, 5, 1))
    office.cancel_use(ref(3), date(2024, 10, 31))
    office.give_back(ref(5), date(2024, 11, 12))
    return made


def test_each_is_on_the_list_that_is_theirs(desk: Desk) -> None:
    found = {
        (one.facts.number, one.list.value, one.reason)
        for one in of_month(desk.office, NOVEMBER)
    }
    assert found == {
        ("2", "A", Reason.NO_CARD),
        ("3", "B", Reason.UNLINKED),
        ("4", "C", Reason.EXPIRED),
    }
    december = {
        one.facts.number for one in of_month(desk.office, Month(date(2024, 12, 1)))
    }
    assert december == {"2", "3", "4", "5"}


def test_returned_cards_are_listed_daily(desk: Desk) -> None:
    (one,) = of_day(desk.office, date(2024, 11, 12))
    assert (one.facts.number, one.reason) == ("5", Reason.RETURNED)
    assert list(of_day(desk.office, date(2024, 11, 13))) == []


def test_an_insurer_gets_its_own_file_and_no_names(desk: Desk, tmp_path: Path) -> None:
    counts = write_lists(tmp_path / "out", "2024-11", of_month(desk.office, NOVEMBER))
    assert counts == {("A", KOKUHO): 1, ("B", HEALTH): 1, ("C", HEALTH): 1}
    names = {one.name for one in (tmp_path / "out").iterdir()}
    assert names == {
        "A-2024-11-138057.csv",
        "B-2024-11-06991004.csv",
        "C-2024-11-06991004.csv",
    }
    file = tmp_path / "out" / "B-2024-11-06991004.csv"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "花子" not in file.read_text("utf-8")
    with file.open(newline="") as opened:
        (row,) = csv.DictReader(opened)
    assert (row["number"], row["reason"]) == ("3", "unlinked")
    assert row["date"] == "2024-11-30"


def test_a_certificate_of_unknown_end_is_not_expired(desk: Desk) -> None:
    other = line(4, action="change", certificate_sha256="44" * 32)
    desk.load(other)
    listed = [one.facts.number for one in of_month(desk.office, NOVEMBER)]
    assert "4" not in listed
