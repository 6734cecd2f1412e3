"""Online care: one ticket, one presentation, one fetch; consent every time."""

import os
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from cloud.access.certificate import CardAuthorities
from cloud.access.decide import Decided
from cloud.audit.model import details
from cloud.consent.gate import ConsentClosedError
from cloud.consent.model import DAY_MS
from cloud.facilities.life import FacilityLife
from cloud.facilities.place import Facility, Profile
from cloud.facilities.terms import TERMS, Setting
from cloud.main import Stores, circumstances_of
from cloud.modes.errors import ModeError
from cloud.modes.facts import ChosenItems, LifeFacts
from cloud.modes.online import FETCH_MS, LIVES_MS, Ticket
from cloud.modes.store import Change
from cloud.modes.visits import Visits
from cloud.registry.service import Record, Registry
from protocol.catalogue import Code
from protocol.codes import Decision
from protocol.errors import MalformedError
from protocol.ids import FacilityCode, RequestId
from protocol.messages import ConsentDecision
from protocol.online import OnlinePresentation, decode, encode, ticket_hash
from tests.cloud.modes_world import ELSEWHERE, new_id
from tests.cloud.records_world import EVERYTHING, Shelf
from tests.cloud.world import (
    FACILITY,
    NOON,
    Card,
    authority,
    card,
    cloud_keys,
    ms,
    person,
)

YES = ConsentDecision(item="operation", decision=Decision.GRANTED)


@dataclass
class Clinic:
    """A facility that sees patients online, and a patient with a card at home."""

    stores: Stores
    now: int = ms(NOON)
    card: Card = field(default_factory=card)
    shelf: Shelf = field(init=False)
    visits: Visits = field(init=False)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.stores)
        record = Record(b"one".ljust(32), person(), (self.card.link,))
        self.stores.registry.put([record])
        entry = self.stores.registry.linked(self.card.link)
        assert entry is not None
        self.shelf.entry = entry
        self.shelf.holds(*EVERYTHING)
        self.visits = Visits(
            self.stores.modes,
            Registry(self.stores.registry),
            self.shelf.consents,
            ChosenItems(self.stores.facilities),
            LifeFacts(self.stores.life),
            circumstances_of(self.stores),
            CardAuthorities([authority()]),
            cloud_keys().signer,
            new_id,
            os.urandom,
        )

    def switches_on(self, facility: FacilityCode = FACILITY) -> None:
        life = FacilityLife(self.stores.life)
        life.enter(Facility(facility, "架空オンライン医院", Profile.FULL, "13"))
        setting, version = Setting.ONLINE_CARE, TERMS[Setting.ONLINE_CARE].version
        life.accept(facility, setting, version, who="a-1", now_ms=self.now)
        life.switch(facility, setting, on=True, who="a-1", now_ms=self.now)

    def makes(self, facility: FacilityCode = FACILITY) -> bytes:
        return self.visits.make(facility, staff="desk-1", now_ms=self.now)[0]

    def shown(self, ticket: bytes, *decisions: ConsentDecision) -> OnlinePresentation:
        return OnlinePresentation(
            ticket=ticket_hash(ticket),
            facility=FACILITY,
            issued_at=self.now,
            expires_at=self.now + 60_000,
            certificate=self.card.der,
            decisions=decisions,
        )

    def presents(self, what: OnlinePresentation, by: Card | None = None) -> Decided:
        body = encode(what)
        signature = (by or self.card).sign(body)
        return self.visits.present(body, signature, self.now)

    def fetches(
        self, ticket: bytes, facility: FacilityCode = FACILITY
    ) -> dict[str, object]:
        return self.visits.fetch(facility, ticket, self.now)

    def key(self, visit: object) -> bytes:
        gate = self.shelf.consents.gate(
            facility=FACILITY,
            person=self.shelf.entry.id,
            item="operation",
            visit=RequestId(str(visit)),
            now_ms=lambda: self.now,
        )
        return gate.key()


@pytest.fixture
def clinic(stores: Stores) -> Clinic:
    made = Clinic(stores)
    made.switches_on()
    return made


def refused(code: Code) -> "pytest.RaisesExc[ModeError]":
    return pytest.raises(ModeError, match=code.value)


OVER = Code.TICKET_OVER


