"""Messages and their bytes: nothing is converted, nothing unknown passes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol import cbor
from protocol.codec import (
    MAX_MESSAGE,
    decode_answer,
    decode_body,
    decode_request,
    encode,
)
from protocol.codes import Decision, Method, Outcome
from protocol.errors import MalformedError, TooLargeError, VersionError, WireError
from protocol.messages import (
    ConsentGrant,
    ConsentReceipt,
    ConsentRequest,
    Qualification,
    Refusal,
    VerificationAnswer,
)
from tests.protocol import samples

DECODERS = (decode_request, decode_body, decode_answer)


def changed(message: Any, **fields: object) -> bytes:
    return cbor.dumps({**message.model_dump(), **fields})


def test_requests_come_back_as_they_were() -> None:
    for request in (samples.verification(), samples.consent(), samples.registration()):
        assert decode_request(encode(request)) == request
    assert decode_body(encode(samples.body())) == samples.body()


def test_answers_come_back_as_they_were() -> None:
    base = {"request_id": samples.request_id(), "request_hash": bytes(32)}
    place = {"reader_id": samples.READER, "answered_at": samples.NOW}
    grant = ConsentGrant(
        item="operation", decision=Decision.GRANTED, decided_at=samples.NOW
    )
    for answer in (
        samples.answer(b"request"),
        ConsentReceipt.model_validate({**base, **place, "grants": (grant,)}),
        Refusal.model_validate({**base, **place, "code": "M404"}),
    ):
        assert decode_answer(encode(answer)) == answer


names = st.text(max_size=60)


@given(name=names, number=names, ratio=st.sampled_from(["010", "030"]))
def test_any_text_travels_unchanged(name: str, number: str, ratio: str) -> None:
    cover = Qualification.model_validate_json(
        '{"card_classification":"01","insurer_number":"01130012",'
        '"insurer_name":"x","relationship":"1","valid_from":"2026-01-01"}'
    ).model_copy(
        update={"insurer_name": name, "number": number, "copayment_ratio": ratio}
    )
    answer = samples.answer(b"").model_copy(update={"qualifications": (cover,)})
    assert decode_answer(encode(answer)) == answer


@given(
    st.lists(st.sampled_from(sorted(Decision)), max_size=8),
    st.integers(0, 2**53 - 2),
)
def test_any_consent_travels_unchanged(decisions: list[Decision], at: int) -> None:
    said = [{"item": "operation", "decision": decision} for decision in decisions]
    request = ConsentRequest.model_validate(
        {
            **samples.consent().model_dump(),
            "issued_at": at,
            "expires_at": at + 1,
            "decisions": tuple(said),
        }
    )
    assert decode_request(encode(request)) == request


@pytest.mark.parametrize(
    "fields",
    [
        {"issued_at": str(samples.NOW)},
        {"issued_at": True},
        {"issued_at": -1},
        {"issued_at": samples.NOW + 60_000},
        {"method": b"face"},
        {"method": "FACE"},
        {"method": "voice"},
        {"care": 1},
        {"token": "watch"},
        {"certificate": "text"},
        {"certificate": b""},
        {"certificate": bytes(4097)},
        {"reader_id": "reader/1"},
        {"reader_id": "+"},
        {"reader_id": "reader\n"},
        {"request_id": "1"},
        {"face": None},
        {"face": {"pack": "p", "rule": "r", "mode": "auto", "matched": 1}},
        {"face": [1]},
        {"method": "visual"},
        {"terminal": "none"},
        {"kind": "verification-request"},
        {"kind": None},
        {"kind": 7},
        {"version": True},
        {"version": "1"},
        {"version": None},
        {"unknown": 1},
        {7: 1},
    ],
)
def test_a_field_that_does_not_fit_is_malformed(fields: dict[Any, object]) -> None:
    with pytest.raises(MalformedError):
        decode_body(_with(fields))


def _with(fields: dict[Any, object]) -> bytes:
    return cbor.dumps({**samples.body().model_dump(), **fields})


def test_a_consent_is_a_list_of_known_items() -> None:
    for decisions in (
        {"item": "operation", "decision": "granted"},
        [{"item": "everything", "decision": "granted"}],
        [{"item": "operation", "decision": True}],
        [{"item": "operation"}],
        ["operation"],
        "operation",
        [{"item": "operation", "decision": "granted"}] * 33,
    ):
        with pytest.raises(MalformedError):
            decode_request(changed(samples.consent(), decisions=decisions))


def test_registering_without_agreeing_cannot_be_said() -> None:
    for agreed in (False, None, 1, "true"):
        with pytest.raises(MalformedError):
            decode_request(changed(samples.registration(), agreed=agreed))


def test_another_version_is_told_apart_from_junk() -> None:
    for version in (0, 2, 2**40):
        with pytest.raises(VersionError):
            decode_body(changed(samples.body(), version=version, new_field=1))
    with pytest.raises(VersionError):
        decode_request(cbor.dumps({"kind": "not yet invented", "version": 2}))


def test_a_message_names_its_version() -> None:
    fields = samples.consent().model_dump()
    del fields["version"]
    with pytest.raises(MalformedError):
        decode_request(cbor.dumps(fields))


def test_an_answer_is_no_request() -> None:
    with pytest.raises(MalformedError):
        decode_request(encode(samples.answer(b"")))
    with pytest.raises(MalformedError):
        decode_answer(encode(samples.consent()))


def test_a_refusing_answer_carries_no_person() -> None:
    with pytest.raises(MalformedError):
        decode_answer(changed(samples.answer(b""), outcome=Outcome.REFUSED))


def test_too_large_is_said_before_anything_is_parsed() -> None:
    for decode in DECODERS:
        with pytest.raises(TooLargeError):
            decode(bytes(MAX_MESSAGE + 1))
    grants = tuple(
        ConsentGrant(item="x" * 200, decision=Decision.REFUSED, decided_at=0)
        for _ in range(100)
    )
    huge = ConsentReceipt(
        request_id=samples.request_id(),
        request_hash=bytes(32),
        reader_id=samples.READER,
        answered_at=0,
        grants=grants,
    )
    with pytest.raises(TooLargeError):
        encode(huge)


def test_an_error_never_quotes_the_message() -> None:
    with pytest.raises(MalformedError) as caught:
        decode_answer(changed(samples.answer(b""), outcome="refused"))
    assert "花子" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@given(st.binary(max_size=400))
def test_junk_is_a_wire_error(data: bytes) -> None:
    for decode in DECODERS:
        with pytest.raises(WireError):
            decode(data)


GOOD = encode(samples.verification())
FLIPS = st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(1, 255)))


@settings(max_examples=300)
@given(FLIPS)
def test_damaged_messages_decode_or_are_refused(
    flips: list[tuple[int, int]],
) -> None:
    data = bytearray(encode(samples.body()))
    for place, bits in flips:
        data[place % len(data)] ^= bits
    try:
        again = decode_body(bytes(data))
    except WireError:
        return
    assert encode(again) == bytes(data)


def test_the_card_signs_bytes_and_they_stay_bytes() -> None:
    request = samples.verification()
    assert decode_request(encode(request)).model_dump()["body"] == request.body
    assert decode_body(request.body).method is Method.FACE


def test_the_answer_type_is_what_it_says() -> None:
    assert isinstance(decode_answer(encode(samples.answer(b""))), VerificationAnswer)
