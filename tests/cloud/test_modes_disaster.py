"""Disaster mode: a region, two operators, spoken consent, and an end of its own."""

from datetime import date, timedelta

import pytest

from cloud.audit.model import Kind, details
from cloud.consent.emergency import Verdict
from cloud.consent.gate import ConsentClosedError
from cloud.consent.model import DAY_MS
from cloud.facilities.place import Facility, Profile
from cloud.main import Stores
from cloud.modes.disaster import LONGEST_DAYS, midnight
from cloud.modes.errors import ModeError
from cloud.modes.finding import CASE_STANDS_MS
from cloud.modes.region import Region
from cloud.modes.use import Use
from protocol.catalogue import Code
from protocol.codes import Decision
from protocol.ids import FacilityCode
from protocol.numbers import substitute_code
from tests.cloud.modes_world import ELSEWHERE, HOUR_MS, Town, end_of
from tests.cloud.world import TODAY, memory_stores

YES, NO = Decision.GRANTED, Decision.REFUSED
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def town(stores: Stores) -> Town:
    return Town(stores)


@pytest.fixture
def desk() -> Town:
    """In memory: for rules that no store has a part in."""
    return Town(memory_stores())


def refused(code: Code) -> "pytest.RaisesExc[ModeError]":
    return pytest.raises(ModeError, match=code.value)


# -- opening and ending ------------------------------------------------------------
def test_one_operator_alone_opens_nothing(town: Town) -> None:
    begun = town.begins()
    town.now += 60_000
    assert town.mark() == ""
    with refused(Code.FOUR_EYES):
        town.openings.admit(begun.id, by="OPERATOR-1", now_ms=town.now)
    with refused(Code.MODE_NOT_OPEN):
        town.search()


def test_it_is_on_at_the_first_second_of_its_first_day_in_japan(town: Town) -> None:
    town.disaster(TOMORROW, TOMORROW)
    start = midnight(TOMORROW.isoformat())
    assert (start + 9 * HOUR_MS) % DAY_MS == 0
    town.now = start - 1
    assert town.mark() == ""
    with refused(Code.MODE_NOT_OPEN):
        town.search()
    town.now = start
    assert town.mark() == "disaster"
    assert town.search()["mode"] == "disaster"


def test_it_is_off_at_the_first_second_after_its_last_day(town: Town) -> None:
    town.disaster(TODAY, TOMORROW)
    end = midnight(TOMORROW.isoformat(), 1)
    town.now = end - 1
    assert town.mark() == "disaster"
    assert town.search()
    town.now = end
    assert town.mark() == ""
    with refused(Code.MODE_NOT_OPEN):
        town.search()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (TOMORROW, TODAY),
        (TODAY, TODAY + timedelta(days=LONGEST_DAYS)),
        (TODAY - timedelta(days=3), TODAY - timedelta(days=1)),
    ],
)
def test_days_are_in_order_bounded_and_not_over(
    desk: Town, first: date, last: date
) -> None:
    with refused(Code.MODE_INCOMPLETE):
        desk.begins(first, last)


def test_what_nobody_approved_in_its_days_never_opens(desk: Town) -> None:
    begun = desk.begins()
    desk.now = midnight(TODAY.isoformat(), 1)
    with refused(Code.WRONG_STATE):
        desk.openings.admit(begun.id, by="operator-2", now_ms=desk.now)


def test_only_facilities_of_the_region_are_in_it() -> None:
    tokyo, ward = Region("13"), Region("13", "01")
    assert tokyo.has(FacilityCode("1310000008"))
    assert not tokyo.has(ELSEWHERE)
    assert ward.has(FacilityCode("1310100006"))
    assert not ward.has(FacilityCode("1310000008"))
    workplace = substitute_code("13", 101)
    assert tokyo.has(workplace)
    assert not ward.has(workplace), "a substitute code says no municipality"


@pytest.mark.parametrize(
    ("prefecture", "area"),
    [("00", ""), ("48", ""), ("1", ""), ("１３", ""), ("13", "1"), ("13", "ab")],
)
def test_a_region_that_is_none_is_refused(prefecture: str, area: str) -> None:
    with refused(Code.MODE_INCOMPLETE):
        Region(prefecture, area)


# -- records -----------------------------------------------------------------------
def test_the_patients_spoken_yes_opens_and_nothing_else_does(town: Town) -> None:
    town.disaster()
    case = town.case()
    with pytest.raises(ConsentClosedError):
        town.reads()
    use = town.says(case, operation=YES, checkup=NO)
    assert use.spoken == "checkup:refused,operation:granted"
    read = town.reads()
    assert [one.item for one in read.opened] == ["operation"]
    assert read.mode == "disaster"
    (said,) = [details(r.detail) for r in town.rows() if r.kind == Kind.CONSENT]
    assert (said["by"], said["how"]) == ("dr-1", "spoken")


def test_silence_is_not_written_down_as_an_answer(town: Town) -> None:
    town.disaster()
    case = town.case()
    with refused(Code.WORDS_NEEDED):
        town.says(case, operation=Decision.UNANSWERED)
    with refused(Code.MODE_INCOMPLETE):
        town.says(case)
    with refused(Code.MODE_INCOMPLETE):
        town.says(case, nonsense=YES)
    with pytest.raises(ConsentClosedError):
        town.reads()


def test_a_spoken_no_closes_what_an_earlier_yes_opened(town: Town) -> None:
    town.shelf.presses("operation")
    town.disaster()
    town.says(town.case(), operation=NO)
    with pytest.raises(ConsentClosedError):
        town.reads()


