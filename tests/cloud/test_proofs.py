"""Every answer of the cloud carries its proof number; a repeated one the same."""

import hashlib

import pytest

from protocol import proof
from protocol.codec import encode
from protocol.codes import Decision, Outcome
from protocol.ids import ReaderId
from protocol.messages import (
    ConsentDecision,
    ConsentReceipt,
    ConsentRequest,
    Refusal,
    VerificationAnswer,
)
from tests.cloud.world import FACILITY, World, card, person


def proved(world: World, answer: object) -> proof.Proof:
    """Of an answer as the reader opened it."""
    assert isinstance(answer, VerificationAnswer | ConsentReceipt | Refusal)
    found = proof.read(answer.proof)
    found.check(world.keys.public.signing)
    bare = encode(answer.model_copy(update={"proof": ""}))
    assert found.fits(hashlib.sha256(bare).digest())
    assert found.facility == FACILITY
    assert found.at_s == answer.answered_at // 1000
    return found


def test_an_acceptance_a_receipt_and_a_refusal_are_proved(world: World) -> None:
    mine = card()
    world.knows(person(), mine)
    request = world.verification(mine)
    accepted = world.ask(request)
    assert isinstance(accepted, VerificationAnswer)
    assert accepted.patient is not None
    consent = ConsentRequest.model_validate(
        {
            **world.asked(),
            "verification": accepted.request_id,
            "decisions": (
                ConsentDecision(item="operation", decision=Decision.GRANTED),
            ),
        }
    )
    receipt, unknown = world.ask(consent), world.ask(world.verification(card(key="x")))
    foreign = world.ask(world.verification(mine, reader_id=ReaderId("reader-two")))
    assert isinstance(receipt, ConsentReceipt)
    assert isinstance(foreign, Refusal)
    answers: list[object] = [accepted, receipt, unknown, foreign]
    assert len({proved(world, answer).hash for answer in answers}) == 4


def test_a_repeated_answer_has_the_proof_it_had(world: World) -> None:
    mine = card()
    world.knows(person(), mine)
    request = encode(world.verification(mine))
    first = world.send(world.box.seal(request, world.now))
    world.now += 2000
    again = world.send(world.box.seal(request, world.now))
    assert first == again
    proved(world, again)


def test_a_request_id_with_other_bytes_is_refused_with_a_proof(world: World) -> None:
    mine = card()
    world.knows(person(), mine)
    asked = world.asked()
    world.ask(world.verification(mine, **asked))
    refused = world.ask(world.verification(mine, **{**asked, "token": "phone"}))
    assert isinstance(refused, Refusal)
    proved(world, refused)


@pytest.mark.parametrize(
    "change",
    [{"outcome": Outcome.REFUSED}, {"records_withheld": True}, {"validity": None}],
    ids=lambda change: next(iter(change)),
)
def test_a_proof_is_of_every_field(world: World, change: dict[str, object]) -> None:
    mine = card()
    world.knows(person(), mine)
    answer = world.ask(world.verification(mine))
    assert isinstance(answer, VerificationAnswer)
    changed = answer.model_copy(update={**change, "proof": ""})
    assert not proved(world, answer).fits(hashlib.sha256(encode(changed)).digest())
