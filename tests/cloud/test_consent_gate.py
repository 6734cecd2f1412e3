"""What a consent opens, on every store: for whom, for how long, and how it ends."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from cloud.consent.emergency import Emergency, EmergencyRefusedError, Verdict
from cloud.consent.gate import ConsentClosedError, OpenConsent
from cloud.consent.keys import SECRET_BYTES, DataKeyError, scope_of, seal, unseal
from cloud.consent.model import (
    DAY_MS,
    Consent,
    ConsentFlag,
    Ended,
    Preset,
    Pressed,
)
from cloud.consent.service import Consents, Vault
from cloud.main import Stores
from cloud.registry.model import CertificateLink, LinkKind, PersonId
from cloud.registry.service import Record
from protocol.codes import CareKind, Decision
from protocol.ids import FacilityCode, RequestId
from tests.cloud.test_stores import settled
from tests.cloud.world import FACILITY, person

NOW = 1_780_000_000_000
ELSEWHERE = FacilityCode("1310000016")
ITEM = "diagnosis_and_drugs"
LINK = CertificateLink(LinkKind.CERTIFICATE, b"c" * 32)
VAULT = Vault(lambda who, item: f"{who} {item}".encode().ljust(32), bytes(range(64)))
YES, NO, SILENT = Decision.GRANTED, Decision.REFUSED, Decision.UNANSWERED


@dataclass
class Desk:
    """One person known to a cloud, and what is pressed there."""

    stores: Stores
    now: int = NOW
    number: int = 0
    person: PersonId = field(init=False)
    consents: Consents = field(init=False)

    def __post_init__(self) -> None:
        self.stores.registry.put([Record(b"r", person(), (LINK,))])
        found = self.stores.registry.linked(LINK)
        assert found is not None
        self.person = found.id
        self.consents = Consents(self.stores.consents, VAULT)

    def press(
        self,
        decision: Decision,
        *,
        item: str = ITEM,
        care: CareKind = CareKind.OUTPATIENT,
        facility: FacilityCode = FACILITY,
        at: int | None = None,
    ) -> RequestId:
        """As a consent request does it: settled, then committed."""
        late = self.pressed(decision, item=item, care=care, facility=facility, at=at)
        return late()

    def pressed(
        self,
        decision: Decision,
        *,
        item: str = ITEM,
        care: CareKind = CareKind.OUTPATIENT,
        facility: FacilityCode = FACILITY,
        at: int | None = None,
    ) -> Callable[[], RequestId]:
        """Settled, and committed when called: somebody else may be quicker."""
        self.number += 1
        request = RequestId(f"request-{self.number}")
        made = self.consents.settle(
            (Pressed(item, decision),),
            facility=facility,
            person=self.person,
            request=request,
            care=care,
            pressed_at=self.now if at is None else at,
            decided_at=self.now,
        )
        one = settled(
            request,
            envelope=request.encode(),
            consents=made,
            data_keys=self.consents.keys(made),
        )

        def commit() -> RequestId:
            self.stores.ledger.commit([one], [])
            return request

        return commit

    def gate(
        self,
        item: str = ITEM,
        facility: FacilityCode = FACILITY,
        visit: RequestId | None = None,
    ) -> OpenConsent:
        return self.consents.gate(
            facility=facility,
            person=self.person,
            item=item,
            visit=visit,
            now_ms=lambda: self.now,
        )

    def withdraw(self, **where: object) -> tuple[Consent, ...]:
        self.number += 1
        return self.consents.withdraw(
            self.person,
            why=Ended.BY_PATIENT,
            request=RequestId(f"request-{self.number}"),
            at=self.now,
            **where,  # type: ignore[arg-type]
        )


@pytest.fixture
def desk(stores: Stores) -> Desk:
    return Desk(stores)


def closed(gate: OpenConsent) -> bool:
    try:
        gate.key()
    except ConsentClosedError:
        return True
    return False


# -- nothing opens by itself --------------------
def test_without_a_word_nothing_is_open(desk: Desk) -> None:
    assert closed(desk.gate())


@pytest.mark.parametrize("decision", [NO, SILENT])
def test_neither_no_nor_silence_opens_anything(desk: Desk, decision: Decision) -> None:
    desk.press(decision)
    assert closed(desk.gate())


def test_a_yes_opens_its_own_item_here_and_nothing_else(desk: Desk) -> None:
    desk.press(YES)
    assert desk.gate().key() == VAULT.record_key(desk.person, ITEM)
    assert closed(desk.gate("operation"))
    assert closed(desk.gate(facility=ELSEWHERE))
    desk.person = PersonId(desk.person + 1)
    assert closed(desk.gate())


def test_without_a_vault_consents_are_kept_and_open_nothing(stores: Stores) -> None:
    desk = Desk(stores)
    desk.consents = Consents(stores.consents)
    desk.press(YES)
    assert stores.consents.last(FACILITY, desk.person)[ITEM].decision is YES
    assert closed(desk.gate())


# -- lifetimes --------------------
def test_24_hours_less_a_millisecond_is_open_and_24_hours_is_not(desk: Desk) -> None:
    desk.press(YES)
    gate = desk.gate()
    desk.now = NOW + DAY_MS - 1
    assert not closed(gate)
    desk.now = NOW + DAY_MS
    assert closed(gate)


def test_a_clock_that_goes_back_opens_nothing_early(desk: Desk) -> None:
    desk.press(YES)
    desk.now = NOW - 5 * 60 * 1000
    assert closed(desk.gate())


def test_home_visits_stay_open_until_they_are_withdrawn(desk: Desk) -> None:
    desk.press(YES, care=CareKind.HOME_VISIT)
    desk.now = NOW + 400 * DAY_MS
    assert not closed(desk.gate())
    assert desk.gate().until() is None
    assert desk.stores.consents.destroy_expired(desk.now) == 0
    desk.withdraw()
    assert closed(desk.gate())


def test_online_care_asks_each_time(desk: Desk) -> None:
    first = desk.press(YES, care=CareKind.ONLINE)
    assert not closed(desk.gate(visit=first))
    assert closed(desk.gate(visit=RequestId("the next visit")))
    assert closed(desk.gate(visit=None))
    assert desk.consents.standing(FACILITY, desk.person) == {}


def test_an_expired_data_key_is_destroyed(desk: Desk) -> None:
    desk.press(YES)
    assert desk.stores.consents.destroy_expired(NOW + DAY_MS - 1) == 0
    assert desk.stores.consents.destroy_expired(NOW + DAY_MS) == 1
    assert desk.stores.consents.opened(desk.person) == ()
    assert closed(desk.gate())


def test_an_end_that_was_postponed_in_the_database_opens_nothing(desk: Desk) -> None:
    desk.press(YES)
    (key,) = desk.stores.consents.opened(desk.person)
    forged = replace(key, scope=replace(key.scope, until=NOW + 10 * DAY_MS))
    with pytest.raises(DataKeyError):
        unseal(forged, VAULT.secret)


# -- the end --------------------
def test_a_later_no_closes_what_a_yes_opened(desk: Desk) -> None:
    desk.press(YES)
    desk.now += 1
    desk.press(NO)
    assert closed(desk.gate())


def test_a_no_that_arrives_late_leaves_the_newer_yes(desk: Desk) -> None:
    desk.press(YES)
    desk.press(NO, at=NOW - 1000)
    assert not closed(desk.gate())


def test_at_the_same_moment_no_beats_yes(desk: Desk) -> None:
    for first, second in ((YES, NO), (NO, YES)):
        desk.now += DAY_MS
        desk.press(first)
        desk.press(second)
        assert closed(desk.gate())


def test_silence_later_leaves_the_yes_for_its_time(desk: Desk) -> None:
    desk.press(YES)
    desk.press(SILENT, at=NOW + 1)
    assert not closed(desk.gate())


@pytest.mark.parametrize(
    "where",
    [{}, {"facility": FACILITY}, {"item": ITEM}, {"facility": FACILITY, "item": ITEM}],
)
def test_a_withdrawal_beats_a_grant_that_is_on_its_way(
    desk: Desk, where: dict[str, object]
) -> None:
    arriving = desk.pressed(YES)
    desk.now += 1
    assert desk.withdraw(**where) == ()
    arriving()
    assert closed(desk.gate())
    assert desk.consents.standing(FACILITY, desk.person)[ITEM] is NO


@pytest.mark.parametrize("where", [{"facility": ELSEWHERE}, {"item": "operation"}])
def test_a_withdrawal_of_something_else_leaves_a_grant_alone(
    desk: Desk, where: dict[str, object]
) -> None:
    arriving = desk.pressed(YES)
    desk.now += 1
    desk.withdraw(**where)
    arriving()
    assert not closed(desk.gate())


def test_a_withdrawal_closes_every_facility_at_once(desk: Desk) -> None:
    desk.press(YES)
    desk.press(YES, facility=ELSEWHERE, care=CareKind.HOME_VISIT)
    gates = desk.gate(), desk.gate(facility=ELSEWHERE)
    assert not any(map(closed, gates))
    ended = desk.withdraw()
    assert all(map(closed, gates))
    assert {one.ended for one in ended} == {Ended.BY_PATIENT}
    assert desk.stores.consents.opened(desk.person) == ()


def test_a_withdrawal_of_one_item_leaves_the_others(desk: Desk) -> None:
    desk.press(YES)
    desk.press(YES, item="operation")
    desk.withdraw(item="operation")
    assert closed(desk.gate("operation"))
    assert not closed(desk.gate())


def test_a_withdrawal_is_what_the_next_visit_is_offered(desk: Desk) -> None:
    desk.press(YES)
    desk.now += 1
    desk.withdraw()
    assert desk.consents.standing(FACILITY, desk.person)[ITEM] is NO


def test_after_a_withdrawal_only_a_new_press_opens_again(desk: Desk) -> None:
    desk.press(YES)
    desk.now += 1
    desk.withdraw()
    desk.now += 1
    desk.press(YES)
    assert not closed(desk.gate())


# -- standing answers --------------------
def test_the_newer_of_preset_and_last_answer_is_offered(desk: Desk) -> None:
    preset = Preset(FACILITY, desk.person, ITEM, NO, NOW - 10)
    desk.consents.preset(preset)
    assert desk.consents.standing(FACILITY, desk.person) == {ITEM: NO}
    desk.press(YES)
    assert desk.consents.standing(FACILITY, desk.person) == {ITEM: YES}
    desk.consents.preset(replace(preset, at=NOW + 10))
    assert desk.consents.standing(FACILITY, desk.person) == {ITEM: NO}


def test_a_preset_yes_opens_nothing(desk: Desk) -> None:
    desk.consents.preset(Preset(FACILITY, desk.person, ITEM, YES, NOW))
    assert closed(desk.gate())


# -- emergencies --------------------
def emergency(desk: Desk, **changes: object) -> Emergency:
    values: dict[str, object] = {
        "request": RequestId("emergency-1"),
        "facility": FACILITY,
        "person": desk.person,
        "items": (ITEM,),
        "reason": "意識障害で救急搬送",
        "staff": "doctor-1",
        "at": NOW,
        "until": NOW + DAY_MS,
        **changes,
    }
    return Emergency(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "missing", [{"reason": " - "}, {"reason": ""}, {"staff": " "}, {"items": ()}]
)
def test_an_emergency_without_reason_or_name_opens_nothing(
    desk: Desk, missing: dict[str, object]
) -> None:
    with pytest.raises(EmergencyRefusedError):
        emergency(desk, **missing)
    assert closed(desk.gate())


def test_an_emergency_opens_for_a_day_and_is_on_the_list(desk: Desk) -> None:
    desk.consents.open_emergency(emergency(desk))
    assert not closed(desk.gate())
    assert closed(desk.gate("operation"))
    (listed,) = desk.stores.consents.emergencies(Verdict.OPEN)
    assert (listed.reason, listed.against) == ("意識障害で救急搬送", False)
    desk.now = NOW + DAY_MS
    assert closed(desk.gate())


def test_an_emergency_is_nobodys_answer(desk: Desk) -> None:
    desk.consents.open_emergency(emergency(desk))
    assert desk.consents.standing(FACILITY, desk.person) == {}


def test_an_emergency_against_an_earlier_no_says_so(desk: Desk) -> None:
    desk.press(NO, at=NOW - DAY_MS)
    desk.consents.open_emergency(emergency(desk))
    (listed,) = desk.stores.consents.emergencies()
    assert listed.against


def test_whoever_opened_it_does_not_review_it(desk: Desk) -> None:
    desk.consents.open_emergency(emergency(desk))
    with pytest.raises(EmergencyRefusedError):
        desk.consents.review(
            RequestId("emergency-1"), Verdict.JUSTIFIED, reviewer="doctor-1", at=NOW
        )
    assert len(desk.stores.consents.emergencies(Verdict.OPEN)) == 1


def test_what_was_not_justified_is_closed_and_reviewed_once(desk: Desk) -> None:
    desk.consents.open_emergency(emergency(desk))
    request = RequestId("emergency-1")
    judged = desk.consents.review(
        request, Verdict.NOT_JUSTIFIED, reviewer="review-1", at=NOW + 1
    )
    assert closed(desk.gate())
    assert desk.stores.consents.emergencies() == [judged]
    with pytest.raises(EmergencyRefusedError):
        desk.consents.review(request, Verdict.JUSTIFIED, reviewer="review-2", at=NOW)


# -- what files say --------------------
def test_the_flag_of_the_facilitys_file(desk: Desk) -> None:
    def flag(decision: Decision, care: CareKind, at: int = NOW) -> ConsentFlag:
        until = NOW + DAY_MS if decision is YES else None
        return Consent(
            FACILITY, desk.person, ITEM, decision, NOW, NOW, until, RequestId("r"), care
        ).flag(at)

    assert flag(YES, CareKind.OUTPATIENT) is ConsentFlag.GIVEN
    assert flag(NO, CareKind.OUTPATIENT) is ConsentFlag.NONE
    assert flag(YES, CareKind.OUTPATIENT, NOW + DAY_MS) is ConsentFlag.NONE
    assert flag(YES, CareKind.ONLINE, NOW + DAY_MS) is ConsentFlag.EXPIRED


def test_a_data_key_fits_nobody_else(desk: Desk) -> None:
    desk.press(YES)
    (key,) = desk.stores.consents.opened(desk.person)
    for change in (
        {"person": PersonId(99)},
        {"facility": ELSEWHERE},
        {"item": "operation"},
        {"care": CareKind.HOME_VISIT},
        {"since": NOW - 1},
        {"pressed_at": NOW - 1},
        {"request": RequestId("another")},
        {"until": None},
    ):
        forged = replace(key, scope=replace(key.scope, **change))
        with pytest.raises(DataKeyError):
            unseal(forged, VAULT.secret)
    with pytest.raises(DataKeyError):
        unseal(key, bytes(SECRET_BYTES))


def test_a_sealed_key_says_nothing_of_the_record_key(desk: Desk) -> None:
    record_key = VAULT.record_key(desk.person, ITEM)
    desk.press(YES)
    (key,) = desk.stores.consents.opened(desk.person)
    assert record_key not in key.sealed
    assert seal(record_key, key.scope, VAULT.secret) == key
    assert scope_of(desk.stores.consents.last(FACILITY, desk.person)[ITEM]) == key.scope
