"""Records are read under a living consent, page by page, or not at all."""

import hashlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from cloud.access.reading import Reading
from cloud.adapters.sql.connect import Where, connect
from cloud.adapters.sql.consents import SqlConsents
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.schema import migrate
from cloud.adapters.sql.sqlite import SqliteDatabase
from cloud.audit.model import Entry as LogEntry
from cloud.audit.model import Kind as LogKind
from cloud.consent.gate import ConsentClosedError
from cloud.consent.model import DAY_MS, Ended
from cloud.consent.service import Consents
from cloud.main import Stores, circumstances_of, sql_stores
from cloud.records.answer import as_json
from cloud.records.errors import DisclosureHeldError, SealBrokenError
from cloud.records.model import Kind, Record, kind_of
from cloud.records.month import Month
from cloud.records.report import Report
from cloud.records.sealing import SealedRow, record_key
from cloud.records.service import Found, Records
from cloud.registry.model import PersonId
from protocol.codes import CONSENT_ITEM_BY_CODE, CareKind
from protocol.ids import FacilityCode, RequestId
from tests.cloud.records_world import (
    ALL_ITEMS,
    CHECKUP,
    DRUGS,
    EVERYTHING,
    OPERATION,
    SECRET,
    Interrupted,
    Shelf,
    checkup,
    everything,
    line,
    many_lines,
    operation,
    treatment,
)
from tests.cloud.world import AUDIT_SECRET, FACILITY, TODAY, memory_stores, person

ELSEWHERE = FacilityCode("1310000016")


@pytest.fixture
def shelf(stores: Stores) -> Shelf:
    return Shelf(stores)


@pytest.fixture
def desk() -> Shelf:
    """In memory: for rules that no store has a part in."""
    return Shelf(memory_stores())


def broken(shelf: Shelf, *items: str) -> bool:
    """Whether a read is refused because of what is stored; nothing else may happen."""
    with pytest.raises(SealBrokenError):
        shelf.reads(*items, page_rows=50)
    return True


# -- refusals ------------------------------------------------------------------------
def test_without_a_consent_nothing_is_read(shelf: Shelf) -> None:
    shelf.holds(*EVERYTHING)
    with pytest.raises(ConsentClosedError):
        shelf.reads()
    for item in ALL_ITEMS:
        with pytest.raises(ConsentClosedError):
            shelf.reads(item)


def test_a_consent_to_one_item_opens_no_other(shelf: Shelf) -> None:
    shelf.holds(*EVERYTHING)
    shelf.presses(OPERATION)
    assert shelf.reads(OPERATION).operations == (operation(),)
    for item in (DRUGS, CHECKUP):
        with pytest.raises(ConsentClosedError):
            shelf.reads(OPERATION, item)


def test_a_consent_at_another_facility_opens_nothing_here(shelf: Shelf) -> None:
    shelf.holds(*EVERYTHING)
    shelf.presses(DRUGS, facility=ELSEWHERE)
    with pytest.raises(ConsentClosedError):
        shelf.reads(DRUGS)


def test_an_expiry_between_two_pages_hands_nothing_out(shelf: Shelf) -> None:
    shelf.holds(*many_lines(9))
    shelf.presses(DRUGS)
    ends = shelf.now + DAY_MS

    def passes() -> None:
        shelf.now = ends

    shelf.now = ends - 1
    assert len(shelf.reads(DRUGS).drugs) == 9
    late = Interrupted(shelf.stores.records, 3, passes)
    with pytest.raises(ConsentClosedError):
        shelf.reads(DRUGS, store=late)
    assert late.asked == 3


def test_a_withdrawal_while_a_read_runs_ends_it(shelf: Shelf) -> None:
    shelf.holds(*many_lines(9))
    shelf.presses(DRUGS)
    running = Interrupted(shelf.stores.records, 3, shelf.withdraws)
    with pytest.raises(ConsentClosedError):
        shelf.reads(DRUGS, store=running)
    assert running.asked == 3


def test_a_withdrawal_after_the_last_page_hands_nothing_out(shelf: Shelf) -> None:
    shelf.holds(*EVERYTHING)
    shelf.presses(*ALL_ITEMS)
    made: list[Found] = []

    def make(found: Found) -> Found:
        made.append(found)
        shelf.withdraws()
        return found

    with pytest.raises(ConsentClosedError):
        shelf.reads(*ALL_ITEMS, make=make)
    assert made[0].drugs


def test_an_expiry_while_the_paper_is_made_hands_nothing_out(shelf: Shelf) -> None:
    shelf.holds(*EVERYTHING)
    shelf.presses(DRUGS)

    def make(found: Found) -> Found:
        shelf.now += DAY_MS
        return found

    with pytest.raises(ConsentClosedError):
        shelf.reads(DRUGS, make=make)


