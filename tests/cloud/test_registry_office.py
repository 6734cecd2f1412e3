"""Use, cards and holds of single persons, on both databases."""

from datetime import date

import pytest

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.registry import SqlRegistry
from cloud.registry.model import CertificateLink, LinkKind, Person
from cloud.registry.office import Office, Result
from cloud.registry.resident import HoldKind
from tests.cloud.registry_world import AT, HEALTH, KOKUHO, Desk, line, ref

CARD = "ab" * 32
LINK = CertificateLink(LinkKind.CERTIFICATE, bytes.fromhex(CARD))


@pytest.fixture
def desk(database: Database) -> Desk:
    made = Desk(database)
    made.load(line(1, certificate_sha256=CARD))
    return made


def found(desk: Desk) -> Person:
    entry = SqlRegistry(desk.database).linked(LINK)
    assert entry is not None
    return entry.person


def test_nobody_is_registered_for_use_by_being_insured(desk: Desk) -> None:
    assert not found(desk).registered_on(date(2024, 10, 1))


def test_use_begins_on_request(desk: Desk) -> None:
    office = Office(desk.office)
    assert office.register_use(ref(1), date(2024, 10, 1)) is Result.DONE
    assert office.register_use(ref(1), date(2024, 10, 2)) is Result.UNCHANGED
    assert found(desk).registered_on(date(2024, 10, 1))


def test_unlinked_this_month_counts_until_the_end_of_next_month(desk: Desk) -> None:
    office = Office(desk.office)
    office.register_use(ref(1), date(2024, 1, 1))
    done = office.cancel_use(ref(1), date(2024, 10, 15))
    assert done == (Result.DONE, date(2024, 11, 30))
    assert found(desk).registered_on(date(2024, 11, 30))
    assert not found(desk).registered_on(date(2024, 12, 1))


def test_a_cancellation_that_came_again_postpones_nothing(desk: Desk) -> None:
    office = Office(desk.office)
    office.register_use(ref(1), date(2024, 1, 1))
    office.cancel_use(ref(1), date(2024, 10, 15))
    again = office.cancel_use(ref(1), date(2024, 11, 2))
    assert again == (Result.UNCHANGED, date(2024, 11, 30))
    kinds = desk.rows("SELECT kind FROM use_events ORDER BY id")
    assert kinds == [("registered",), ("cancelled",)]


def test_registering_again_takes_the_cancellation_back(desk: Desk) -> None:
    office = Office(desk.office)
    office.register_use(ref(1), date(2024, 1, 1))
    office.cancel_use(ref(1), date(2024, 10, 15))
    office.register_use(ref(1), date(2024, 11, 20))
    assert found(desk).registered_until is None
    assert found(desk).registered_on(date(2024, 12, 1))


def test_what_is_not_in_use_cannot_be_cancelled(desk: Desk) -> None:
    office = Office(desk.office)
    never = office.cancel_use(ref(1), date(2024, 10, 15))
    assert never == (Result.NOT_IN_USE, None)
    assert office.cancel_use(ref(9), date(2024, 10, 15)) == (Result.UNKNOWN, None)


def test_a_returned_card_opens_nothing_any_more(desk: Desk) -> None:
    office = Office(desk.office)
    assert office.give_back(ref(1), date(2024, 10, 3)) == (Result.DONE, 1)
    assert SqlRegistry(desk.database).linked(LINK) is None
    assert office.give_back(ref(1), date(2024, 10, 3)) == (Result.DONE, 0)
    assert office.give_back(ref(9), date(2024, 10, 3)) == (Result.UNKNOWN, 0)


def test_a_new_card_after_a_returned_one_is_linked(desk: Desk) -> None:
    Office(desk.office).give_back(ref(1), date(2024, 10, 3))
    desk.load(line(1, action="change", certificate_sha256="cd" * 32))
    link = CertificateLink(LinkKind.CERTIFICATE, b"\xcd" * 32)
    assert SqlRegistry(desk.database).linked(link) is not None


# -- holds -----------------------------------------------------------------------------
def hold_of(desk: Desk, insurer: str) -> int:
    (one,) = desk.office.open_holds(insurer)
    return one.id


def test_the_insurers_confirmation_discloses_again(desk: Desk) -> None:
    desk.load(line(1, action="change", sex="1"))
    assert found(desk).hold
    office = Office(desk.office)
    assert office.release([hold_of(desk, HEALTH)], HEALTH, AT) == 1
    assert not found(desk).hold
    assert desk.rows("SELECT how FROM holds") == [("confirmed",)]


def test_a_hold_is_released_by_its_own_insurer_only(desk: Desk) -> None:
    desk.load(line(1, action="change", sex="1"))
    office = Office(desk.office)
    assert office.release([hold_of(desk, HEALTH)], KOKUHO, AT) == 0
    assert found(desk).hold


def test_two_insurers_must_both_confirm(desk: Desk) -> None:
    desk.load(line(1, action="change", sex="1"))
    desk.load(line(1, insurer_number=KOKUHO, name="試験　春子"))
    office = Office(desk.office)
    office.release([hold_of(desk, HEALTH)], HEALTH, AT)
    assert found(desk).hold
    office.release([hold_of(desk, KOKUHO)], "  138057", AT)
    assert not found(desk).hold


def test_a_release_comes_once(desk: Desk) -> None:
    desk.load(line(1, action="change", sex="1"))
    office, number = Office(desk.office), hold_of(desk, HEALTH)
    assert office.release([number], HEALTH, AT) == 1
    assert office.release([number], HEALTH, AT) == 0


def test_holds_are_counted_by_kind_and_insurer(desk: Desk) -> None:
    desk.load(
        line(2, sex="1"), line(3, name="試験　春子"), line(4, insurer_number=KOKUHO)
    )
    desk.load(line(2, action="change"))
    told = {
        (one.insurer, one.kind): (one.open, one.ended)
        for one in desk.office.hold_counts()
    }
    assert told == {
        ("6991004", HoldKind.BIRTH_OR_SEX): (0, 1),
        ("6991004", HoldKind.NAME): (1, 0),
    }


def test_an_insurer_is_told_its_own_numbers_and_no_name(desk: Desk) -> None:
    desk.load(line(3, name="試験　春子", symbol="記－１"))
    (one,) = desk.office.open_holds(HEALTH)
    assert (one.symbol, one.number, one.branch) == ("記－１", "3", "01")
    assert "記" not in repr(one)
