"""Outage mode: asked, approved by another, limited, marked, and without records."""

from dataclasses import replace
from pathlib import Path

import pytest

from cloud.access.asking import Asking
from cloud.access.inquire import Inquiries
from cloud.audit.model import Kind, details
from cloud.consent.emergency import Verdict
from cloud.consent.gate import ConsentClosedError
from cloud.eligibility.inquiry import NumberQuery
from cloud.fhir.systems import MODE
from cloud.main import Stores
from cloud.modes.errors import ConflictError, ModeError
from cloud.modes.outage import LONGEST_HOURS, WAITS_MS
from cloud.modes.store import Change
from cloud.modes.use import MOST, WINDOW_MS, Use
from cloud.modes.window import SETTLES_MS
from cloud.registry.service import Registry
from protocol import proof
from protocol.catalogue import Code
from protocol.codes import Decision
from protocol.ids import RequestId
from protocol.messages import ConsentDecision, ConsentRequest, VerificationAnswer
from tests.cloud.bulk_world import Room, row
from tests.cloud.fhir_world import Clinic
from tests.cloud.modes_world import ELSEWHERE, HOUR_MS, REASON, Town, end_of, new_id
from tests.cloud.records_world import Shelf
from tests.cloud.test_fhir_routes import submitted
from tests.cloud.world import World, card, memory_stores, person


@pytest.fixture
def town(stores: Stores) -> Town:
    return Town(stores)


@pytest.fixture
def desk() -> Town:
    """In memory: for rules that no store has a part in."""
    return Town(memory_stores())


def refused(code: Code) -> "pytest.RaisesExc[ModeError]":
    return pytest.raises(ModeError, match=code.value)


# -- opening ------------------------------------------------------------
def test_without_approval_nothing_opens(town: Town) -> None:
    town.asks()
    town.now += SETTLES_MS
    assert town.mark() == ""
    with refused(Code.MODE_NOT_OPEN):
        town.search()


def test_who_asked_does_not_approve(town: Town) -> None:
    asked = town.asks()
    for same in ("desk-1", "DESK-1"):
        with refused(Code.FOUR_EYES):
            town.openings.approve(asked.id, by=same, hours=1, now_ms=town.now)
    assert town.mark() == ""


def test_a_reason_is_needed_and_a_name(desk: Town) -> None:
    for reason in ("", "x", "  - - -  "):
        with refused(Code.MODE_INCOMPLETE):
            desk.openings.ask(desk.facility, reason=reason, by="d", now_ms=desk.now)
    for by in ("", "名前", "a b", "x" * 65):
        with refused(Code.MODE_INCOMPLETE):
            desk.openings.ask(desk.facility, reason=REASON, by=by, now_ms=desk.now)


@pytest.mark.parametrize("hours", [0, -1, LONGEST_HOURS + 1])
def test_nothing_opens_for_longer_than_a_day(desk: Town, hours: int) -> None:
    asked = desk.asks()
    with refused(Code.MODE_INCOMPLETE):
        desk.openings.approve(asked.id, by="op", hours=hours, now_ms=desk.now)


def test_a_request_that_nobody_approved_in_time_is_asked_anew(desk: Town) -> None:
    asked = desk.asks()
    desk.now += WAITS_MS
    with refused(Code.WRONG_STATE):
        desk.openings.approve(asked.id, by="op", hours=1, now_ms=desk.now)


def test_it_opens_when_every_worker_has_looked_and_ends_by_itself(town: Town) -> None:
    assert town.mark() == ""
    opened = town.outage(hours=2)
    assert (opened.since, opened.until) == (town.now, town.now + 2 * HOUR_MS)
    town.now -= 1
    assert town.mark() == ""
    town.now += 1
    assert town.mark() == "outage"
    town.now = end_of(opened) - 1
    assert town.mark() == "outage"
    town.now = end_of(opened)
    assert town.mark() == ""
    with refused(Code.MODE_NOT_OPEN):
        town.search()


