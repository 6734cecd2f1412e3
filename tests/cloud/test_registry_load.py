"""Load files into a real database: matched, held, interrupted, and sent twice."""

import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.registry import SqlRegistry
from cloud.registry.lines import LONGEST_LINE
from cloud.registry.load import (
    AlreadyLoadingError,
    DryRun,
    Progress,
    one_by_one,
    run,
)
from cloud.registry.model import CertificateLink, LinkKind
from cloud.registry.resident import reference_of
from cloud.registry.rows import COLUMNS, HeaderError
from cloud.registry.service import Record
from tests.cloud.registry_world import (
    AT,
    KOKUHO,
    REGISTER,
    RULES,
    Desk,
    DictRegister,
    line,
    read_all,
    ref,
    resident,
    written,
)
from tests.cloud.world import person

CARD = "ab" * 32
ENDED = {"action": "end", "valid_until": "2025-03-31", "loss_reason": "03"}
OTHERS = DictRegister({**REGISTER.people, ref(2): resident(2)._replace(name="別　人")})


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def faults(content: str | bytes, **more: object) -> list[tuple[int, str]]:
    found = read_all(content, **more)  # type: ignore[arg-type]
    return [(one.line, one.fault.code.value) for b in found for one in b.faults]


def good(content: str | bytes, **more: object) -> list[int]:
    return [line for b in read_all(content, **more) for line in b.lines]  # type: ignore[arg-type]


# -- lines -----------------------------------------------------------------------------
def test_a_broken_line_never_loses_the_good_ones() -> None:
    lines = written([line(1), line(2), line(3), line(4)]).splitlines(keepends=True)
    lines[2] = '"' + lines[2]
    content = "".join(lines)
    assert faults(content) == [(3, "L202")]
    assert good(content) == [2, 4, 5]


@pytest.mark.parametrize(
    ("junk", "code"),
    [
        (b"\xff\xfe,\n", "L203"),
        (b"a\x00b\n", "L204"),
        (b"a,b\n", "L201"),
        (b"x" * (LONGEST_LINE * 3) + b"\n", "L205"),
        (b"x" * LONGEST_LINE + b"\n", "L205"),
        (b'"a" b,c\n', "L202"),
    ],
)
def test_junk_is_one_line_of_faults(junk: bytes, code: str) -> None:
    first, second = written([line(1), line(2)]).encode().splitlines(keepends=True)[1:]
    head = written([]).encode()
    content = head + first + junk + second
    assert faults(content) == [(3, code)]
    assert good(content) == [2, 4]


def test_an_empty_line_is_nothing() -> None:
    content = written([line(1)]) + "\r\n\r\n"
    assert faults(content) == []


def test_a_quoted_value_may_hold_a_comma() -> None:
    content = written([line(1, address='架空県,"見本"市')])
    (batch,) = read_all(content)
    assert batch.rows[0].address == '架空県,"見本"市'


def test_shift_jis_is_read_and_what_it_has_not_is_a_fault() -> None:
    content = written([line(1), line(2)])
    assert good(content, encoding="cp932") == [2, 3]
    mixed = content.encode("cp932") + written([line(3)]).splitlines()[1].encode()
    assert faults(mixed, encoding="cp932") == [(4, "L203")]


def test_a_byte_order_mark_is_no_column() -> None:
    assert good("\ufeff" + written([line(1)])) == [2]


def test_a_file_without_a_header_is_refused() -> None:
    with pytest.raises(HeaderError):
        good("1,2,3\n")
    with pytest.raises(HeaderError):
        good(b"\xff\n")


@given(st.lists(st.binary(max_size=60).filter(lambda b: b"\n" not in b), max_size=8))
def test_junk_between_good_lines_costs_none_of_them(junk: list[bytes]) -> None:
    first, second = written([line(1), line(2)]).encode().splitlines(keepends=True)[1:]
    between = b"".join(one + b"\n" for one in junk)
    content = written([]).encode() + first + between + second
    assert good(content) == [2, 3 + len(junk)]


# -- register, change, end -------------------------------------------------------------
def test_a_registered_person_is_found_by_certificate(desk: Desk) -> None:
    counts = desk.load(line(1, certificate_sha256=CARD, certificate_until="2028-06-15"))
    assert counts == {"registered": 1}
    link = CertificateLink(LinkKind.CERTIFICATE, bytes.fromhex(CARD))
    found = SqlRegistry(desk.database).linked(link)
    assert found is not None
    assert found.person.name == resident(1).name
    assert not found.person.registered
    assert not found.person.hold
    (insurance,) = found.person.insurances
    assert insurance.insurer_name == "架空健康保険組合"
    assert insurance.copayment_ratio == "030"
    (ends,) = desk.rows("SELECT not_after FROM certificates")
    assert ends == (1844693999000,)  # 2028-06-15 23:59:59 in Japan


