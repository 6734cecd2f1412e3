"""The stores' contract, on memory and on SQLite."""

from dataclasses import replace
from datetime import date

from cloud.access.ledger import (
    VERIFICATION_STANDS_MS,
    Audit,
    Settled,
    Usage,
    Verification,
)
from cloud.audit.model import Entry, Kind
from cloud.consent.model import Consent
from cloud.main import Stores
from cloud.registry.model import CertificateLink, LinkKind, PersonId
from cloud.registry.service import Record, Registry
from protocol.catalogue import Code
from protocol.codes import Decision, Outcome
from protocol.ids import KeyId, RequestId
from tests.cloud.world import FACILITY, READER, Box, cloud_keys, insurance, person

AT = 1_780_000_000_000
LINK = CertificateLink(LinkKind.CERTIFICATE, b"c" * 32)
KEY_LINK = CertificateLink(LinkKind.SUBJECT_KEY, b"k" * 20)
USAGE = Usage(AT, READER, FACILITY, "verification", "pin", "1", "accepted", "", 120)
ENTRY = Entry(FACILITY, AT, Kind.VERIFICATION, None, "outcome=accepted", b"r" * 32)
ONE = RequestId("00000000-0000-7000-8000-000000000001")
TWO = RequestId("00000000-0000-7000-8000-000000000002")


def settled(request: RequestId = ONE, **changes: object) -> Settled:
    values: dict[str, object] = {
        "request": request,
        "request_hash": b"h" * 32,
        "envelope": b"e" * 32,
        "reader": READER,
        "expires_at": AT + 60_000,
        "answer": b"answer",
        "usage": USAGE,
        "entry": ENTRY,
        **changes,
    }
    return Settled(**values)  # type: ignore[arg-type]


def consent(item: str, decision: Decision, at: int, request: str = ONE) -> Consent:
    until = at + 1 if decision is Decision.GRANTED else None
    who = PersonId(1)
    return Consent(FACILITY, who, item, decision, at, at, until, RequestId(request))


# -- registry --------------------
def test_an_unknown_certificate_is_nobody(stores: Stores) -> None:
    assert Registry(stores.registry).holder(LINK.value, KEY_LINK.value) is None


def test_a_link_of_one_kind_is_not_a_link_of_the_other(stores: Stores) -> None:
    same = CertificateLink(LinkKind.SUBJECT_KEY, LINK.value)
    stores.registry.put([Record(b"r", person(), (same,))])
    assert stores.registry.linked(LINK) is None


def test_a_person_comes_back_as_put(stores: Stores) -> None:
    several = (insurance(), insurance(date(2020, 1, 1), date(2021, 1, 1), symbol="記"))
    who = person(insurances=several)
    assert stores.registry.put([Record(b"r", who, (LINK, KEY_LINK))]) == 1
    found = stores.registry.linked(LINK)
    assert found is not None
    assert found.person == who
    assert stores.registry.person(found.id) == found
    assert stores.registry.linked(KEY_LINK) == found


def test_the_same_reference_is_the_same_person(stores: Stores) -> None:
    stores.registry.put([Record(b"r", person(), (LINK,))])
    before = stores.registry.linked(LINK)
    stores.registry.put([Record(b"r", person(hold=True, insurances=()), (LINK,))])
    after = stores.registry.linked(LINK)
    assert before is not None
    assert after is not None
    assert (after.id, after.person.hold) == (before.id, True)
    assert after.person.insurances == ()


# -- facilities --------------------
def test_an_unknown_key_is_no_reader(stores: Stores) -> None:
    assert stores.facilities.reader_by_key(KeyId(b"k" * 16)) is None


def test_a_reader_that_was_enrolled_again_has_its_new_key_only(stores: Stores) -> None:
    keys = cloud_keys()
    old, new = Box(keys).enrolled, Box(keys).enrolled
    stores.facilities.put_readers([old])
    assert stores.facilities.reader_by_key(old.key_id) == old
    stores.facilities.put_readers([new])
    assert stores.facilities.reader_by_key(old.key_id) is None
    assert stores.facilities.reader_by_key(new.key_id) == new


def test_a_revoked_reader_stays_revoked(stores: Stores) -> None:
    reader = replace(Box(cloud_keys()).enrolled, revoked=True, not_after=AT)
    stores.facilities.put_readers([reader])
    assert stores.facilities.reader_by_key(reader.key_id) == reader


# -- ledger --------------------
def test_the_same_request_again_is_the_stored_answer_counted_once(
    stores: Stores,
) -> None:
    stores.ledger.commit([settled()], [])
    again = settled(envelope=b"f" * 32, answer=b"another answer")
    (kept,) = stores.ledger.commit([again], [])
    assert (kept.answer, kept.repeated) == (b"answer", True)
    assert stores.ledger.counts() == [("verification", "accepted", "", 1)]


def test_twice_in_one_batch_is_also_once(stores: Stores) -> None:
    first, again = settled(), settled(envelope=b"f" * 32, answer=b"other")
    kept = stores.ledger.commit([first, again], [])
    assert [one.answer for one in kept] == [b"answer", b"answer"]
    assert stores.ledger.counts() == [("verification", "accepted", "", 1)]


