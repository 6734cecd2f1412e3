"""What is let go of, and when; a dry run says what a run does."""

from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from cloud.access.ledger import VERIFICATION_STANDS_MS
from cloud.adapters.sql.audit import SqlAudit
from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.registry import SqlRegistry
from cloud.adapters.sql.retention import Done, Retention
from cloud.adapters.sql.schema import all_tables, migrate
from cloud.adapters.sql.statement import Statement
from cloud.audit.check import What
from cloud.audit.model import HOUSE, Entry, Kind, detail, details
from cloud.audit.retention import DAY_MS, KEPT, RULES, Action, Age, configured
from cloud.audit.service import Verifier
from cloud.registry.model import CertificateLink, LinkKind, Person, PersonId
from cloud.registry.service import Record
from protocol.codes import Sex
from protocol.freshness import WINDOW_MS
from tests.cloud.test_audit_chain import KEYS, SECRET, SIGNER
from tests.cloud.world import FACILITY, NOON, READER, TODAY, insurance, ms, person

NOW = ms(NOON)
YEAR = 366 * DAY_MS
LONG_AGO = NOW - 7 * YEAR


def retention(database: Database, days: dict[str, int] | None = None) -> Retention:
    log = SqlAudit(database, SECRET)
    verifier = Verifier(log, KEYS, SECRET)
    return Retention(database, log, verifier, SIGNER, configured(days or {}))


def put(database: Database, who: Person, name: bytes) -> PersonId:
    link = CertificateLink(LinkKind.CERTIFICATE, name.ljust(32))
    registry = SqlRegistry(database)
    registry.put([Record(name, who, (link,))])
    found = registry.linked(link)
    assert found is not None
    return found.id


def add(database: Database, table: str, **values: object) -> None:
    known = all_tables().tables[table]
    database.run(Statement(insert(known).values(values)))


def said(database: Database, who: PersonId | None, at: int) -> None:
    log = SqlAudit(database, SECRET)
    one = Entry(FACILITY, at, Kind.VERIFICATION, who, detail(n=at), bytes(32))
    with database.transaction():
        log.append([one])


def filled(database: Database) -> tuple[PersonId, PersonId]:
    """Somebody whose insurance ended long ago, somebody insured; rows old and new."""
    ended = insurance(date(2010, 4, 1), TODAY - timedelta(days=1827))
    gone = put(database, person(insurances=(ended,)), b"gone")
    here = put(database, person(), b"here")
    for who in (gone, here):
        for at in (LONG_AGO, NOW - DAY_MS - 1, NOW - DAY_MS):
            request = f"{who}-{at}"
            add(
                database,
                "requests",
                request_id=request,
                reader_id=READER,
                envelope=b"e",
                request_hash=b"h",
                answer=b"who it is",
                expires_at=at,
            )
            add(
                database,
                "verifications",
                request_id=request,
                reader_id=READER,
                person_id=who,
                outcome="accepted",
                asked="",
                at=at,
                certificate_expires=0,
            )
            place = {"facility_code": FACILITY, "person_id": who, "item": "operation"}
            add(database, "consents_unanswered", **place, request_id=request, at=at)
            add(
                database,
                "consents",
                **place,
                pressed_at=at,
                request_id=request,
                decision="granted",
                decided_at=at,
                available_until=at + DAY_MS,
                care="1",
                origin="pressed",
                ended="",
            )
            add(database, "envelopes", id=request.encode(), seen=at)
            said(database, who, at)
        add(
            database,
            "watches",
            facility_code=FACILITY,
            target="card",
            value=(b"gone" if who == gone else b"here").ljust(32).hex(),
            handle=f"{who}",
            cause="c",
            since=LONG_AGO if who == gone else NOW,
            next_at=NOW,
        )
        add(
            database,
            "continuing_care",
            facility_code=FACILITY,
            person_id=who,
            handle=f"{who}",
            since=LONG_AGO,
            ended=LONG_AGO if who == here else None,
        )
    for at in (LONG_AGO, NOW):
        add(
            database,
            "usage",
            at=at,
            reader_id=READER,
            facility_code=FACILITY,
            kind="k",
            method="",
            care="",
            outcome="o",
            code="",
            waited_ms=0,
        )
    for day in ("2015-01-01", "2026-06-15"):
        add(database, "refusals", day=day, code="M402", reader_id="", n=1)
    SqlAudit(database, SECRET).anchor(NOW, SIGNER)
    return gone, here