def test_the_individual_number_and_the_reference_are_nowhere(desk: Desk) -> None:
    desk.load(line(1), line(2, sex="1"))
    told = repr(desk.rows("SELECT * FROM persons")) + repr(
        desk.rows("SELECT * FROM holds")
    )
    assert ref(1) not in told
    assert ref(2) not in told


def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    lines = [
        line(1),
        line(1, action="change", copayment_ratio="020"),
        line(1, action="change", copayment_ratio="010"),
        line(1, **ENDED),
        line(2, sex="1"),
    ]
    first = desk.load(*lines)
    assert (first["registered"], first["changed"], first["ended"]) == (2, 2, 1)
    before = everything(desk)
    assert desk.load(*lines) == {}
    assert everything(desk) == before


def test_an_older_file_again_does_not_undo_a_newer_one(desk: Desk) -> None:
    old = line(1, action="change", copayment_ratio="020")
    desk.load(line(1))
    desk.load(old)
    desk.load(line(1, action="change", copayment_ratio="010"))
    desk.load(old)
    assert desk.rows("SELECT copayment_ratio FROM insurances") == [("010",)]


def test_only_refused_lines_are_asked_again(desk: Desk) -> None:
    early = [line(1), line(2, action="change", copayment_ratio="020")]
    assert desk.load(*early) == {"registered": 1, "faulty": 1}
    assert desk.told(written(early)) == [(3, "number", "L401")]
    desk.load(line(2))
    assert desk.load(*early) == {"changed": 1}
    assert desk.told(written(early)) == []
    assert desk.load(*early) == {}


def test_a_line_that_says_what_stands_changes_nothing(desk: Desk) -> None:
    desk.load(line(1), line(2))
    assert desk.load(line(1), line(3)) == {"unchanged": 1, "registered": 1}
    assert desk.load(line(1, action="change"), line(4))["unchanged"] == 1


def test_another_writing_of_the_same_number_is_the_same_insurance(desk: Desk) -> None:
    desk.load(line(1, symbol="12-3", number="7"))
    wide = line(1, action="change", symbol="１２－３", number="７", branch="０１")
    assert desk.load(wide) == {"changed": 1}
    assert desk.rows("SELECT symbol, number FROM insurances") == [("１２－３", "７")]


def test_registered_again_with_other_values_is_refused(desk: Desk) -> None:
    desk.load(line(1))
    wrong = line(1, copayment_ratio="010")
    assert desk.load(wrong) == {"faulty": 1}
    assert desk.told(written([wrong])) == [(2, "number", "L402")]


def test_an_empty_branch_and_00_are_two_insurances(desk: Desk) -> None:
    counts = desk.load(line(1, branch=""), line(1, branch="00"))
    assert counts == {"registered": 2}
    assert desk.rows("SELECT branch FROM insurances ORDER BY position") == [
        ("",),
        ("00",),
    ]


def test_an_end_leaves_the_person_as_they_were(desk: Desk) -> None:
    desk.load(line(1))
    nobody = {"name": "", "name_kana": "", "sex": "", "birth_date": ""}
    assert desk.load(line(1, **ENDED, **nobody)) == {"ended": 1}
    assert desk.load(line(1, **ENDED, **nobody), line(2)) == {
        "unchanged": 1,
        "registered": 1,
    }
    assert desk.rows("SELECT name FROM persons ORDER BY id")[0] == (resident(1).name,)
    ended = desk.rows("SELECT valid_until, loss_reason FROM insurances")[0]
    assert ended == ("2025-03-31", "03")


@pytest.mark.parametrize("action", ["change", "end"])
def test_what_is_not_registered_cannot_be_changed(desk: Desk, action: str) -> None:
    desk.load(line(1))
    other = {**ENDED, "action": action, "valid_from": "2023-04-01"}
    assert desk.load(line(1, **other)) == {"faulty": 1}
    assert desk.load(line(9, **other)) == {"faulty": 1}


def test_a_number_with_a_branch_is_one_persons_at_a_time(desk: Desk) -> None:
    desk.load(line(1, number="7"))
    assert desk.load(line(2, number="7")) == {"faulty": 1}
    assert desk.told(written([line(2, number="7")])) == [(2, "number", "L403")]
    desk.load(line(1, number="7", **ENDED))
    later = line(2, number="7", valid_from="2025-04-01")
    assert desk.load(later) == {"registered": 1}


def test_a_number_without_a_branch_is_a_households(desk: Desk) -> None:
    family = [line(one, number="7", branch="") for one in (1, 2, 3)]
    assert desk.load(*family) == {"registered": 3}