def test_one_item_that_closes_ends_the_whole_read(shelf: Shelf) -> None:
    shelf.holds(*EVERYTHING)
    shelf.presses(*ALL_ITEMS)

    def make(found: Found) -> Found:
        shelf.consents.withdraw(
            shelf.entry.id,
            why=Ended.BY_PATIENT,
            request=RequestId("one item"),
            at=shelf.now,
            item=CHECKUP,
        )
        return found

    with pytest.raises(ConsentClosedError):
        shelf.reads(*ALL_ITEMS, make=make)


def test_a_destroyed_data_key_is_the_end_even_if_somebody_sets_the_clock_back(
    shelf: Shelf,
) -> None:
    shelf.holds(*EVERYTHING)
    shelf.presses(DRUGS)
    shelf.stores.consents.destroy_expired(shelf.now + DAY_MS)
    with pytest.raises(ConsentClosedError):
        shelf.reads(DRUGS)


def test_disclosure_on_hold_shows_nothing_under_any_consent(shelf: Shelf) -> None:
    shelf.holds(*EVERYTHING)
    shelf.presses(*ALL_ITEMS)
    shelf.entry = shelf.registers(b"one", person(hold=True))
    with pytest.raises(DisclosureHeldError):
        shelf.reads(*ALL_ITEMS)


class AnotherKey:
    """A port that hands out a key that is not this person's, or not this item's."""

    def __init__(self, who: PersonId, item: str) -> None:
        self._place = (who, item)

    def key(self) -> bytes:
        return record_key(SECRET, *self._place)

    def until(self) -> int | None:
        return None


def reading(desk: Shelf, log: Callable[[LogEntry], None]) -> Reading:
    records = Records(desk.stores.records)
    return Reading(
        desk.consents, records, log, lambda: desk.now, circumstances_of(desk.stores)
    )


def test_a_read_that_cannot_be_logged_is_not_handed_out(desk: Shelf) -> None:
    desk.holds(*EVERYTHING)
    desk.presses(*ALL_ITEMS)

    def full(_: LogEntry) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        reading(desk, full).read(FACILITY, desk.entry, as_json)


def test_the_log_says_what_went_out_and_names_nobody(desk: Shelf) -> None:
    desk.holds(*EVERYTHING)
    desk.presses(DRUGS, CHECKUP)
    rows: list[LogEntry] = []
    out = reading(desk, rows.append).read(FACILITY, desk.entry, as_json)
    (row,) = rows
    assert row.result == hashlib.sha256(out).digest()
    assert (row.facility, row.kind) == (FACILITY, LogKind.READ)
    assert row.detail == "items=diagnosis_and_drugs,checkup;outcome=accepted"


def test_who_asks_for_no_item_gets_none(desk: Shelf) -> None:
    """An empty choice is not the same as no choice."""
    desk.holds(*EVERYTHING)
    desk.presses(*ALL_ITEMS)
    rows: list[LogEntry] = []
    with pytest.raises(ConsentClosedError):
        reading(desk, rows.append).read(FACILITY, desk.entry, as_json, items=[])
    assert rows == []


def test_a_withdrawal_while_the_answer_is_made_leaves_no_row(desk: Shelf) -> None:
    desk.holds(*EVERYTHING)
    desk.presses(*ALL_ITEMS)
    rows: list[LogEntry] = []

    def make(report: Report) -> bytes:
        desk.withdraws()
        return as_json(report)

    with pytest.raises(ConsentClosedError):
        reading(desk, rows.append).read(FACILITY, desk.entry, make)
    assert rows == []


def test_another_persons_key_opens_nothing(shelf: Shelf) -> None:
    shelf.holds(*EVERYTHING)
    wrong = (
        AnotherKey(PersonId(shelf.entry.id + 1), DRUGS),
        AnotherKey(shelf.entry.id, CHECKUP),
    )
    for port in wrong:
        with pytest.raises(SealBrokenError):
            Records(shelf.stores.records).read(
                shelf.entry, {DRUGS: port}, TODAY, everything
            )


# -- what somebody did to the database -------------------------------------------------
def test_two_swapped_rows_are_noticed(shelf: Shelf) -> None:
    shelf.holds(line(), line(brand="見本錠1mg"))
    shelf.presses(DRUGS)
    one, two = shelf.rows(Kind.DRUG)
    swapped = [replace(one, sealed=two.sealed), replace(two, sealed=one.sealed)]
    shelf.puts_back(swapped)
    assert broken(shelf, DRUGS)


