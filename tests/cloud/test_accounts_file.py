"""Accounts from a file: what is good is taken, what is not is named by its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.accounts.bulk import BYTES, FileUnreadableError, Plan, lines
from cloud.accounts.errors import AccountExistsError
from cloud.accounts.model import Role
from cloud.accounts.service import Accounts
from cloud.main import Stores
from tests.cloud.accounts_world import NOW, accounts_of, enrolled
from tests.cloud.world import FACILITY, memory_stores

GOOD = """account,role,name
a-kuma,administrator,熊　院長
m-sato,reception,佐藤　美香
t-ito,clinician,伊藤　太郎
"""


@pytest.fixture
def accounts(stores: Stores) -> Accounts:
    return accounts_of(stores.accounts)


def take(accounts: Accounts, text: str) -> Plan:
    plan = accounts.plan(FACILITY, lines(text.encode()), NOW)
    new, _ = accounts.invitations(plan.new, NOW)
    accounts.apply(plan, new)
    return plan


def counts(plan: Plan) -> tuple[int, int, int, int]:
    return len(plan.new), len(plan.changed), plan.same, len(plan.faults)


def test_the_same_file_twice_changes_nothing(accounts: Accounts) -> None:
    assert counts(take(accounts, GOOD)) == (3, 0, 0, 0)
    before = accounts.accounts(FACILITY)
    assert counts(take(accounts, GOOD)) == (0, 0, 3, 0)
    assert accounts.accounts(FACILITY) == before


def test_a_plan_changes_nothing(accounts: Accounts) -> None:
    accounts.plan(FACILITY, lines(GOOD.encode()), NOW)
    assert accounts.accounts(FACILITY) == []


def test_another_role_is_a_change_and_keeps_the_factors(accounts: Accounts) -> None:
    enrolled(accounts)
    take(accounts, "account,role,name\nm-sato,reception,佐藤　美香\n")
    (one,) = accounts.accounts(FACILITY)
    assert (one.role, one.enrolled) == (Role.RECEPTION, True)


def test_bad_lines_are_named_and_the_others_taken(accounts: Accounts) -> None:
    text = (
        "account,role,name\n"
        "a-kuma,administrator,熊\n"
        "M Sato,reception,佐藤\n"
        "t-ito,surgeon,伊藤\n"
        "\n"
        "a-kuma,reception,熊\n"
        "u-abe,reception,\n"
        "w-oka,reception,岡,extra\n"
        "x-ono\n"
        "y-ueda,reception,上田\n"
    )
    plan = take(accounts, text)
    found = [(one.line, one.column) for one in plan.faults]
    assert found == [
        (3, "account"),
        (4, "role"),
        (6, "account"),
        (7, "name"),
        (8, "account"),
        (9, "role"),
    ]
    assert [one.account for one in accounts.accounts(FACILITY)] == ["a-kuma", "y-ueda"]
    said = " ".join(one.sentence for one in plan.faults)
    assert not any(value in said for value in ("Sato", "surgeon", "佐藤", "岡"))


def test_a_file_does_not_take_the_last_administrator(accounts: Accounts) -> None:
    take(accounts, GOOD)
    plan = take(accounts, "account,role,name\na-kuma,reception,熊\n")
    assert [one.column for one in plan.faults] == ["role"]
    swap = "account,role,name\nm-sato,administrator,佐藤\na-kuma,reception,熊\n"
    assert counts(take(accounts, swap)) == (0, 2, 0, 0)


def test_two_who_import_at_once_do_not_hand_out_two_secrets(
    accounts: Accounts,
) -> None:
    plan = accounts.plan(FACILITY, lines(GOOD.encode()), NOW)
    take(accounts, GOOD)
    new, _ = accounts.invitations(plan.new, NOW)
    with pytest.raises(AccountExistsError):
        accounts.apply(plan, new)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_come_as_spreadsheets_save_them(encoding: str, end: str) -> None:
    data = GOOD.replace("\n", end).encode(encoding)
    assert [one.name for one in lines(data)][1:] == ["佐藤　美香", "伊藤　太郎"]


def test_columns_come_in_any_order_with_quotes() -> None:
    (one,) = lines(b'name,account,role\n"Oka, Dr.",w-oka,clinician\n')
    assert (one.account, one.role, one.name) == ("w-oka", "clinician", "Oka, Dr.")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"account,role\n",
        b"account,role,name,account\n",
        b"account,role,name\n\x81 ,reception,x\n",
        b'account,role,name\n"a,reception\n',
        b"x" * (BYTES + 1),
        b"account,role,name\n" + b"a,b,c\n" * 10_001,
    ],
)
def test_what_is_no_such_file_is_refused_whole(data: bytes) -> None:
    with pytest.raises(FileUnreadableError):
        lines(data)


@given(st.binary(max_size=300))
def test_no_bytes_are_more_than_refused(data: bytes) -> None:
    try:
        found = lines(b"account,role,name\n" + data)
    except FileUnreadableError:
        return
    plan = accounts_of(memory_stores().accounts).plan(FACILITY, found, NOW)
    assert len(plan.new) + len(plan.faults) == len(found)