def test_another_hash_under_the_same_id_is_refused_and_audited(stores: Stores) -> None:
    stores.ledger.commit([settled()], [])
    other = settled(envelope=b"f" * 32, request_hash=b"x" * 32)
    (kept,) = stores.ledger.commit([other], [])
    assert (kept.answer, kept.refused) == (None, Code.REQUEST_ID_REUSED)
    assert stores.ledger.refusals() == [("M409", 1)]


def test_the_same_envelope_is_refused_and_audited(stores: Stores) -> None:
    stores.ledger.commit([settled()], [])
    (kept,) = stores.ledger.commit([settled()], [])
    assert (kept.answer, kept.refused) == (None, Code.REPLAYED)
    assert stores.ledger.refusals() == [("M403", 1)]


def test_a_second_envelope_of_a_request_is_refused_when_it_comes_again(
    stores: Stores,
) -> None:
    second = settled(envelope=b"f" * 32)
    stores.ledger.commit([settled(), second], [])
    (kept,) = stores.ledger.commit([second], [])
    assert (kept.answer, kept.refused) == (None, Code.REPLAYED)


def test_another_reader_may_use_the_same_id(stores: Stores) -> None:
    other = replace(USAGE, reader="reader-two")  # type: ignore[arg-type]
    stores.ledger.commit([settled()], [])
    theirs = settled(envelope=b"f" * 32, reader="reader-two", usage=other)
    assert stores.ledger.commit([theirs], [])[0].answer == b"answer"


def test_a_verification_is_found_by_its_own_reader_only(stores: Stores) -> None:
    kept = Verification(
        READER, ONE, PersonId(7), Outcome.ACCEPTED, ("operation", "checkup"), AT, AT
    )
    stores.ledger.commit([settled(verifications=(kept,))], [])
    assert stores.ledger.verification(READER, ONE) == kept
    assert stores.ledger.verification("reader-two", ONE) is None  # type: ignore[arg-type]


def test_a_verification_with_nothing_to_ask_comes_back_so(stores: Stores) -> None:
    kept = Verification(READER, ONE, PersonId(7), Outcome.ACCEPTED, (), AT, AT)
    stores.ledger.commit([settled(verifications=(kept,))], [])
    assert stores.ledger.verification(READER, ONE) == kept


def test_refusals_are_counted_by_code(stores: Stores) -> None:
    audits = [Audit(AT, Code.STALE, READER), Audit(AT, Code.STALE, "")]
    assert stores.ledger.commit([], audits) == []
    assert stores.ledger.refusals() == [("M404", 2)]


def test_a_refused_repetition_changes_nothing_else(stores: Stores) -> None:
    stores.ledger.commit([settled()], [])
    yes = consent("operation", Decision.GRANTED, AT)
    stores.ledger.commit([settled(consents=(yes,))], [])
    assert stores.consents.last(FACILITY, PersonId(1)) == {}


def test_registering_is_committed_with_its_request(stores: Stores) -> None:
    gone = replace(person(registered=False), registered_until=date(2024, 11, 30))
    stores.registry.put([Record(b"r", gone, (LINK,))])
    found = stores.registry.linked(LINK)
    assert found is not None
    assert found.person == gone
    stores.ledger.commit([settled(registers=found.id)], [])
    after = stores.registry.person(found.id)
    assert after is not None
    assert (after.person.registered, after.person.registered_until) == (True, None)


def test_forgetting_waits_until_nothing_can_be_repeated(stores: Stores) -> None:
    kept = Verification(READER, ONE, PersonId(7), Outcome.ACCEPTED, (), AT, AT)
    again = settled(envelope=b"f" * 32)
    stores.ledger.commit([settled(verifications=(kept,)), again], [])
    assert stores.ledger.forget(AT + 240_000) == 0
    assert stores.ledger.forget(AT + 240_001) == 1
    assert stores.ledger.forget(AT + 299_999) == 0
    assert stores.ledger.forget(AT + 300_000) == 1
    assert stores.ledger.verification(READER, ONE) == kept
    assert stores.ledger.forget(AT + VERIFICATION_STANDS_MS + 1) == 1
    assert stores.ledger.verification(READER, ONE) is None


# -- consents --------------------
def test_the_last_press_stands_whatever_the_order_of_arrival(stores: Stores) -> None:
    newer = consent("operation", Decision.REFUSED, AT + 10)
    older = consent("operation", Decision.GRANTED, AT)
    stores.ledger.commit([settled(consents=(newer, older))], [])
    assert stores.consents.last(FACILITY, PersonId(1)) == {"operation": newer}


def test_consent_is_per_facility_and_person(stores: Stores) -> None:
    yes = consent("operation", Decision.GRANTED, AT)
    stores.ledger.commit([settled(consents=(yes,))], [])
    assert stores.consents.last("1310000099", PersonId(1)) == {}  # type: ignore[arg-type]
    assert stores.consents.last(FACILITY, PersonId(2)) == {}


def test_silence_does_not_replace_an_answer(stores: Stores) -> None:
    yes = consent("operation", Decision.GRANTED, AT)
    silent = consent("operation", Decision.UNANSWERED, AT + 10, TWO)
    stores.ledger.commit([settled(consents=(yes, silent))], [])
    assert stores.consents.last(FACILITY, PersonId(1)) == {"operation": yes}