def test_two_lines_of_one_file_do_not_share_a_number(desk: Desk) -> None:
    assert desk.load(line(1, number="7"), line(2, number="7")) == {
        "registered": 1,
        "faulty": 1,
    }


def test_a_certificate_stays_whose_it_is(desk: Desk) -> None:
    desk.load(line(1, certificate_sha256=CARD))
    assert desk.load(line(2, certificate_sha256=CARD)) == {"faulty": 1}
    again = desk.load(line(1, certificate_sha256=CARD, valid_from="2025-04-01"))
    assert again == {"registered": 1}


# -- holds -----------------------------------------------------------------------------
def held(desk: Desk) -> list[tuple[object, ...]]:
    return desk.rows("SELECT name, hold FROM persons ORDER BY id")


def test_what_the_register_contradicts_is_held_and_counted_by_kind(
    desk: Desk,
) -> None:
    counts = desk.load(
        line(1, birth_date="1980-03-01"),
        line(2, name="試験　春子"),
        line(3, resident_ref="R99-nobody-at-all"),
        line(4),
    )
    kinds = ("birth_or_sex", "name", "not_found")
    assert [counts[kind] for kind in kinds] == [1, 1, 1]
    assert counts["registered"] == 4
    flags = desk.rows("SELECT hold FROM persons ORDER BY name_kana, birth_date, name")
    assert Counter(flags) == {(1,): 3, (0,): 1}


def test_a_second_insurer_that_differs_holds_and_replaces_nothing(desk: Desk) -> None:
    desk.load(line(1))
    desk.load(line(1, insurer_number=KOKUHO, name="試験　春子"))
    assert held(desk) == [(resident(1).name, 1)]


def test_a_correction_of_the_insurer_ends_its_hold(desk: Desk) -> None:
    desk.load(line(1, name="試験　春子"))
    assert held(desk) == [("試験　春子", 1)]
    assert desk.load(line(1, action="change")) == {"changed": 1}
    assert held(desk) == [(resident(1).name, 0)]
    assert desk.rows("SELECT how FROM holds") == [("corrected",)]


def test_a_correction_does_not_end_the_hold_of_another_insurer(desk: Desk) -> None:
    desk.load(line(1, sex="1"), line(1, insurer_number=KOKUHO, name="試験　春子"))
    desk.load(line(1, action="change"))
    assert held(desk)[0][1] == 1
    desk.load(line(1, action="change", insurer_number=KOKUHO))
    assert held(desk)[0][1] == 0


def test_another_kind_takes_the_place_of_the_first(desk: Desk) -> None:
    desk.load(line(1, sex="1"))
    desk.load(line(1, action="change", name="試験　春子"))
    kinds = desk.rows("SELECT kind, how FROM holds ORDER BY id")
    assert kinds == [("birth_or_sex", "corrected"), ("name", "")]


def test_an_end_lifts_no_hold(desk: Desk) -> None:
    desk.load(line(1, sex="1"))
    desk.load(line(1, **ENDED))
    assert held(desk)[0][1] == 1


def test_who_was_imported_on_hold_stays_so(desk: Desk) -> None:
    desk.load(line(1))
    store = SqlRegistry(desk.database)
    store.put([Record(reference_of(ref(1)), person(hold=True, insurances=()))])
    desk.load(line(1, valid_from="2025-04-01"))
    assert held(desk)[0][1] == 1
    assert desk.rows("SELECT kind FROM holds") == [("imported",)]


def test_a_register_that_has_changed_decides_at_the_next_line(desk: Desk) -> None:
    desk.load(line(2), register=OTHERS)
    assert held(desk)[0][1] == 1
    desk.load(line(2, action="change"))
    assert held(desk)[0][1] == 0


# -- interrupted, repeated, in batches -------------------------------------------------
def test_an_interrupted_load_goes_on_where_it_was(desk: Desk) -> None:
    lines = [line(one) for one in range(1, 8)]
    content = written(lines)
    digest = content.encode()[-600:]
    load = desk.store.begin(digest, AT)
    steps = run(desk.store, load, read_all(content, rows=2), lambda: AT)
    next(steps)
    next(steps)
    del steps
    again = desk.store.begin(digest, AT)
    assert (again.finished, again.place.line) == (False, 5)
    assert desk.load(*lines, rows=2) == {"registered": 3}
    assert len(desk.rows("SELECT id FROM persons")) == 7
    assert desk.store.begin(digest, AT).counts["registered"] == 7


def test_two_processes_do_not_load_the_same_file(desk: Desk) -> None:
    content = written([line(one) for one in range(1, 8)])
    load = desk.store.begin(b"d", AT)
    one = run(desk.store, load, read_all(content, rows=2), lambda: AT)
    other = run(desk.store, load, read_all(content, rows=2), lambda: AT)
    next(one)
    with pytest.raises(AlreadyLoadingError):
        next(other)
    assert len(desk.rows("SELECT id FROM persons")) == 2