# -- the way of one visit ----------------------------------------------------------
def test_a_visit_from_ticket_to_records(clinic: Clinic) -> None:
    ticket = clinic.makes()
    asked = clinic.visits.asked(ticket, clinic.now)
    assert (asked.facility, "operation" in asked.items) == (FACILITY, True)
    decided = clinic.presents(clinic.shown(ticket, YES))
    assert decided.outcome == "accepted"
    found = clinic.fetches(ticket)
    assert (found["validity"], found["cause"]) == ("1", "")
    assert found["patient"] is not None
    visit = RequestId(str(found["handle"]))
    assert clinic.visits.person(FACILITY, visit) == clinic.shelf.entry.id
    assert clinic.visits.person(ELSEWHERE, visit) is None
    assert clinic.key(visit)


def test_nothing_opens_without_a_yes(clinic: Clinic) -> None:
    ticket = clinic.makes()
    no = ConsentDecision(item="operation", decision=Decision.REFUSED)
    silent = ConsentDecision(item="checkup", decision=Decision.UNANSWERED)
    clinic.presents(clinic.shown(ticket, no, silent))
    assert clinic.stores.consents.opened(clinic.shelf.entry.id) == ()


def test_a_yes_is_for_its_visit_only_and_offered_at_no_other(clinic: Clinic) -> None:
    first, second = clinic.makes(), clinic.makes()
    clinic.presents(clinic.shown(first, YES))
    visit = clinic.fetches(first)["handle"]
    clinic.now += 1
    clinic.presents(clinic.shown(second))
    other = clinic.fetches(second)["handle"]
    assert clinic.key(visit)
    with pytest.raises(ConsentClosedError):
        clinic.key(other)
    standing = clinic.shelf.consents.standing(FACILITY, clinic.shelf.entry.id)
    assert standing == {}
    clinic.now += DAY_MS
    with pytest.raises(ConsentClosedError):
        clinic.key(visit)


# -- once --------------------------------------------------------------------------
def test_a_presentation_that_comes_again_is_refused(clinic: Clinic) -> None:
    ticket = clinic.makes()
    what = clinic.shown(ticket, YES)
    clinic.presents(what)
    with refused(OVER):
        clinic.presents(what)
    with refused(OVER):
        clinic.presents(clinic.shown(ticket))
    with refused(OVER):
        clinic.visits.asked(ticket, clinic.now)


def test_a_result_is_fetched_once_and_only_where_the_ticket_was_made(
    clinic: Clinic,
) -> None:
    ticket = clinic.makes()
    with refused(Code.WRONG_STATE):
        clinic.fetches(ticket)
    clinic.presents(clinic.shown(ticket))
    with refused(Code.NOT_THERE):
        clinic.fetches(ticket, ELSEWHERE)
    assert clinic.fetches(ticket)
    with refused(OVER):
        clinic.fetches(ticket)


def test_a_ticket_lives_its_time_and_not_a_millisecond_longer(clinic: Clinic) -> None:
    early, late = clinic.makes(), clinic.makes()
    clinic.now += LIVES_MS - 1
    clinic.presents(clinic.shown(early))
    clinic.now += 1
    with refused(OVER):
        clinic.presents(clinic.shown(late))
    with refused(OVER):
        clinic.fetches(late)
    clinic.now += FETCH_MS - 2
    assert clinic.fetches(early)


def test_a_result_that_nobody_fetched_in_time_is_gone(clinic: Clinic) -> None:
    ticket = clinic.makes()
    clinic.presents(clinic.shown(ticket))
    clinic.now += FETCH_MS
    with refused(OVER):
        clinic.fetches(ticket)


# -- what the card signs -----------------------------------------------------------
def test_what_was_signed_fits_no_other_ticket_facility_or_answer(
    clinic: Clinic,
) -> None:
    clinic.switches_on(ELSEWHERE)
    mine, other = clinic.makes(), clinic.makes()
    elsewhere = clinic.makes(ELSEWHERE)
    what = clinic.shown(mine)
    signature = clinic.card.sign(encode(what))
    for changed in (
        replace_in(what, ticket=ticket_hash(other)),
        replace_in(what, decisions=(YES,)),
        replace_in(what, expires_at=what.expires_at + 1),
    ):
        decided = clinic.visits.present(encode(changed), signature, clinic.now)
        assert decided.code is Code.CARD_SIGNATURE_BAD
    with refused(OVER):
        clinic.presents(replace_in(what, ticket=ticket_hash(elsewhere)))
    assert clinic.stores.consents.opened(clinic.shelf.entry.id) == ()
    assert clinic.presents(what).outcome == "accepted"


def replace_in(what: OnlinePresentation, **changes: object) -> OnlinePresentation:
    return what.model_copy(update=changes)


