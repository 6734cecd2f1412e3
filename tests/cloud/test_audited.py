"""Every answer is a row of the audit log, committed with it, about whom it was."""

from typing import get_args

import pytest

from cloud.audit.model import Kind, Row, details
from cloud.audit.service import Verifier
from cloud.registry.model import PersonId
from protocol import proof
from protocol.codec import encode
from protocol.codes import Decision
from protocol.messages import (
    Answer,
    ConsentDecision,
    ConsentReceipt,
    ConsentRequest,
    Refusal,
    RegistrationRequest,
    Request,
    VerificationAnswer,
)
from tests.cloud.world import (
    AUDIT_SECRET,
    FACILITY,
    READER,
    Card,
    World,
    card,
    person,
)


@pytest.fixture
def mine(world: World) -> Card:
    own = card()
    world.knows(person(), own)
    return own


def rows(world: World) -> list[Row]:
    return list(world.stores.audit.rows(FACILITY))


def about(world: World, by: Card) -> list[Row]:
    found = world.stores.registry.linked(by.link)
    assert found is not None
    return list(world.stores.audit.of_person(found.id))


def fits(row: Row, answer: object) -> bool:
    assert isinstance(answer, get_args(Answer))
    return proof.read(answer.proof).fits(row.result)


def consent(world: World, accepted: VerificationAnswer) -> ConsentRequest:
    pressed = ConsentDecision(item="operation", decision=Decision.GRANTED)
    silent = ConsentDecision(item="checkup", decision=Decision.UNANSWERED)
    return ConsentRequest.model_validate(
        {
            **world.asked(),
            "verification": accepted.request_id,
            "decisions": (pressed, silent),
        }
    )


def test_an_answer_is_a_row_with_its_hash(world: World, mine: Card) -> None:
    answer = world.ask(world.verification(mine))
    (row,) = rows(world)
    assert (row.seq, row.at, row.kind) == (1, world.now, Kind.VERIFICATION)
    assert fits(row, answer)
    assert details(row.detail) == {
        "by": READER,
        "care": "1",
        "method": "pin",
        "outcome": "accepted",
    }


def test_a_receipt_says_what_was_answered_to_which_item(
    world: World, mine: Card
) -> None:
    accepted = world.ask(world.verification(mine))
    assert isinstance(accepted, VerificationAnswer)
    receipt = world.ask(consent(world, accepted))
    assert isinstance(receipt, ConsentReceipt)
    row = rows(world)[-1]
    assert row.kind == Kind.CONSENT
    assert details(row.detail)["items"] == "operation:granted,checkup:unanswered"
    assert fits(row, receipt)
    assert [one.seq for one in about(world, mine)] == [1, 2]


def test_a_person_also_sees_what_was_refused(world: World) -> None:
    held = card()
    world.knows(person(hold=True), held)
    world.ask(world.verification(held))
    (row,) = about(world, held)
    assert details(row.detail)["code"] == "R604"


def test_a_card_of_nobody_is_a_row_about_nobody(world: World, mine: Card) -> None:
    world.ask(world.verification(card(key="stranger")))
    (row,) = rows(world)
    assert row.subject == b""
    assert details(row.detail)["outcome"] == "refused"
    assert about(world, mine) == []


def test_a_registration_is_a_row_about_the_person(world: World) -> None:
    new = card()
    world.knows(person(registered=False), new)
    needed = world.ask(world.verification(new))
    assert isinstance(needed, VerificationAnswer)
    registration = RegistrationRequest.model_validate(
        {**world.asked(), "verification": needed.request_id, "agreed": True}
    )
    world.ask(registration)
    assert [row.kind for row in about(world, new)] == ["verification", "registration"]


def test_an_answer_that_is_given_again_is_no_new_row(world: World, mine: Card) -> None:
    message = encode(world.verification(mine))
    for _ in range(3):
        world.send(world.box.seal(message, world.now))
    assert len(rows(world)) == 1


def test_a_refusal_of_a_used_request_id_is_a_row_too(world: World, mine: Card) -> None:
    asked = world.asked()
    world.ask(world.verification(mine, **asked))
    refused = world.ask(world.verification(mine, **{**asked, "token": "phone"}))
    assert isinstance(refused, Refusal)
    first, second = rows(world)
    assert fits(second, refused)
    assert not fits(first, refused)
    assert details(second.detail)["code"] == "M409"


def test_a_refused_message_is_a_row_and_junk_is_none(world: World, mine: Card) -> None:
    world.ask(world.verification(mine, issued_at=1, expires_at=2))
    world.send(b"junk")
    (row,) = rows(world)
    assert details(row.detail)["outcome"] == "refusal"


def test_a_batch_is_a_chain_that_verifies_and_names_nobody(
    world: World, mine: Card
) -> None:
    sealed = [
        world.box.seal(encode(world.verification(mine)), world.now) for _ in range(9)
    ]
    world.serve(*sealed)
    found = rows(world)
    assert [row.seq for row in found] == list(range(1, 10))
    verifier = Verifier(world.stores.audit, {}, AUDIT_SECRET)
    assert list(verifier.verify()) == []
    who = person()
    for row in found:
        assert who.name not in row.detail
        assert row.subject not in {b"", PersonId(1).to_bytes(16)}


def test_every_question_of_the_wire_is_a_kind_of_row() -> None:
    kinds = {
        model.model_fields["kind"].default.removesuffix("-request")
        for model in get_args(Request)
    }
    assert kinds <= set(Kind)