def counted(database: Database) -> Counter[str]:
    return Counter(
        {
            name: database.run_text(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608
            for name in all_tables().tables
        }
    )


def whole(database: Database) -> bool:
    return not list(Verifier(SqlAudit(database, SECRET), KEYS, SECRET).verify())


def summed(done: list[Done]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in done:
        total[one.table] += one.rows
    return total


def test_a_dry_run_says_exactly_what_a_run_does(database: Database) -> None:
    filled(database)
    before = counted(database)
    planned = list(retention(database).run(NOW, dry=True))
    assert counted(database) == before
    done = list(retention(database).run(NOW, dry=False))
    assert done == planned
    after = counted(database)
    # The house wrote down what it did: one erasure, one pruning, its own head.
    for name, rows in (("audit_rows", 2), ("audit_heads", 1), ("audit_checkpoints", 1)):
        after[name] -= rows
    assert +summed(done) == before - after
    assert sum(one.rows for one in done) > 20
    assert whole(database)
    again = [one for one in retention(database).run(NOW, dry=False) if one.rows]
    assert again == []


def test_whose_insurance_ended_long_ago_is_gone_from_every_table(
    database: Database,
) -> None:
    gone, here = filled(database)
    list(retention(database).run(NOW, dry=False))
    registry = SqlRegistry(database)
    assert registry.person(gone) is None
    assert registry.person(here) is not None
    for name, table in all_tables().tables.items():
        if "person_id" in table.columns:
            rows = database.run_text(f"SELECT person_id FROM {name}").fetchall()  # noqa: S608
            assert gone not in {person for (person,) in rows}
    assert list(SqlAudit(database, SECRET).of_person(gone)) == []


@pytest.mark.parametrize(
    ("ends", "stays"),
    [
        (None, True),
        (TODAY - timedelta(days=1826), True),
        (TODAY - timedelta(days=1827), False),
    ],
)
def test_the_last_insurance_decides_to_the_day(
    database: Database, ends: date | None, *, stays: bool
) -> None:
    old = insurance(date(2000, 4, 1), date(2001, 4, 1))
    who = put(
        database, person(insurances=(old, insurance(date(2010, 4, 1), ends))), b"a"
    )
    nobody = put(database, person(insurances=()), b"b")
    list(retention(database).run(NOW, dry=False))
    registry = SqlRegistry(database)
    assert (registry.person(who) is not None) is stays
    # Without any insurance there is no day to count from.
    assert registry.person(nobody) is not None


def test_a_consent_stays_as_long_as_it_opens_something(database: Database) -> None:
    _, here = filled(database)
    database.run_text(
        f"UPDATE consents SET available_until = {NOW + YEAR}"  # noqa: S608
        f" WHERE decided_at = {LONG_AGO}"
    )
    list(retention(database).run(NOW, dry=False))
    rows = database.run_text(
        f"SELECT decided_at FROM consents WHERE person_id = {here}"  # noqa: S608
    ).fetchall()
    assert (LONG_AGO,) in rows


def test_an_open_consent_stays_until_its_key_is_gone(database: Database) -> None:
    """Home visits: no end is written, and years may pass."""
    _, here = filled(database)
    database.run_text(
        "UPDATE consents SET available_until = NULL"  # noqa: S608
        f" WHERE decided_at = {LONG_AGO}"
    )
    add(
        database,
        "data_keys",
        facility_code=FACILITY,
        person_id=here,
        item="operation",
        care="2",
        request_id=f"{here}-{LONG_AGO}",
        pressed_at=LONG_AGO,
        since=LONG_AGO,
        until=None,
        sealed=b"key",
    )
    kept = f"SELECT 1 FROM consents WHERE decided_at = {LONG_AGO}"  # noqa: S608
    list(retention(database).run(NOW, dry=False))
    assert len(database.run_text(kept).fetchall()) == 1
    database.run_text("DELETE FROM data_keys")
    list(retention(database).run(NOW, dry=False))
    assert database.run_text(kept).fetchall() == []


def test_old_rows_of_the_log_go_and_the_rest_still_verifies(database: Database) -> None:
    filled(database)
    list(retention(database).run(NOW, dry=False))
    log = SqlAudit(database, SECRET)
    assert [row.seq for row in log.rows(FACILITY)] == [2, 3, 4, 5, 6]
    prunings = [row for row in log.rows(HOUSE) if row.kind == Kind.PRUNING]
    assert [details(row.detail) for row in prunings] == [{"chains": "1", "rows": "1"}]
    assert whole(database)


def test_a_chain_that_somebody_changed_is_not_pruned(database: Database) -> None:
    """Its old rows are the evidence."""
    filled(database)
    database.run_text("UPDATE audit_rows SET detail = 'outcome=x' WHERE seq = 1")
    done = list(retention(database).run(NOW, dry=False))
    assert [one.rows for one in done if one.rule == "audit"] == [0]
    found = list(Verifier(SqlAudit(database, SECRET), KEYS, SECRET).verify())
    assert [one.what for one in found] == [What.CHANGED]


# -- one person ------------------------------------------------------------------------
def test_an_erased_person_is_nowhere_and_the_log_is_whole(database: Database) -> None:
    gone, here = filled(database)
    planned = list(retention(database).erase(here, NOW, dry=True))
    rows = len(list(SqlAudit(database, SECRET).rows(FACILITY)))
    assert len(list(SqlAudit(database, SECRET).of_person(here))) == 3
    done = list(retention(database).erase(here, NOW, dry=False))
    assert done == planned
    assert summed(done)["requests"] == 3
    assert SqlRegistry(database).person(here) is None
    assert SqlRegistry(database).person(gone) is not None
    log = SqlAudit(database, SECRET)
    assert list(log.of_person(here)) == []
    assert len(list(log.rows(FACILITY))) == rows
    assert whole(database)


def test_the_file_itself_has_the_name_no_more(tmp_path: Path) -> None:
    """SQLite: overwritten in the file, and its log is cut. PostgreSQL: at a vacuum."""
    file = tmp_path / "cloud.sqlite3"
    who = Person("消去　試子", "ショウキョ　タメシコ", Sex.FEMALE, date(1970, 1, 2))
    with closing(connect(file)) as database:
        migrate(database)
        erased = put(database, who, b"erase")
        assert who.name.encode() in _bytes_of(file)
        list(retention(database).erase(erased, NOW, dry=False))
        assert who.name.encode() not in _bytes_of(file)


def _bytes_of(file: Path) -> bytes:
    log = file.with_name(file.name + "-wal")
    return file.read_bytes() + (log.read_bytes() if log.exists() else b"")


def test_an_erasure_is_written_down_without_the_person(database: Database) -> None:
    _, here = filled(database)
    list(retention(database).erase(here, NOW, dry=False))
    (row,) = SqlAudit(database, SECRET).rows(HOUSE)
    assert (row.kind, row.subject) == (Kind.ERASURE, b"")
    assert details(row.detail)["persons"] == "1"


# -- rules -----------------------------------------------------------------------------
def test_every_rule_names_a_table_and_columns_that_exist() -> None:
    tables = all_tables().tables
    for rule in RULES:
        kinds = {str(tables[rule.table].c[name].type) for name in rule.since}
        assert kinds == {"TEXT"} if rule.age is Age.DAY else kinds == {"BIGINT"}
        assert rule.why
        assert rule.basis


def test_every_table_has_a_rule_a_person_or_a_reason() -> None:
    """A new table is not forgotten here: it gets a row in RULES or in KEPT."""
    ruled = {rule.table for rule in RULES}
    others = {
        name
        for name, table in all_tables().tables.items()
        if name not in ruled and "person_id" not in table.columns
    }
    assert others == set(KEPT)


def test_the_protocols_periods_are_the_ledgers() -> None:
    rules = {rule.name: rule for rule in RULES}
    assert rules["verifications"].keep_ms == VERIFICATION_STANDS_MS
    assert rules["answers"].keep_ms == rules["envelopes"].keep_ms == 2 * WINDOW_MS


def test_the_log_outlives_what_it_gives_evidence_of() -> None:
    longest = max(rule.keep_ms for rule in RULES if rule.action is not Action.PRUNE)
    (log,) = (rule for rule in RULES if rule.action is Action.PRUNE)
    assert log.keep_ms > longest


def test_periods_are_configuration_and_the_protocols_are_not() -> None:
    rules = {rule.name: rule for rule in configured({"consents": 10})}
    assert rules["consents"].keep_ms == 10 * DAY_MS
    assert rules["usage"] in RULES
    for name in ("verifications", "nonsense"):
        with pytest.raises(ValueError, match="no such rule"):
            configured({name: 1})


def test_a_shorter_period_lets_go_of_more(database: Database) -> None:
    filled(database)
    usual = {one.rule: one for one in retention(database).run(NOW, dry=True)}
    short = retention(database, {"consents": 1}).run(NOW + 2 * DAY_MS, dry=True)
    assert {one.rule: one.rows for one in short}["consents"] > usual["consents"].rows
