"""Consent through the envelope: whose verification, how long, what is remembered."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud.adapters.memory_consents import MemoryConsents
from protocol.codes import DEFAULT_ITEMS, Decision
from protocol.messages import (
    ConsentDecision,
    ConsentReceipt,
    ConsentRequest,
    Refusal,
    VerificationAnswer,
)
from tests.cloud.world import DAY_MS, Card, World, card, person, request_id

ITEMS = tuple(item for item in DEFAULT_ITEMS)


def prepared() -> tuple[World, Card, VerificationAnswer]:
    world, mine = World(), card()
    world.knows(person(), mine)
    return world, mine, verified(world, mine)


def verified(world: World, by: Card) -> VerificationAnswer:
    answer = world.ask(world.verification(by))
    assert isinstance(answer, VerificationAnswer)
    return answer


def consent(
    world: World, verification: str, decisions: dict[str, Decision], **changes: object
) -> ConsentReceipt | Refusal:
    pressed = tuple(
        ConsentDecision(item=item, decision=decision)
        for item, decision in decisions.items()
    )
    fields = world.asked(verification=verification, decisions=pressed, **changes)
    answer = world.ask(ConsentRequest(**fields))  # type: ignore[arg-type]
    assert isinstance(answer, ConsentReceipt | Refusal)
    return answer


def code(answer: ConsentReceipt | Refusal) -> str:
    return answer.code if isinstance(answer, Refusal) else ""


YES = {"operation": Decision.GRANTED}


def test_consent_to_an_unknown_verification_is_refused() -> None:
    world, _, _ = prepared()
    assert code(consent(world, request_id(world.now), YES)) == "M411"


def test_consent_after_24_hours_is_refused() -> None:
    world, _, answer = prepared()
    world.now += DAY_MS
    assert code(consent(world, answer.request_id, YES)) == "M411"


def test_consent_just_before_24_hours_is_taken() -> None:
    world, _, answer = prepared()
    world.now += DAY_MS - 1
    assert code(consent(world, answer.request_id, YES)) == ""


def test_consent_to_a_refused_verification_is_refused() -> None:
    world, _, _ = prepared()
    refused = verified(world, card())
    assert code(consent(world, refused.request_id, YES)) == "M411"


def test_consent_before_registering_is_refused() -> None:
    world, other = World(), card()
    world.knows(person(registered=False), other)
    answer = verified(world, other)
    assert code(consent(world, answer.request_id, YES)) == "M411"


def test_an_item_that_was_not_asked_refuses_the_whole_form() -> None:
    world, young = World(), card()
    world.knows(person(born=date(2000, 1, 1)), young)
    answer = verified(world, young)
    both = YES | {"checkup": Decision.GRANTED}
    assert code(consent(world, answer.request_id, both)) == "M407"
    assert all(ask.standing is None for ask in verified(world, young).consent_asks)


def test_granted_is_open_until_24_hours_after_registration() -> None:
    world, _, answer = prepared()
    world.now += 5_000
    receipt = consent(world, answer.request_id, YES)
    assert isinstance(receipt, ConsentReceipt)
    (grant,) = receipt.grants
    assert grant.decided_at == world.now
    assert grant.available_until == world.now + DAY_MS


def test_the_next_visit_is_offered_the_last_answer() -> None:
    world, mine, answer = prepared()
    consent(world, answer.request_id, YES | {"checkup": Decision.REFUSED})
    world.now += 1_000
    offered = {a.item: a.standing for a in verified(world, mine).consent_asks}
    assert offered == {
        "diagnosis_and_drugs": None,
        "operation": Decision.GRANTED,
        "checkup": Decision.REFUSED,
    }


def test_silence_is_kept_apart_and_never_offered() -> None:
    world, mine, answer = prepared()
    consent(world, answer.request_id, {"operation": Decision.UNANSWERED})
    offered = {a.item: a.standing for a in verified(world, mine).consent_asks}
    assert offered["operation"] is None
    kept = world.stores.consents
    assert isinstance(kept, MemoryConsents)
    assert kept.answered == []
    assert [one.decision for one in kept.unanswered] == [Decision.UNANSWERED]


def test_a_no_that_was_pressed_later_beats_a_yes_that_arrives_later() -> None:
    world, _, answer = prepared()
    pressed_yes_at = world.now
    world.now += 2_000
    consent(world, answer.request_id, {"operation": Decision.REFUSED})
    late = consent(world, answer.request_id, YES, issued_at=pressed_yes_at)
    assert isinstance(late, ConsentReceipt)
    assert late.grants[0].decision is Decision.REFUSED
    assert late.grants[0].available_until is None


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(ITEMS), st.sampled_from(Decision)), max_size=3
    )
)
def test_what_is_granted_was_pressed(
    shared: tuple[World, Card, VerificationAnswer],
    forms: list[dict[str, Decision]],
) -> None:
    world, mine, _ = shared
    answer = verified(world, mine)
    for form in forms:
        world.now += 1
        receipt = consent(world, answer.request_id, form)
        assert isinstance(receipt, ConsentReceipt)
        granted = {g.item for g in receipt.grants if g.decision is Decision.GRANTED}
        pressed = {item for item, word in form.items() if word is Decision.GRANTED}
        opened = {g.item for g in receipt.grants if g.available_until is not None}
        assert granted <= pressed
        assert opened == granted


@pytest.fixture(scope="module")
def shared() -> tuple[World, Card, VerificationAnswer]:
    return prepared()
