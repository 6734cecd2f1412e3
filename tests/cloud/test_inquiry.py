"""Asking by number, again in care, and what is watched: on every store."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cloud.access.inquire import Inquiries, InquiryAnswer, NotInCareError
from cloud.access.watcher import query_text
from cloud.eligibility.cause import ADVICE, Cause
from cloud.eligibility.inquiry import NumberQuery
from cloud.eligibility.service import ContinuingCare
from cloud.eligibility.watch import EVERY_MS, FOR_MS, NoticeKind, Target, begun
from cloud.housekeeping import look_again
from cloud.main import Stores
from cloud.registry.benefits import (
    Benefits,
    CopaymentLimit,
    ElderlyCertificate,
    Period,
    PublicExpense,
    SpecifiedDisease,
)
from cloud.registry.model import Entry, Insurance, Person
from cloud.registry.service import Record, Registry
from protocol.codes import CareKind, Decision, Outcome, Validity
from protocol.ids import RequestId
from protocol.messages import (
    ConsentDecision,
    ConsentRequest,
    RegistrationRequest,
    VerificationAnswer,
)
from protocol.numbers import check_digit
from tests.cloud.world import (
    FACILITY,
    NOON,
    TODAY,
    World,
    card,
    insurance,
    ms,
    person,
    request_id,
)

NOW = ms(NOON)
INSURER = "0613001" + check_digit("0613001")
SIX = "13805" + check_digit("13805")
BORN = date(1970, 1, 2)
ALWAYS = Period(date(2020, 1, 1))
ALL_OF_IT = Benefits(
    (ElderlyCertificate(ALWAYS, "020"),),
    (CopaymentLimit(ALWAYS, "01", "A03", long_term_from=date(2026, 1, 1)),),
    (SpecifiedDisease(ALWAYS, "1", 10_000),),
    (PublicExpense(ALWAYS, "54990018", "1234567", 5_000),),
)


def held(**changes: object) -> Insurance:
    values: dict[str, object] = {
        "insurer_number": INSURER,
        "symbol": "記１２",
        "number": "0034567",
        "branch": "01",
        **changes,
    }
    return insurance(**values)  # type: ignore[arg-type]


def query(**changes: object) -> NumberQuery:
    values: dict[str, object] = {
        "insurer": INSURER,
        "symbol": "記12",
        "number": "34567",
        "birth_date": BORN,
        "branch": "01",
        **changes,
    }
    return NumberQuery(**values)  # type: ignore[arg-type]


class Desk:
    def __init__(self, stores: Stores) -> None:
        self.stores = stores
        self.inquiries = Inquiries(Registry(stores.registry), stores.eligibility)

    def knows(
        self, *insurances: Insurance, name: bytes = b"r", **more: object
    ) -> Entry:
        who = person(insurances=insurances, **more)  # type: ignore[arg-type]
        self.stores.registry.put([Record(name, who)])
        found = self.stores.registry.numbered([query().lookup])
        return next((e for es in found.values() for e in es), Entry(0, who))  # type: ignore[arg-type]

    def ask(self, **changes: object) -> InquiryAnswer:
        return self.inquiries.number(query(**changes), NOW)


@pytest.fixture
def desk(stores: Stores) -> Desk:
    return Desk(stores)


# -- not found is explained --------------------
def test_a_mistyped_insurer_number_is_told_before_anybody_is_asked(desk: Desk) -> None:
    wrong = INSURER[:-1] + str((int(INSURER[-1]) + 1) % 10)
    assert desk.ask(insurer=wrong).cause is Cause.CHECK_DIGIT


def test_an_unknown_number_is_not_found_and_worth_waiting_for(desk: Desk) -> None:
    found = desk.ask()
    assert (found.validity, found.cause) == (Validity.NOT_FOUND, Cause.NUMBER_UNKNOWN)
    assert ADVICE[Cause.NUMBER_UNKNOWN].rechecked


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        ({"symbol": "号12"}, Cause.SYMBOL_DIFFERS),
        ({"symbol": ""}, Cause.SYMBOL_DIFFERS),
        ({"branch": "02"}, Cause.BRANCH_DIFFERS),
        ({"branch": "00"}, Cause.BRANCH_DIFFERS),
        ({"birth_date": date(1970, 1, 3)}, Cause.BIRTH_DATE_DIFFERS),
    ],
)
def test_the_field_that_differs_is_named_and_nobody_is_shown(
    desk: Desk, wrong: dict[str, object], cause: Cause
) -> None:
    desk.knows(held())
    found = desk.ask(**wrong)
    assert (found.validity, found.cause) == (Validity.NOT_FOUND, cause)
    assert found.person is None
    assert found.insurances == ()


def test_a_family_without_a_branch_number_is_several(desk: Desk) -> None:
    desk.knows(held(), name=b"one")
    desk.knows(held(branch="02"), name=b"twin")
    found = desk.ask(branch="")
    assert (found.validity, found.cause) == (Validity.SEVERAL, Cause.SEVERAL_PERSONS)
    assert found.person is None


def test_a_hold_shows_nobody(desk: Desk) -> None:
    desk.knows(held(), hold=True)
    found = desk.ask()
    assert (found.cause, found.person) == (Cause.HOLD, None)


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_says_what_to_do_in_both_languages(cause: Cause) -> None:
    advice = ADVICE[cause]
    for lines in (advice.cause, advice.staff, advice.patient):
        assert all(lines)
        assert len(lines) == 2


# -- found --------------------
@pytest.mark.parametrize(
    "written",
    [
        {"symbol": "記１２", "number": "００３４５６７"},
        {"symbol": " 記 12 ", "number": "34567"},
        {"insurer": f"  {INSURER}"},
        {"branch": ""},
        {"branch": "０１"},
        {"branch": "1"},
    ],
)
def test_width_spaces_and_zeros_do_not_matter(
    desk: Desk, written: dict[str, object]
) -> None:
    desk.knows(held())
    assert desk.ask(**written).validity is Validity.VALID


@pytest.mark.parametrize("written", [SIX, f"  {SIX}", f"00{SIX}"])
def test_a_six_digit_insurer_is_found_however_it_is_padded(
    desk: Desk, written: str
) -> None:
    desk.knows(held(insurer_number=SIX))
    assert desk.ask(insurer=written).validity is Validity.VALID


def test_a_number_without_a_symbol_is_found(desk: Desk) -> None:
    desk.knows(held(symbol=""))
    assert desk.ask(symbol="").validity is Validity.VALID


def test_the_day_asked_about_counts(desk: Desk) -> None:
    desk.knows(held(valid_until=TODAY - timedelta(days=1), loss_reason="03"))
    assert desk.ask().validity is Validity.INVALID_NEWER_EXISTS
    assert desk.ask().cause is Cause.LOST_TO_NEWER
    earlier = desk.ask(on=TODAY - timedelta(days=1))
    assert (earlier.validity, earlier.cause) == (Validity.VALID, None)


def test_the_limit_takes_the_oral_consent(desk: Desk) -> None:
    desk.knows(held(benefits=ALL_OF_IT, copayment_limit="A02"))
    (without,) = desk.ask().insurances
    (with_it,) = desk.ask(limit_consent=True).insurances
    assert (without.benefits.limits, without.copayment_limit) == ((), "")
    assert with_it.benefits.limits == ALL_OF_IT.limits
    assert with_it.copayment_limit == "A02"


def test_a_specified_disease_is_never_told_by_number(desk: Desk) -> None:
    desk.knows(held(benefits=ALL_OF_IT))
    (shown,) = desk.ask(limit_consent=True).insurances
    assert shown.benefits.diseases == ()
    assert shown.benefits.public == ALL_OF_IT.public


def test_a_certificate_that_is_not_valid_on_the_day_is_not_told(desk: Desk) -> None:
    over = Period(date(2020, 1, 1), TODAY - timedelta(days=1))
    carried = Benefits((ElderlyCertificate(over, "020"),))
    desk.knows(held(benefits=carried))
    assert desk.ask().insurances[0].benefits.elderly == ()
    before = desk.ask(on=TODAY - timedelta(days=1)).insurances[0]
    assert before.benefits == carried


def test_many_questions_are_answered_in_their_order(desk: Desk) -> None:
    desk.knows(held())
    asked = [query(number="1"), query(), query(number="2"), query(branch="02")]
    found = desk.inquiries.numbers(asked, NOW)
    assert [one.validity for one in found] == [
        Validity.NOT_FOUND,
        Validity.VALID,
        Validity.NOT_FOUND,
        Validity.NOT_FOUND,
    ]
    assert desk.inquiries.numbers([], NOW) == []


# -- again, in continuing care --------------------
def test_again_needs_a_first_check_here(desk: Desk) -> None:
    with pytest.raises(NotInCareError):
        desk.inquiries.again(FACILITY, RequestId("r"), NOW)


def test_a_home_visit_lets_the_facility_ask_again_without_the_card(
    stores: Stores,
) -> None:
    world, mine = World(stores), card()
    world.knows(person(), mine)
    request = world.verification(mine, care=CareKind.HOME_VISIT)
    first = world.ask(request)
    assert isinstance(first, VerificationAnswer)
    inquiries = Inquiries(Registry(stores.registry), stores.eligibility)
    found = inquiries.again(FACILITY, first.request_id, NOW)
    assert (found.validity, found.cause) == (Validity.VALID, None)
    elsewhere = "1310000016"
    with pytest.raises(NotInCareError):
        inquiries.again(elsewhere, first.request_id, NOW)  # type: ignore[arg-type]


def test_who_registers_in_that_visit_is_in_continuing_care_too(stores: Stores) -> None:
    world, mine = World(stores), card()
    world.knows(person(registered=False), mine)
    first = world.ask(world.verification(mine, care=CareKind.HOME_VISIT))
    assert isinstance(first, VerificationAnswer)
    assert first.outcome is Outcome.REGISTRATION_NEEDED
    agreed = RegistrationRequest(
        **world.asked(request_id=request_id(world.now)),  # type: ignore[arg-type]
        verification=first.request_id,
        agreed=True,
    )
    second = world.ask(agreed)
    assert isinstance(second, VerificationAnswer)
    inquiries = Inquiries(Registry(stores.registry), stores.eligibility)
    found = inquiries.again(FACILITY, second.request_id, NOW)
    assert found.validity is Validity.VALID


def test_an_outpatient_visit_does_not(stores: Stores) -> None:
    world, mine = World(stores), card()
    world.knows(person(), mine)
    first = world.ask(world.verification(mine))
    assert isinstance(first, VerificationAnswer)
    inquiries = Inquiries(Registry(stores.registry), stores.eligibility)
    with pytest.raises(NotInCareError):
        inquiries.again(FACILITY, first.request_id, NOW)


def test_when_the_care_has_ended_the_card_is_needed_again(desk: Desk) -> None:
    entry = desk.knows(held())
    handle = RequestId("first-check")
    care = ContinuingCare(FACILITY, entry.id, handle, NOW)
    desk.stores.eligibility.put_continuing(care)
    assert desk.inquiries.again(FACILITY, handle, NOW).validity is Validity.VALID
    desk.stores.eligibility.put_continuing(replace(care, ended=NOW))
    with pytest.raises(NotInCareError):
        desk.inquiries.again(FACILITY, handle, NOW)


# -- specified disease: by card, and with a yes --------------------
def diseases(
    stores: Stores, decision: Decision, *, held_meanwhile: bool = False
) -> tuple[object, ...]:
    world, mine = World(stores), card()
    carried = replace(insurance(), benefits=ALL_OF_IT)
    world.knows(person(insurances=(carried,)), mine)
    stores.facilities.put_consent_items(FACILITY, ("specified_disease",))
    first = world.ask(world.verification(mine))
    assert isinstance(first, VerificationAnswer)
    assert [ask.item for ask in first.consent_asks] == ["specified_disease"]
    assert first.qualifications[0].limit is not None
    if held_meanwhile:
        world.knows(person(insurances=(carried,), hold=True), mine)
    pressed = ConsentDecision(item="specified_disease", decision=decision)
    consent = ConsentRequest(
        **world.asked(request_id=request_id(world.now)),  # type: ignore[arg-type]
        verification=first.request_id,
        decisions=(pressed,),
    )
    answer = world.ask(consent)
    return answer.diseases  # type: ignore[union-attr]


@pytest.mark.parametrize("decision", [Decision.REFUSED, Decision.UNANSWERED])
def test_without_a_yes_the_disease_is_not_told(
    stores: Stores, decision: Decision
) -> None:
    assert diseases(stores, decision) == ()


def test_a_hold_that_comes_before_the_consent_tells_no_disease(stores: Stores) -> None:
    assert diseases(stores, Decision.GRANTED, held_meanwhile=True) == ()


def test_with_card_and_yes_the_disease_is_told(stores: Stores) -> None:
    (told,) = diseases(stores, Decision.GRANTED)
    assert (told.disease, told.monthly_limit) == ("1", 10_000)  # type: ignore[attr-defined]


# -- watched until it is valid --------------------
def unknown_card(stores: Stores) -> tuple[World, object]:
    world, mine = World(stores), card()
    answer = world.ask(world.verification(mine))
    assert isinstance(answer, VerificationAnswer)
    assert (answer.outcome, answer.cause) == (Outcome.REFUSED, "card_unknown")
    return world, mine


def test_a_card_that_was_not_found_is_looked_for_again(stores: Stores) -> None:
    world, mine = unknown_card(stores)
    (watch,) = stores.eligibility.watches(FACILITY)
    assert look_again(stores, NOW + EVERY_MS - 1) == []
    assert look_again(stores, NOW + EVERY_MS) == []
    (again,) = stores.eligibility.watches()
    assert again.next_at == NOW + 2 * EVERY_MS
    world.knows(person(), mine)  # type: ignore[arg-type]
    (notice,) = look_again(stores, NOW + 2 * EVERY_MS)
    assert (notice.kind, notice.handle) == (NoticeKind.VALID, watch.handle)
    assert stores.eligibility.watches() == []
    assert [one for _, one in stores.eligibility.notices(FACILITY, 0)] == [notice]


def test_a_notice_is_told_once_and_to_its_facility_only(stores: Stores) -> None:
    world, mine = unknown_card(stores)
    world.knows(person(), mine)  # type: ignore[arg-type]
    look_again(stores, NOW + EVERY_MS)
    ((number, _),) = stores.eligibility.notices(FACILITY, 0)
    assert stores.eligibility.notices(FACILITY, number) == []
    assert stores.eligibility.notices("1310000016", 0) == []  # type: ignore[arg-type]


def test_a_hold_that_is_released_is_told(stores: Stores) -> None:
    world, mine = World(stores), card()
    world.knows(person(hold=True), mine)
    world.ask(world.verification(mine))
    assert look_again(stores, NOW + EVERY_MS) == []
    world.knows(person(), mine)
    assert len(look_again(stores, NOW + 2 * EVERY_MS)) == 1


def test_what_only_people_can_mend_is_not_watched(stores: Stores) -> None:
    world, mine = World(stores), card(ends=NOON - timedelta(days=200))
    world.knows(person(), mine)
    world.ask(world.verification(mine))
    assert stores.eligibility.watches() == []


def test_hope_ends_after_ninety_days_and_is_told(stores: Stores) -> None:
    unknown_card(stores)
    (notice,) = look_again(stores, NOW + FOR_MS)
    assert notice.kind is NoticeKind.GIVEN_UP
    assert stores.eligibility.watches() == []


def test_a_number_that_was_not_found_is_looked_for_again(desk: Desk) -> None:
    target = (Target.NUMBER, query_text(query()))
    handle = RequestId("typed")
    watch = begun(FACILITY, handle, target, Cause.NUMBER_UNKNOWN, NOW)
    desk.stores.eligibility.watch(watch)
    desk.stores.eligibility.watch(watch)
    assert len(desk.stores.eligibility.watches()) == 1
    desk.knows(held())
    (notice,) = look_again(desk.stores, NOW + EVERY_MS)
    assert notice.handle == handle


def test_nothing_that_was_asked_stands_in_a_repr() -> None:
    asked = query()
    watch = begun(
        FACILITY, RequestId("r"), (Target.NUMBER, query_text(asked)), Cause.LOST, NOW
    )
    for text in (repr(asked), repr(watch), repr(Person)):
        assert "34567" not in text
        assert "1970" not in text