def test_a_row_in_another_month_is_noticed(desk: Shelf) -> None:
    desk.holds(line(date(2026, 3, 3)))
    desk.presses(DRUGS)
    (row,) = desk.rows(Kind.DRUG)
    desk.puts_back([replace(row, place=replace(row.place, month=Month("2026-04")))])
    assert broken(desk, DRUGS)


def test_a_row_of_another_kind_under_the_same_key_is_noticed(desk: Shelf) -> None:
    desk.holds(line(), treatment())
    desk.presses(DRUGS)
    (drug,) = desk.rows(Kind.DRUG)
    (act,) = desk.rows(Kind.TREATMENT)
    moved = [replace(drug, sealed=act.sealed), replace(act, sealed=drug.sealed)]
    desk.puts_back(moved)
    assert broken(desk, DRUGS)


def test_another_persons_row_is_noticed(desk: Shelf) -> None:
    other = desk.registers(b"two")
    desk.holds(line())
    desk.holds(line(brand="見本錠1mg"), person=other.id)
    desk.presses(DRUGS)
    (mine,) = desk.rows(Kind.DRUG)
    theirs = Shelf.rows(replace_entry(desk, other.id), Kind.DRUG)[0]
    desk.puts_back([replace(mine, sealed=theirs.sealed)])
    assert broken(desk, DRUGS)


def replace_entry(shelf: Shelf, who: PersonId) -> Shelf:
    """The same stores, looked at as those of somebody else."""
    other = object.__new__(Shelf)
    other.__dict__.update(shelf.__dict__, entry=replace(shelf.entry, id=who))
    return other


def test_a_missing_row_is_noticed(shelf: Shelf) -> None:
    shelf.holds(line(), line(brand="見本錠1mg"), line(brand="見本錠2mg"))
    shelf.presses(DRUGS)
    rows = shelf.rows(Kind.DRUG)
    for gone in range(3):
        shelf.puts_back([row for row in rows if row.place.row != gone])
        assert broken(shelf, DRUGS)


def test_a_smaller_count_does_not_hide_a_missing_row(desk: Shelf) -> None:
    desk.holds(line(), line(brand="見本錠1mg"))
    desk.presses(DRUGS)
    first, _ = desk.rows(Kind.DRUG)
    desk.puts_back([replace(first, place=replace(first.place, rows=1))])
    assert broken(desk, DRUGS)


@pytest.mark.parametrize("place", [0, 11, 12, 100, -1])
def test_a_changed_byte_is_noticed(desk: Shelf, place: int) -> None:
    desk.holds(line())
    desk.presses(DRUGS)
    (row,) = desk.rows(Kind.DRUG)
    changed = bytearray(row.sealed)
    changed[place] ^= 1
    desk.puts_back([SealedRow(row.place, bytes(changed))])
    assert broken(desk, DRUGS)


def test_an_empty_row_is_noticed(desk: Shelf) -> None:
    desk.holds(line())
    desk.presses(DRUGS)
    (row,) = desk.rows(Kind.DRUG)
    desk.puts_back([SealedRow(row.place, b"")])
    assert broken(desk, DRUGS)


# -- what is read ----------------------------------------------------------------------
def test_what_was_sealed_comes_back(shelf: Shelf) -> None:
    shelf.holds(*EVERYTHING)
    shelf.presses(*ALL_ITEMS)
    found = shelf.reads(*ALL_ITEMS)
    read: tuple[Record, ...] = (
        *found.drugs,
        *found.treatments,
        *found.operations,
        *found.checkups,
    )
    assert tuple(read) == EVERYTHING
    assert {kind_of(one) for one in read} == set(Kind)
    assert found.until == dict.fromkeys(ALL_ITEMS, shelf.now + DAY_MS)


def test_a_home_visits_consent_opens_records_until_it_is_withdrawn(
    shelf: Shelf,
) -> None:
    shelf.holds(*EVERYTHING)
    shelf.presses(DRUGS, care=CareKind.HOME_VISIT)
    shelf.now += 30 * DAY_MS
    assert shelf.reads(DRUGS).until == {DRUGS: None}
    shelf.withdraws()
    with pytest.raises(ConsentClosedError):
        shelf.reads(DRUGS)


@pytest.mark.parametrize("count", [0, 49, 50, 51, 137])
def test_every_row_is_read_once_however_the_pages_fall(
    shelf: Shelf, count: int
) -> None:
    lines = many_lines(count)
    shelf.holds(*lines)
    shelf.presses(DRUGS)
    found = shelf.reads(DRUGS, page_rows=50)
    assert sorted(one.brand for one in found.drugs) == sorted(
        one.brand for one in lines
    )


