"""Accounts from a file: account, role, name; what it would change. Pure.

    account,role,name
    m-sato,reception,佐藤　美香

A line that cannot be taken is named by its number, column and code, never by its
values. Accounts that the file does not name stay as they are.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from cloud.accounts.model import Account, Role, account_name, display_name
from protocol.ids import FacilityCode

COLUMNS: Final = ("account", "role", "name")
BYTES: Final = 1 << 20
LINES: Final = 10_000


class FileUnreadableError(ValueError):
    """Not such a file at all; the text says what it wants."""


@dataclass(frozen=True, slots=True)
class Fault:
    line: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    account: str
    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the file comes to. The same file once more: all of it is `same`."""

    new: tuple[Account, ...]
    changed: tuple[Account, ...]
    same: int
    faults: tuple[Fault, ...]


def lines(data: bytes) -> list[Line]:
    """UTF-8, with or without a mark, or CP932. Raises FileUnreadableError."""
    if len(data) > BYTES:
        raise FileUnreadableError("the file is larger than 1 MiB")
    rows = csv.reader(io.StringIO(_text(data), newline=""), strict=True)
    try:
        return list(_lines(rows))
    except csv.Error as error:
        raise FileUnreadableError("the file is not CSV") from error


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileUnreadableError("the file is neither UTF-8 nor Shift_JIS (CP932)")


def _lines(rows: Iterator[list[str]]) -> Iterator[Line]:
    header = [cell.strip() for cell in next(rows, [])]
    if sorted(header) != sorted(COLUMNS):
        raise FileUnreadableError(f"the first line must be {','.join(COLUMNS)}")
    for number, cells in enumerate(rows, 2):
        if number > LINES + 1:
            raise FileUnreadableError(f"the file has more than {LINES} lines")
        if not any(cell.strip() for cell in cells):
            continue
        full = [*cells, *("",) * (len(header) - len(cells))]
        found = dict(zip(header, (cell.strip() for cell in full), strict=False))
        extra = len(cells) > len(header)
        # A cell too many shifts the others: such a line has no account.
        account = "" if extra else found["account"]
        yield Line(number, account, found["role"], found["name"])


def plan(
    facility: FacilityCode,
    wanted: Iterable[Line],
    existing: Mapping[str, Account],
    now_ms: int,
) -> Plan:
    """Good lines are taken, the others are faults."""
    result = dict(existing)
    seen: set[str] = set()
    faults: list[Fault] = []
    for line in wanted:
        fault = _fault(line, seen) or _last_administrator(line, result)
        if fault:
            faults.append(fault)
            continue
        seen.add(line.account)
        result[line.account] = _made(facility, line, existing, now_ms)
    new = tuple(one for name, one in result.items() if name not in existing)
    changed = tuple(
        one for name, one in result.items() if existing.get(name, one) != one
    )
    same = len(seen) - len(new) - len(changed)
    return Plan(new, changed, same, tuple(faults))


def _made(
    facility: FacilityCode, line: Line, existing: Mapping[str, Account], now_ms: int
) -> Account:
    known = existing.get(line.account)
    if known:
        return replace(known, name=line.name, role=Role(line.role))
    return Account(facility, line.account, line.name, Role(line.role), now_ms)


def _fault(line: Line, seen: set[str]) -> Fault | None:
    try:
        account_name(line.account)
    except ValueError as error:
        return Fault(line.number, "account", str(error))
    if line.account in seen:
        return Fault(line.number, "account", "the account stood in an earlier line")
    if line.role not in set(Role):
        roles = ", ".join(Role)
        return Fault(line.number, "role", f"a role is one of {roles}")
    try:
        display_name(line.name)
    except ValueError as error:
        return Fault(line.number, "name", str(error))
    return None


def _last_administrator(line: Line, result: Mapping[str, Account]) -> Fault | None:
    loses = line.role != Role.ADMINISTRATOR and only_administrator(
        result.values(), line.account
    )
    if not loses:
        return None
    return Fault(line.number, "role", "it would leave the facility no administrator")


def only_administrator(accounts: Iterable[Account], account: str) -> bool:
    """Whether without this one nobody is left to manage the others."""
    able = {
        one.account
        for one in accounts
        if one.role is Role.ADMINISTRATOR and not one.disabled
    }
    return able == {account}
