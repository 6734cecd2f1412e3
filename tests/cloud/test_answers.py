"""One tap, through the envelope and back: every outcome and its code."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from cryptography import x509

from cloud.access.certificate import CardAuthorities, ChainError
from cloud.facilities.model import Policy
from cloud.registry.model import CertificateLink, LinkKind
from cloud.registry.service import Record
from protocol.codes import Method, Outcome, TerminalProof, Validity
from protocol.messages import Refusal, RegistrationRequest, VerificationAnswer
from tests.cloud.world import (
    FACE,
    NOON,
    STAFF,
    TODAY,
    Card,
    World,
    authority,
    card,
    insurance,
    person,
    usage,
)

YESTERDAY = date(2026, 6, 14)


@pytest.fixture
def world() -> World:
    return World()


def verified(world: World, by: Card, **changes: object) -> VerificationAnswer:
    answer = world.ask(world.verification(by, **changes))
    assert isinstance(answer, VerificationAnswer)
    return answer


def test_the_certificate_of_nobody_is_not_found(world: World) -> None:
    answer = verified(world, card())
    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "R601")
    assert answer.validity is Validity.NOT_FOUND
    assert answer.patient is None


def test_a_person_without_insurance_is_not_found(world: World) -> None:
    mine = card()
    world.knows(person(insurances=()), mine)
    answer = verified(world, mine)
    assert (answer.code, answer.validity) == ("R601", Validity.NOT_FOUND)


def test_a_lost_insurance_is_not_valid(world: World) -> None:
    mine = card()
    world.knows(person(insurances=(insurance(ends=YESTERDAY),)), mine)
    answer = verified(world, mine)
    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "R602")
    assert answer.validity is Validity.INVALID
    assert not answer.qualifications


def test_a_disclosure_hold_shows_nothing(world: World) -> None:
    mine = card()
    world.knows(person(hold=True), mine)
    answer = verified(world, mine)
    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "R604")
    assert answer.validity is None


def test_a_card_of_another_authority_breaks_the_chain(world: World) -> None:
    forged = card(ca_key="a key of somebody else")
    world.knows(person(), forged)
    assert verified(world, forged).code == "K501"


def test_an_authority_nobody_configured_breaks_the_chain(world: World) -> None:
    foreign = card(ca="Another CA", ca_key="other")
    world.knows(person(), foreign)
    assert verified(world, foreign).code == "K501"


def test_the_signature_certificate_is_not_for_authentication(world: World) -> None:
    wrong = card(key_usage=usage(commits=True))
    assert verified(world, wrong).code == "K501"


def test_a_certificate_that_is_no_certificate_breaks_the_chain(world: World) -> None:
    assert verified(world, card(), certificate=b"\x30\x00").code == "K501"


def test_a_certificate_of_tomorrow_is_not_good_today(world: World) -> None:
    early = card(starts=NOON + timedelta(days=1))
    assert verified(world, early).code == "K501"


def test_a_signature_by_another_key_is_refused(world: World) -> None:
    mine = card()
    world.knows(person(), mine)
    stranger = Card(mine.certificate, card(key="stranger").key)
    assert verified(world, stranger).code == "K504"


def test_a_signature_over_another_body_is_refused(world: World) -> None:
    mine = card()
    world.knows(person(), mine)
    one, other = world.verification(mine), world.verification(mine)
    moved = one.model_copy(update={"card_signature": other.card_signature})
    answer = world.ask(moved)
    assert isinstance(answer, VerificationAnswer)
    assert answer.code == "K504"


@pytest.mark.parametrize(
    ("expired_for", "code"),
    [(timedelta(seconds=1), "R605"), (timedelta(days=108), "K502")],
)
def test_an_expired_certificate_has_three_months(
    world: World, expired_for: timedelta, code: str
) -> None:
    old = card(ends=NOON - expired_for)
    world.knows(person(), old)
    assert verified(world, old).code == code


def test_grace_shows_eligibility_and_asks_for_no_records(world: World) -> None:
    old = card(ends=NOON - timedelta(days=10))
    world.knows(person(), old)
    answer = verified(world, old)
    assert answer.outcome is Outcome.ACCEPTED
    assert answer.qualifications
    assert answer.records_withheld
    assert answer.consent_asks == ()


def test_grace_does_not_cover_registering(world: World) -> None:
    old = card(ends=NOON - timedelta(days=10))
    world.knows(person(registered=False), old)
    answer = verified(world, old)
    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "R603")


def test_a_fictitious_terminal_is_refused_by_default(world: World) -> None:
    mine = card()
    world.knows(person(), mine)
    answer = verified(
        world, mine, method=Method.FACE, face=FACE, terminal=TerminalProof.FICTITIOUS
    )
    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "K505")


def test_a_fictitious_terminal_is_enough_where_configured() -> None:
    world, mine = World(policy=Policy(fictitious_terminal=True)), card()
    world.knows(person(), mine)
    face = verified(
        world, mine, method=Method.FACE, face=FACE, terminal=TerminalProof.FICTITIOUS
    )
    assert face.outcome is Outcome.ACCEPTED


def test_a_method_that_is_switched_off_is_refused() -> None:
    world, mine = World(policy=Policy(methods=frozenset({Method.PIN}))), card()
    world.knows(person(), mine)
    visual = verified(
        world,
        mine,
        method=Method.VISUAL,
        staff=STAFF,
        terminal=TerminalProof.DESIGNATED,
    )
    assert visual.code == "K505"
    assert verified(world, mine).outcome is Outcome.ACCEPTED


def test_a_valid_card_of_an_insured_person_is_accepted(world: World) -> None:
    mine = card()
    world.knows(person(), mine)
    answer = verified(world, mine)
    assert (answer.outcome, answer.code) == (Outcome.ACCEPTED, "")
    assert answer.validity is Validity.VALID
    assert answer.patient is not None
    assert answer.patient.birth_date == "1970-01-02"
    assert [q.insurer_number for q in answer.qualifications] == ["99130015"]
    asked = [ask.item for ask in answer.consent_asks]
    assert asked == ["diagnosis_and_drugs", "operation", "checkup"]
    assert answer.certificate_expires == "2027-07-20"


@pytest.mark.parametrize(
    ("born", "asked"), [("1986-06-16", False), ("1986-06-15", True)]
)
def test_the_checkup_is_asked_from_the_fortieth_birthday(
    world: World, born: str, asked: bool
) -> None:
    mine = card()
    world.knows(person(born=date.fromisoformat(born)), mine)
    items = {ask.item for ask in verified(world, mine).consent_asks}
    assert ("checkup" in items) is asked


def test_the_birthday_begins_at_midnight_in_japan(world: World) -> None:
    mine = card()
    world.knows(person(born=date(1986, 6, 16)), mine)
    # 00:00 on the 16th in Japan is 15:00 on the 15th UTC, three hours after noon UTC.
    world.now += 12 * 60 * 60 * 1000 - 1
    before = {ask.item for ask in verified(world, mine).consent_asks}
    world.now += 1
    after = {ask.item for ask in verified(world, mine).consent_asks}
    assert after - before == {"checkup"}


def test_a_renewed_certificate_with_the_same_key_is_the_same_person(
    world: World,
) -> None:
    renewed = card()
    subject_key = renewed.certificate.extensions.get_extension_for_class(
        x509.SubjectKeyIdentifier
    ).value.digest
    link = CertificateLink(LinkKind.SUBJECT_KEY, subject_key)
    world.stores.registry.put([Record(b"ref", person(), (link,))])
    assert verified(world, renewed).outcome is Outcome.ACCEPTED


# -- registration --------------------
def registration(world: World, verification: str, **changes: object) -> object:
    fields = world.asked(verification=verification, agreed=True, **changes)
    return RegistrationRequest(**fields)  # type: ignore[arg-type]


def test_an_unregistered_person_is_asked_to_register(world: World) -> None:
    mine = card()
    world.knows(person(registered=False), mine)
    answer = verified(world, mine)
    assert answer.outcome is Outcome.REGISTRATION_NEEDED
    assert answer.code == "R603"
    assert answer.patient is None


def test_use_that_was_cancelled_counts_on_its_last_day_and_no_longer(
    world: World,
) -> None:
    mine, other = card(), card(key="other")
    world.knows(replace(person(), registered_until=TODAY), mine)
    world.knows(replace(person(), registered_until=YESTERDAY), other)
    assert verified(world, mine).outcome is Outcome.ACCEPTED
    assert verified(world, other).outcome is Outcome.REGISTRATION_NEEDED


def test_registering_takes_a_cancellation_back(world: World) -> None:
    mine = card()
    world.knows(replace(person(), registered_until=YESTERDAY), mine)
    first = verified(world, mine)
    answer = world.ask(registration(world, first.request_id))
    assert isinstance(answer, VerificationAnswer)
    assert answer.outcome is Outcome.ACCEPTED
    assert verified(world, mine).outcome is Outcome.ACCEPTED


def test_registering_without_a_verification_registers_nobody(world: World) -> None:
    mine = card()
    world.knows(person(registered=False), mine)
    stranger = world.asked()["request_id"]
    answer = world.ask(registration(world, str(stranger)))
    assert isinstance(answer, Refusal)
    assert answer.code == "M411"
    assert verified(world, mine).outcome is Outcome.REGISTRATION_NEEDED


def test_registering_answers_again_by_the_same_rules(world: World) -> None:
    mine = card()
    world.knows(person(registered=False), mine)
    first = verified(world, mine)
    answer = world.ask(registration(world, first.request_id))
    assert isinstance(answer, VerificationAnswer)
    assert answer.outcome is Outcome.ACCEPTED
    assert answer.request_id != first.request_id
    assert answer.consent_asks
    assert verified(world, mine).outcome is Outcome.ACCEPTED


def test_an_authority_that_expired_since_the_last_tap_is_not_believed() -> None:
    soon = NOON + timedelta(minutes=5)
    authorities = CardAuthorities([authority(end=soon)])
    mine = card()
    assert authorities.open(mine.der, NOON).not_after > soon
    with pytest.raises(ChainError, match="authority"):
        authorities.open(mine.der, soon + timedelta(seconds=1))


def test_an_authority_that_may_not_sign_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="authority"):
        CardAuthorities([card().certificate])
    assert CardAuthorities([authority()])