def test_a_dry_run_tells_the_same_and_writes_nothing(desk: Desk) -> None:
    content = written(
        [
            line(1),
            line(2, name="試験　春子"),
            line(3, sex="9"),
            line(1, action="change", copayment_ratio="010"),
            line(4, action="change"),
        ]
    )
    dry = DryRun(desk.store)
    *_, last = dry.run(read_all(content, rows=2))
    told = {str(name): n for name, n in last.counts.items() if n}
    assert told == {"registered": 2, "name": 1, "faulty": 2, "unchanged": 1}
    assert [(one.line, one.fault.code.value) for one in dry.faults] == [
        (4, "L302"),
        (6, "L401"),
    ]
    assert desk.rows("SELECT * FROM persons") == []
    assert desk.rows("SELECT * FROM loads") == []


def test_progress_counts_every_line(desk: Desk) -> None:
    content = written([line(1), line(2, sex="9", branch="x"), line(3)])
    load = desk.store.begin(b"d", AT)
    told = list(run(desk.store, load, read_all(content, rows=2), lambda: AT))
    assert [one.lines for one in told] == [2, 3]
    assert told[-1].offset == len(content.encode())
    assert isinstance(told[-1], Progress)
    assert told[-1].counts["faulty"] == 1


def test_one_person_goes_through_the_same_rules(desk: Desk) -> None:
    done = one_by_one(desk.store, line(1, sex="1"), RULES, REGISTER, AT)
    assert isinstance(done, Counter)
    assert (done["registered"], done["birth_or_sex"]) == (1, 1)
    refused = one_by_one(desk.store, line(2, action="change"), RULES, REGISTER, AT)
    assert isinstance(refused, list)
    assert [one.code.value for one in refused] == ["L401"]
    wrong = one_by_one(desk.store, line(2, sex="9"), RULES, REGISTER, AT)
    assert isinstance(wrong, list)


# -- batches of any size come to the same ----------------------------------------------
_LINES = st.builds(
    lambda who, changes: line(who, **changes),
    st.integers(1, 3),
    st.fixed_dictionaries(
        {
            "action": st.sampled_from(["register", "register", "change", "end"]),
            "number": st.sampled_from(["1", "2"]),
            "branch": st.sampled_from(["", "01"]),
            "insurer_number": st.sampled_from(["06991004", KOKUHO]),
            "valid_from": st.sampled_from(["2024-04-01", "2025-04-01"]),
            "valid_until": st.just("2026-03-31"),
            "loss_reason": st.just("99"),
            "name": st.sampled_from([resident(1).name, resident(2).name]),
            "copayment_ratio": st.sampled_from(["010", "030"]),
            "certificate_sha256": st.sampled_from(["", CARD, "cd" * 32]),
        }
    ),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(_LINES, min_size=1, max_size=14))
def test_the_size_of_a_batch_changes_nothing(
    sqlite_schema: Path, tmp_path: Path, lines: list[Mapping[str, str]]
) -> None:
    one, many = tmp_path / "one.sqlite3", tmp_path / "many.sqlite3"
    for file in (one, many):
        file.unlink(missing_ok=True)
        shutil.copyfile(sqlite_schema, file)
    assert _loaded(one, lines, rows=1) == _loaded(many, lines, rows=100)


def _loaded(file: Path, lines: list[Mapping[str, str]], rows: int) -> object:
    database = connect(file)
    desk = Desk(database)
    counts = desk.load(*lines, digest=b"d", rows=rows)
    refused = [(number, fault.code) for number, fault in desk.store.faults(b"d")]
    found = counts, refused, everything(desk)
    database.close()
    return found


def everything(desk: Desk) -> object:
    """All that is kept of persons, without the numbers they happen to have."""
    covers = ", ".join(
        f"i.{one}" for one in COLUMNS if one in {"symbol", "number", "branch"}
    )
    return [
        sorted(map(repr, desk.rows(sql)))
        for sql in (
            "SELECT reference, name, sex, birth_date, registered, hold FROM persons",
            f"SELECT p.reference, {covers}, i.position, i.insurer_number, i.lookup,"  # noqa: S608
            " i.valid_from, i.valid_until, i.loss_reason, i.copayment_ratio,"
            " i.insurer_name FROM insurances i JOIN persons p ON p.id = i.person_id",
            "SELECT p.reference, c.value FROM certificates c"
            " JOIN persons p ON p.id = c.person_id",
            "SELECT p.reference, h.insurer_key, h.kind FROM holds h"
            " JOIN persons p ON p.id = h.person_id WHERE h.ended IS NULL",
        )
    ]