def test_the_consent_is_asked_before_every_page_and_once_more(shelf: Shelf) -> None:
    shelf.holds(*many_lines(5), operation())
    shelf.presses(*ALL_ITEMS)
    asked = 0

    class Counting:
        def __init__(self, item: str) -> None:
            self._gate = shelf.gate(item)

        def key(self) -> bytes:
            nonlocal asked
            asked += 1
            return self._gate.key()

        def until(self) -> int | None:
            return self._gate.until()

    gates = {item: Counting(item) for item in ALL_ITEMS}
    pages = Interrupted(shelf.stores.records, 0, lambda: None)
    Records(pages, 2).read(shelf.entry, gates, TODAY, everything)
    assert asked == pages.asked + len(ALL_ITEMS)


def test_months_that_claims_do_not_show_yet_are_not_read(shelf: Shelf) -> None:
    shelf.holds(
        line(date(2026, 4, 30)),
        line(date(2026, 5, 1)),
        treatment(date(2026, 5, 1)),
        operation(date(2026, 5, 1)),
        checkup(date(2026, 6, 1)),
    )
    shelf.presses(*ALL_ITEMS)
    early = shelf.reads(*ALL_ITEMS, day=date(2026, 7, 10))
    assert [one.month for one in early.drugs] == ["2026-04"]
    assert not early.treatments
    assert not early.operations
    assert len(early.checkups) == 1
    later = shelf.reads(*ALL_ITEMS, day=date(2026, 7, 11))
    assert [one.month for one in later.drugs] == ["2026-04", "2026-05"]
    assert later.treatments
    assert later.operations


def test_new_records_take_the_place_of_the_old(shelf: Shelf) -> None:
    other = shelf.registers(b"two")
    shelf.holds(line(), operation(), person=other.id)
    shelf.holds(line(), line(), operation())
    shelf.holds(line(brand="見本錠1mg"))
    shelf.presses(*ALL_ITEMS)
    found = shelf.reads(*ALL_ITEMS)
    assert [one.brand for one in found.drugs] == ["見本錠1mg"]
    assert not found.operations
    assert len(replace_entry(shelf, other.id).rows(Kind.DRUG)) == 1


def test_every_kind_is_opened_by_an_item_that_patients_are_asked() -> None:
    assert set(ALL_ITEMS) <= set(CONSENT_ITEM_BY_CODE)


# -- at rest -------------------------------------------------------------------------
def test_another_process_withdraws_while_this_one_reads(
    database: Database, request: pytest.FixtureRequest
) -> None:
    """Two connections: what one destroys, the other no longer finds."""
    if isinstance(database, SqliteDatabase):
        where: Where = database.path
    else:
        where = request.getfixturevalue("cluster").conninfo
    shelf = Shelf(sql_stores(database, AUDIT_SECRET))
    shelf.holds(*many_lines(9))
    shelf.presses(DRUGS)
    with closing(connect(where)) as other:
        elsewhere = Consents(SqlConsents(other))

        def withdraws() -> None:
            elsewhere.withdraw(
                shelf.entry.id,
                why=Ended.BY_PATIENT,
                request=RequestId("elsewhere"),
                at=shelf.now,
            )

        running = Interrupted(shelf.stores.records, 2, withdraws)
        with pytest.raises(ConsentClosedError):
            shelf.reads(DRUGS, store=running)


def test_nothing_of_a_record_is_readable_in_the_database(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("rest")
    with closing(connect(folder / "cloud.sqlite3")) as database:
        migrate(database)
        shelf = Shelf(sql_stores(database, AUDIT_SECRET))
        shelf.holds(*EVERYTHING)
        shelf.presses(*ALL_ITEMS)
        assert shelf.reads(*ALL_ITEMS).drugs
        stored = b"".join(file.read_bytes() for file in folder.iterdir())
    words = (
        "ノルバスク",
        "アムロジピン",
        "朝食後",
        "胆嚢",
        "生活習慣病",
        "収縮期",
        "見本薬局",
    )
    assert len(stored) > 50_000
    for word in words:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp932"):
            assert word.encode(encoding) not in stored
    assert b"dispensed_on" not in stored
    # Where a row belongs is readable, and the registry is in clear: they are there.
    assert b"2026-04" in stored
    assert "試験　花子".encode() in stored


def test_a_drug_is_not_known_by_the_length_of_its_name(shelf: Shelf) -> None:
    shelf.holds(line(brand="見本錠"), line(brand="見本錠長い名前の"))
    one, two = shelf.rows(Kind.DRUG)
    assert len(one.sealed) == len(two.sealed)


def test_the_same_record_is_never_sealed_to_the_same_bytes(shelf: Shelf) -> None:
    shelf.holds(line(), line())
    one, two = shelf.rows(Kind.DRUG)
    assert one.sealed[:12] != two.sealed[:12]
    assert one.sealed[12:] != two.sealed[12:]
