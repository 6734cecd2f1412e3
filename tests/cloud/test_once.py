"""At least once on the wire, once in the ledger; and nothing leaves uncommitted."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from cloud.access.ledger import Audit, Kept, Ledger, LedgerError, Settled, Verification
from protocol.codec import encode
from protocol.codes import Outcome
from protocol.ids import FacilityCode, ReaderId, RequestId
from protocol.messages import Refusal, VerificationAnswer
from protocol.notice import Notice
from tests.cloud.world import World, card, memory_stores, person


@dataclass
class TroubledLedger:
    """A ledger whose disk fails for some requests, and that notes when it wrote."""

    inner: Ledger
    journal: list[str] = field(default_factory=list)
    fails_for: set[RequestId] = field(default_factory=set)

    def commit(self, settled: Sequence[Settled], audits: Sequence[Audit]) -> list[Kept]:
        if any(one.request in self.fails_for for one in settled):
            raise LedgerError("disk full")
        self.journal.append(f"commit {len(settled)}")
        return self.inner.commit(settled, audits)

    def verification(self, reader: ReaderId, request: RequestId) -> Verification | None:
        return self.inner.verification(reader, request)

    def verification_at(
        self, facility: FacilityCode, request: RequestId
    ) -> Verification | None:
        return self.inner.verification_at(facility, request)

    def verifications(self, facility: FacilityCode) -> list[Verification]:
        return self.inner.verifications(facility)

    def forget(self, now_ms: int) -> int:
        return self.inner.forget(now_ms)

    def counts(self) -> list[tuple[str, str, str, int]]:
        return self.inner.counts()

    def refusals(self) -> list[tuple[str, int]]:
        return self.inner.refusals()


def troubled() -> tuple[World, TroubledLedger]:
    inner = memory_stores()
    ledger = TroubledLedger(inner.ledger)
    return World(replace(inner, ledger=ledger)), ledger


def answers(world: World) -> list[object]:
    return list(world.opened())


def test_a_commit_that_fails_lets_no_answer_leave() -> None:
    world, ledger = troubled()
    mine = card()
    world.knows(person(), mine)
    request = world.verification(mine, request_id=(lost := world.asked()["request_id"]))
    ledger.fails_for.add(RequestId(str(lost)))
    world.serve(world.box.seal(encode(request), world.now))
    assert world.line.left == []


def test_one_request_that_cannot_be_kept_does_not_take_the_others() -> None:
    world, ledger = troubled()
    mine = card()
    world.knows(person(), mine)
    lost = RequestId(str(world.asked()["request_id"]))
    ledger.fails_for.add(lost)
    bad = world.verification(mine, request_id=lost)
    batch = [world.verification(mine), bad, world.verification(mine)]
    world.serve(*(world.box.seal(encode(one), world.now) for one in batch))
    assert len(answers(world)) == 2


def test_the_commit_comes_before_the_answer() -> None:
    world, ledger = troubled()
    mine = card()
    world.knows(person(), mine)
    line = world.line
    original = line.publish

    def noting(topic: str, payload: bytes) -> None:
        ledger.journal.append("answer")
        original(topic, payload)

    line.publish = noting  # type: ignore[method-assign]
    sealed = [world.box.seal(encode(world.verification(mine)), world.now)] * 1
    world.serve(*sealed)
    assert ledger.journal == ["commit 1", "answer"]


def test_a_batch_shares_one_commit() -> None:
    world, ledger = troubled()
    mine = card()
    world.knows(person(), mine)
    batch = [encode(world.verification(mine)) for _ in range(20)]
    world.serve(*(world.box.seal(message, world.now) for message in batch))
    assert ledger.journal == ["commit 20"]
    assert len(answers(world)) == 20


def test_everything_is_acknowledged_once_and_flushed(world: World) -> None:
    batch = [world.box.seal(encode(world.verification(card())), world.now), b"junk"]
    world.serve(*batch)
    assert world.line.acknowledged == [0, 1]
    assert world.line.flushed == 1


def test_the_same_request_in_a_new_envelope_is_the_same_answer(world: World) -> None:
    mine = card()
    world.knows(person(), mine)
    message = encode(world.verification(mine))
    first = world.send(world.box.seal(message, world.now))
    world.now += 7_000
    again = world.send(world.box.seal(message, world.now))
    assert isinstance(first, VerificationAnswer)
    assert again == first
    assert world.stores.ledger.counts() == [("verification", "accepted", "", 1)]


def test_a_replayed_envelope_is_refused_and_counted(world: World) -> None:
    mine = card()
    world.knows(person(), mine)
    sealed = world.box.seal(encode(world.verification(mine)), world.now)
    first = world.send(sealed)
    replayed = world.send(sealed)
    assert isinstance(first, VerificationAnswer)
    assert isinstance(replayed, Notice)
    assert replayed.code == "M403"
    assert world.stores.ledger.refusals() == [("M403", 1)]
    assert world.stores.ledger.counts() == [("verification", "accepted", "", 1)]


def test_a_request_id_is_not_used_twice_for_different_things(world: World) -> None:
    mine = card()
    world.knows(person(), mine)
    first = world.verification(mine)
    taken = world.asked()["request_id"]
    world.ask(world.verification(mine, request_id=taken))
    other = world.ask(world.verification(mine, request_id=taken, token="phone"))
    assert isinstance(other, Refusal)
    assert (other.code, other.request_id) == ("M409", taken)
    assert isinstance(world.ask(first), VerificationAnswer)


def test_an_answer_survives_the_expiry_of_what_it_was_based_on(world: World) -> None:
    mine = card()
    world.knows(person(registered=False), mine)
    message = encode(world.verification(mine))
    first = world.send(world.box.seal(message, world.now))
    world.knows(person(registered=True), mine)
    again = world.send(world.box.seal(message, world.now))
    assert isinstance(again, VerificationAnswer)
    assert again.outcome is Outcome.REGISTRATION_NEEDED
    assert again == first


def test_a_replay_after_the_lifetime_is_still_a_replay(world: World) -> None:
    mine = card()
    world.knows(person(), mine)
    sealed = world.box.seal(encode(world.verification(mine)), world.now)
    world.serve(sealed)
    world.now += 100_000
    world.stores.ledger.forget(world.now)
    answer = world.send(sealed)
    assert isinstance(answer, Notice)
    assert answer.code == "M403"
    assert world.stores.ledger.counts() == [("verification", "accepted", "", 1)]


@pytest.mark.parametrize("rounds", [50])
def test_no_replay_is_ever_accepted(world: World, rounds: int) -> None:
    mine = card()
    world.knows(person(), mine)
    sealed = world.box.seal(encode(world.verification(mine)), world.now)
    world.serve(*[sealed] * rounds)
    codes = [one.code for one in world.opened()[1:] if isinstance(one, Notice)]
    assert codes == ["M403"] * (rounds - 1)