def test_it_is_ended_early_and_never_prolonged(town: Town) -> None:
    opened = town.outage()
    ended = town.openings.end(opened.id, by="op", now_ms=town.now + 5_000)
    assert ended.until == town.now + 5_000
    town.now += 5_000
    with refused(Code.MODE_NOT_OPEN):
        town.search()
    with refused(Code.WRONG_STATE):
        town.openings.end(opened.id, by="op", now_ms=town.now)
    with refused(Code.WRONG_STATE):
        town.openings.approve(opened.id, by="op-3", hours=9, now_ms=town.now)


def test_what_is_ended_before_it_opens_never_opens(town: Town) -> None:
    asked = town.asks()
    town.openings.approve(asked.id, by="op", hours=1, now_ms=town.now)
    ended = town.openings.end(asked.id, by="op", now_ms=town.now + 1)
    assert ended.state(town.now + 1) == "ended"
    town.now += SETTLES_MS
    with refused(Code.MODE_NOT_OPEN):
        town.search()


def test_another_facility_is_not_opened_and_cannot_end_it(town: Town) -> None:
    opened = town.outage()
    here = town.circumstances.facility(ELSEWHERE, town.now)
    assert here.mode == ""
    with refused(Code.NOT_THERE):
        town.openings.end(opened.id, by="x", now_ms=town.now, facility=ELSEWHERE)


def test_of_two_who_approve_at_once_one_is_told(town: Town) -> None:
    asked = town.asks()
    stale = town.stores.modes
    opened = replace(asked, approved_by="a", since=1, until=2, turn=1)
    stale.commit(Change(changed=(opened,)))
    with pytest.raises(ConflictError):
        stale.commit(Change(changed=(replace(opened, approved_by="b"),)))
    with pytest.raises(ConflictError):
        stale.commit(Change(new=(asked,)))


# -- what it allows ------------------------------------------------------------
def test_a_person_without_a_card_is_found_by_name(town: Town) -> None:
    opened = town.outage()
    found = town.search()
    assert (found["validity"], found["mode"]) == ("1", "outage")
    patient = found["patient"]
    assert isinstance(patient, dict)
    assert patient["name_kana"] == "シケン　ハナコ"
    (use,) = town.stores.modes.every(Use)
    assert (use.mode_id, use.staff, use.outcome) == (opened.id, "nurse-1", "one")
    row = town.rows()[-1]
    said = details(row.detail)
    assert (row.kind, said["mode"], said["by"]) == (Kind.SEARCH, "outage", "nurse-1")
    assert proof.read(str(found["proof"])).fits(bytes(row.result))


def test_records_are_never_opened_by_an_outage(town: Town) -> None:
    town.outage()
    case = town.case()
    with refused(Code.MODE_NOT_OPEN):
        town.says(case, operation=Decision.GRANTED)
    with refused(Code.MODE_NOT_OPEN):
        town.unconscious(case, "operation")
    with pytest.raises(ConsentClosedError):
        town.reads()


def test_an_earlier_consent_still_reads_and_says_that_it_was_an_outage(
    town: Town,
) -> None:
    town.shelf.presses("operation")
    town.outage()
    assert town.reads().mode == "outage"
    assert details(town.rows()[-1].detail)["mode"] == "outage"


def test_the_use_is_written_before_the_search_is_made(desk: Town) -> None:
    desk.outage()

    def broken(*_: object) -> list[object]:
        raise OSError("the registry is away")

    object.__setattr__(desk.stores.modes, "born", broken)
    with pytest.raises(OSError, match="away"):
        desk.search()
    (use,) = desk.stores.modes.every(Use)
    assert use.outcome == "begun"


def test_searches_are_bounded_per_member_of_staff(town: Town) -> None:
    town.outage()
    begun = town.now
    for _ in range(MOST):
        town.search()
    with refused(Code.SEARCHED_TOO_OFTEN):
        town.search()
    assert town.search(staff="nurse-2")
    town.now = begun + WINDOW_MS - 1
    with refused(Code.SEARCHED_TOO_OFTEN):
        town.search()
    town.now = begun + WINDOW_MS
    assert town.search()