def test_what_opens_closes_with_the_mode_to_the_millisecond(town: Town) -> None:
    opened = town.disaster()
    town.now = end_of(opened) - HOUR_MS
    town.says(town.case(), operation=YES)
    town.now = end_of(opened) - 1
    assert town.reads()
    town.now += 1
    with pytest.raises(ConsentClosedError):
        town.reads()


def test_what_opens_lasts_a_day_at_most(town: Town) -> None:
    town.disaster(TODAY, TODAY + timedelta(days=5))
    town.says(town.case(), operation=YES)
    town.now += DAY_MS - 1
    assert town.reads()
    town.now += 1
    with pytest.raises(ConsentClosedError):
        town.reads()


def test_closing_early_destroys_every_data_key_of_the_mode(town: Town) -> None:
    opened = town.disaster()
    town.says(town.case(), operation=YES)
    assert town.stores.consents.opened(town.shelf.entry.id)
    town.openings.close(opened.id, by="operator-9", now_ms=town.now + 1)
    assert town.stores.consents.opened(town.shelf.entry.id) == ()
    with pytest.raises(ConsentClosedError):
        town.reads()


def test_words_that_come_after_the_end_open_nothing(town: Town) -> None:
    opened = town.disaster()
    case = town.case()
    town.openings.close(opened.id, by="operator-9", now_ms=town.now)
    with refused(Code.MODE_NOT_OPEN):
        town.says(case, operation=YES)
    assert town.stores.consents.opened(town.shelf.entry.id) == ()


def test_a_case_is_spoken_for_once_and_not_for_ever(town: Town) -> None:
    town.disaster(TODAY, TODAY + timedelta(days=5))
    case, other = town.case(), town.case()
    town.says(case, operation=YES)
    with refused(Code.WRONG_STATE):
        town.says(case, checkup=YES)
    town.now += CASE_STANDS_MS
    with refused(Code.WRONG_STATE):
        town.says(other, operation=YES)


def test_another_facility_has_no_part_in_a_case(town: Town) -> None:
    town.disaster()
    case = town.case()
    other = FacilityCode("1310000016")
    with refused(Code.NOT_THERE):
        town.finding.spoken(
            other, case, {"operation": YES}, staff="dr-1", now_ms=town.now
        )
    town.says(case, operation=YES)
    assert town.finding.person(town.facility, case) == town.shelf.entry.id
    assert town.finding.person(other, case) is None


# -- without consent ---------------------------------------------------------------
def test_without_consent_only_the_unconscious_and_always_to_review(town: Town) -> None:
    town.disaster()
    town.unconscious(town.case(), "operation")
    assert [one.item for one in town.reads().opened] == ["operation"]
    (opening,) = town.stores.consents.emergencies(Verdict.OPEN)
    assert (opening.staff, opening.items) == ("dr-1", ("operation",))
    (use,) = town.stores.modes.every(Use)
    assert (use.spoken, use.verdict) == ("unconscious", Verdict.OPEN)


def test_what_was_not_justified_is_closed_at_once(town: Town) -> None:
    town.disaster()
    case = town.case()
    town.unconscious(case, "operation")
    town.finding.review(case, Verdict.NOT_JUSTIFIED, by="r-1", now_ms=town.now)
    with pytest.raises(ConsentClosedError):
        town.reads()


def test_unconsciousness_needs_a_reason(town: Town) -> None:
    town.disaster()
    with refused(Code.MODE_INCOMPLETE):
        town.finding.unconscious(
            town.facility,
            town.case(),
            ("operation",),
            staff="dr-1",
            reason="-",
            now_ms=town.now,
        )
    assert town.stores.consents.opened(town.shelf.entry.id) == ()


def test_a_spoken_answer_is_offered_at_no_later_visit(town: Town) -> None:
    town.disaster()
    town.says(town.case(), operation=YES)
    standing = town.shelf.consents.standing(town.facility, town.shelf.entry.id)
    assert standing == {}


# -- profiles ----------------------------------------------------------------------
def test_an_eligibility_only_facility_finds_people_and_opens_no_records(
    town: Town,
) -> None:
    town.stores.life.put_facility(
        Facility(town.facility, "架空の施術所", Profile.ELIGIBILITY_ONLY, "13")
    )
    town.disaster()
    found = town.search()
    assert found["patient"] is not None
    with refused(Code.NOT_IN_PROFILE):
        town.says(str(found["case"]), operation=YES)
    with refused(Code.NOT_IN_PROFILE):
        town.unconscious(str(found["case"]), "operation")


def test_a_facility_that_became_eligibility_only_reads_nothing_any_more(
    town: Town,
) -> None:
    town.shelf.presses("operation")
    assert town.reads()
    place = Facility(town.facility, "架空の施術所", Profile.ELIGIBILITY_ONLY, "13")
    town.stores.life.put_facility(place)
    town.now += 30_000
    assert town.stores.consents.opened(town.shelf.entry.id)
    with pytest.raises(ConsentClosedError):
        town.reads()


# -- the log -----------------------------------------------------------------------
def test_opening_and_closing_stand_in_the_houses_own_chain(town: Town) -> None:
    opened = town.disaster()
    town.openings.close(opened.id, by="operator-3", now_ms=town.now)
    acts = [(one["act"], one["by"], one["region"]) for one in town.house()]
    assert acts == [
        ("asked", "operator-1", "13"),
        ("approved", "operator-2", "13"),
        ("ended", "operator-3", "13"),
    ]