def test_another_persons_signature_and_an_unknown_card_get_nothing(
    clinic: Clinic,
) -> None:
    ticket, stranger = clinic.makes(), card(key="stranger")
    decided = clinic.presents(clinic.shown(ticket, YES), stranger)
    assert decided.code is Code.CARD_SIGNATURE_BAD
    foreign = replace_in(clinic.shown(ticket), certificate=stranger.der)
    assert clinic.presents(foreign, stranger).code is Code.NOT_FOUND
    false = card(key="false", ca="Nobody", ca_key="nobody")
    forged = replace_in(clinic.shown(ticket), certificate=false.der)
    assert clinic.presents(forged, false).code is Code.CHAIN_BROKEN
    assert clinic.presents(clinic.shown(ticket)).outcome == "accepted"


def test_only_what_is_asked_here_can_be_answered(clinic: Clinic) -> None:
    ticket = clinic.makes()
    unasked = ConsentDecision(item="infection", decision=Decision.GRANTED)
    with refused(Code.MALFORMED):
        clinic.presents(clinic.shown(ticket, unasked))
    with refused(Code.MALFORMED):
        clinic.presents(clinic.shown(ticket, YES, YES))
    assert clinic.presents(clinic.shown(ticket, YES)).outcome == "accepted"


def test_what_a_facility_chose_just_now_is_what_is_asked(clinic: Clinic) -> None:
    ticket = clinic.makes()
    assert "infection" not in clinic.visits.asked(ticket, clinic.now).items
    clinic.stores.facilities.put_consent_items(FACILITY, ("infection",))
    assert clinic.visits.asked(ticket, clinic.now).items == ("infection",)
    with refused(Code.MALFORMED):
        clinic.presents(clinic.shown(ticket, YES))


def test_in_grace_eligibility_only(stores: Stores) -> None:
    clinic = Clinic(stores, card=card(ends=NOON - timedelta(days=10)))
    clinic.switches_on()
    ticket = clinic.makes()
    with refused(Code.MALFORMED):
        clinic.presents(clinic.shown(ticket, YES))
    clinic.presents(clinic.shown(ticket))
    found = clinic.fetches(ticket)
    assert (found["validity"], found["cause"]) == ("1", "grace")


def test_a_presentation_is_canonical_or_nothing(clinic: Clinic) -> None:
    body = encode(clinic.shown(b"t" * 16, YES))
    assert decode(body).decisions == (YES,)
    for wrong in (b"", b"\xa0", body + b"\0", body[:-1], b"\xff" * 20, b"x" * 9000):
        with pytest.raises(MalformedError):
            decode(wrong)
        with refused(Code.MALFORMED):
            clinic.visits.present(wrong, b"x" * 256, clinic.now)


# -- settings ----------------------------------------------------------------------
def test_without_accepted_terms_there_is_no_ticket(stores: Stores) -> None:
    clinic = Clinic(stores)
    with refused(Code.ONLINE_NOT_SET):
        clinic.makes()


def test_a_facility_that_switched_it_off_takes_no_more_presentations(
    clinic: Clinic,
) -> None:
    ticket = clinic.makes()
    life = FacilityLife(clinic.stores.life)
    life.switch(FACILITY, Setting.ONLINE_CARE, on=False, who="a", now_ms=clinic.now)
    with refused(Code.ONLINE_NOT_SET):
        clinic.presents(clinic.shown(ticket))


def test_an_eligibility_only_facility_has_no_online_care(clinic: Clinic) -> None:
    place = Facility(FACILITY, "架空の施術所", Profile.ELIGIBILITY_ONLY, "13")
    clinic.stores.life.put_facility(place)
    with refused(Code.NOT_IN_PROFILE):
        clinic.makes()


# -- what is kept ------------------------------------------------------------------
def test_neither_ticket_nor_person_is_in_a_row_of_the_log(clinic: Clinic) -> None:
    ticket = clinic.makes()
    clinic.presents(clinic.shown(ticket, YES))
    clinic.fetches(ticket)
    rows = list(clinic.stores.audit.rows(FACILITY))
    said = [details(row.detail) for row in rows]
    assert [one["act"] for one in said] == ["presented", "fetched"]
    assert said[0]["items"] == "operation:granted"
    assert all(ticket.hex() not in row.detail for row in rows)
    (kept,) = clinic.stores.modes.of(Ticket, FACILITY)
    assert kept.hash == ticket_hash(ticket)


def test_of_two_fetches_at_once_one_gets_it(clinic: Clinic) -> None:
    ticket = clinic.makes()
    clinic.presents(clinic.shown(ticket))
    store = clinic.stores.modes
    known = store.one(Ticket, ticket_hash(ticket))
    assert known is not None
    taken = replace(known, fetched_at=clinic.now, turn=known.turn + 1)
    store.commit(Change(changed=(taken,)))
    with refused(OVER):
        clinic.fetches(ticket)