# -- marks ------------------------------------------------------------
def test_every_answer_of_the_wire_in_an_outage_is_marked(stores: Stores) -> None:
    world, mine = World(stores), card()
    world.knows(person(), mine)
    assert world.ask(world.verification(mine)).mode == ""  # type: ignore[union-attr]
    town = Town(stores, now=world.now)
    opened = town.outage()
    world.now = town.now
    answer = world.ask(world.verification(mine))
    assert isinstance(answer, VerificationAnswer)
    assert answer.mode == "outage"
    pressed = (ConsentDecision(item="operation", decision=Decision.GRANTED),)
    asked = world.asked(verification=answer.request_id, decisions=pressed)
    assert world.ask(ConsentRequest(**asked)).mode == "outage"  # type: ignore[arg-type,union-attr]
    strange = world.asked(verification=RequestId(new_id(1)), decisions=pressed)
    said = world.ask(ConsentRequest(**strange))  # type: ignore[arg-type]
    assert (said.code, said.mode) == ("M411", "outage")  # type: ignore[union-attr]
    marked = [details(row.detail).get("mode") for row in town.rows()]
    assert marked[-3:] == ["outage"] * 3
    world.now = end_of(opened)
    assert world.ask(world.verification(mine)).mode == ""  # type: ignore[union-attr]


def test_an_answer_by_number_in_an_outage_is_marked_and_proves_its_mark(
    town: Town,
) -> None:
    town.outage()
    registry = Registry(town.stores.registry)
    asking = Asking(
        Inquiries(registry, town.stores.eligibility),
        town.stores.eligibility,
        town.logs,
        town.finding.signer,
        circumstances=town.circumstances,
    )
    query = NumberQuery("99130015", "", "1", person().birth_date)
    handle = RequestId(new_id(town.now))
    found = asking.by_number(town.facility, query, handle=handle, now_ms=town.now)
    assert found["mode"] == "outage"
    assert details(town.rows()[-1].detail)["mode"] == "outage"


# -- review ------------------------------------------------------------
def test_every_use_is_reviewed_once_and_by_somebody_else(town: Town) -> None:
    town.outage()
    case = town.case()
    with refused(Code.FOUR_EYES):
        town.finding.review(case, Verdict.JUSTIFIED, by="nurse-1", now_ms=town.now)
    with refused(Code.WRONG_STATE):
        town.finding.review(case, Verdict.OPEN, by="r-1", now_ms=town.now)
    judged = town.finding.review(case, Verdict.JUSTIFIED, by="r-1", now_ms=town.now)
    assert (judged.verdict, judged.reviewer) == (Verdict.JUSTIFIED, "r-1")
    with refused(Code.WRONG_STATE):
        town.finding.review(case, Verdict.JUSTIFIED, by="r-2", now_ms=town.now)
    assert details(town.rows()[-1].detail)["act"] == "reviewed"


def test_each_step_of_a_mode_is_a_row_of_the_log(town: Town) -> None:
    opened = town.outage()
    town.openings.end(opened.id, by="operator-1", now_ms=town.now)
    said = [details(row.detail) for row in town.rows() if row.kind == Kind.MODE]
    assert [one["act"] for one in said] == ["asked", "approved", "ended"]
    assert [one["by"] for one in said] == ["desk-1", "operator-1", "operator-1"]


def test_a_bulk_answer_in_an_outage_is_marked_in_its_row(tmp_path: Path) -> None:
    stores = memory_stores()
    room = Room(stores, tmp_path, lambda *rows: stores.audit.append(rows))
    town = Town(stores, now=room.now)
    town.outage()
    room.now = town.now
    room.submit([row(1)])
    room.run()
    said = [details(one.detail) for one in town.rows() if one.kind == Kind.INQUIRY]
    assert [one.get("mode") for one in said if "validity" in one] == ["outage"]


def test_a_fhir_answer_in_an_outage_says_so(tmp_path: Path) -> None:
    clinic = Clinic(Shelf(memory_stores()), tmp_path)
    before = submitted(clinic)
    town = Town(clinic.shelf.stores, now=clinic.shelf.now)
    town.outage()
    clinic.shelf.now = town.now
    mark = {"url": MODE, "valueCode": "outage"}
    assert mark not in before["extension"]
    assert mark in submitted(clinic)["extension"]
