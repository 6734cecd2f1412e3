"""What is not a genuine, fresh request of this reader: its code, and no effect."""

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud.facilities.service import REMEMBERED_MS
from cloud.intake.line import Arrival
from protocol import cbor, topics
from protocol.codec import encode
from protocol.freshness import WINDOW_MS
from protocol.ids import ReaderId
from protocol.messages import Refusal, VerificationAnswer, VerificationRequest
from protocol.notice import Notice
from tests.cloud.world import (
    Box,
    World,
    body,
    card,
    cloud_keys,
    memory_stores,
    person,
    signed,
)


def noticed(world: World, sealed: bytes) -> str:
    answer = world.send(sealed)
    assert isinstance(answer, Notice)
    assert world.stores.ledger.counts() == []
    assert world.stores.ledger.refusals() == [(answer.code.value, 1)]
    return answer.code.value


def question(world: World) -> bytes:
    return encode(world.verification(card()))


def test_an_oversized_envelope(world: World) -> None:
    assert noticed(world, b"\xd0" + bytes(40_000)) == "M406"


def test_a_malformed_envelope(world: World) -> None:
    assert noticed(world, b"junk") == "M407"


def test_an_empty_envelope(world: World) -> None:
    assert noticed(world, b"") == "M407"


def test_a_malformed_message_in_a_good_envelope(world: World) -> None:
    assert noticed(world, world.box.seal(b"\xa0", world.now)) == "M407"


def test_a_malformed_body_in_a_good_request(world: World) -> None:
    request = VerificationRequest(body=b"\xa0", card_signature=bytes(256))
    sealed = world.box.seal(encode(request), world.now)
    assert noticed(world, sealed) == "M407"


def test_a_body_of_another_version(world: World) -> None:
    mine = card()
    fields = body(mine, **world.asked()).model_dump()
    content = cbor.dumps(fields | {"version": 2})
    request = VerificationRequest(body=content, card_signature=mine.sign(content))
    assert noticed(world, world.box.seal(encode(request), world.now)) == "M405"


def test_a_reader_that_nobody_enrolled(world: World) -> None:
    world.box.key = ec.generate_private_key(ec.SECP256R1())
    assert noticed(world, world.box.seal(question(world), world.now)) == "M401"


def test_a_reader_that_was_revoked_is_refused_within_half_a_minute(
    world: World,
) -> None:
    world.ask(world.verification(card()))
    revoked = replace(world.box.enrolled, revoked=True)
    world.stores.facilities.put_readers([revoked])
    world.now += REMEMBERED_MS
    answer = world.ask(world.verification(card()))
    assert isinstance(answer, Notice)
    assert answer.code == "M401"


def test_a_signature_that_was_changed(world: World) -> None:
    sealed = bytearray(world.box.seal(question(world), world.now))
    sealed[-1] ^= 1
    assert noticed(world, bytes(sealed)) == "M402"


def test_a_message_sealed_for_another_cloud(world: World) -> None:
    elsewhere = Box(cloud_keys(), key=world.box.key)
    assert noticed(world, elsewhere.seal(question(world), world.now)) == "M402"


def test_a_message_on_another_readers_topic(world: World) -> None:
    other = Box(world.keys, ReaderId("reader-two"))
    world.stores.facilities.put_readers([other.enrolled])
    sealed = other.seal(question(world), world.now)
    assert noticed(world, sealed) == "M408"


def test_a_message_that_names_another_reader(world: World) -> None:
    mine = card()
    world.knows(person(), mine)
    fields = world.asked(reader_id="reader-two")
    answer = world.ask(signed(mine, body(mine, **fields)))
    assert isinstance(answer, Refusal)
    assert answer.code == "M408"


def test_an_envelope_sealed_too_long_ago(world: World) -> None:
    sealed = world.box.seal(question(world), world.now)
    world.now += WINDOW_MS + 1
    assert noticed(world, sealed) == "M404"


def test_an_envelope_at_the_edge_of_the_window_is_taken(world: World) -> None:
    sealed = world.box.seal(question(world), world.now)
    world.now += 59_999
    assert isinstance(world.send(sealed), VerificationAnswer)


def test_a_request_whose_lifetime_is_over(world: World) -> None:
    request = world.verification(card())
    world.now += 60_000
    answer = world.ask(request)
    assert isinstance(answer, Refusal)
    assert answer.code == "M404"


def test_a_request_of_the_future(world: World) -> None:
    later = world.now + WINDOW_MS + 1
    answer = world.ask(
        world.verification(card(), issued_at=later, expires_at=later + 1)
    )
    assert isinstance(answer, Refusal)
    assert answer.code == "M404"


def test_a_topic_that_is_not_ours_is_dropped_and_counted(world: World) -> None:
    world.listener.serve([Arrival("shikaku/v1/reader/+/request", b"x", 1)])
    assert world.line.left == []
    assert world.line.acknowledged == [1]
    assert world.stores.ledger.refusals() == [("M407", 1)]


def test_junk_in_a_batch_does_not_hurt_its_neighbours(world: World) -> None:
    mine = card()
    world.knows(person(), mine)
    good = world.box.seal(encode(world.verification(mine)), world.now)
    world.serve(b"junk", good, b"\xd0" + bytes(40_000))
    kinds = [type(one) for one in world.opened()]
    assert kinds == [Notice, VerificationAnswer, Notice]


_shared = World(memory_stores())
_sealed = _shared.box.seal(encode(_shared.verification(card())), _shared.now)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.differing_executors],
)
@given(st.integers(0, len(_sealed) * 8 - 1))
def test_no_flipped_bit_is_accepted(bit: int) -> None:
    changed = bytearray(_sealed)
    changed[bit // 8] ^= 1 << bit % 8
    before = _shared.stores.ledger.counts()
    _shared.listener.serve(
        [Arrival(topics.request(_shared.box.name), bytes(changed), 0)]
    )
    assert _shared.stores.ledger.counts() == before


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_junk_stops_the_listener(junk: bytes) -> None:
    left = len(_shared.line.left)
    _shared.listener.serve([Arrival(topics.request(_shared.box.name), junk, 0)])
    assert len(_shared.line.left) == left + 1
