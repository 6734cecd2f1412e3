"""Proof numbers: typed by people, verified by anybody, forged by nobody."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import proof
from protocol.codec import decode_answer, encode
from protocol.errors import MalformedError, SignatureError
from protocol.ids import FacilityCode
from protocol.keys import SoftwareSigner
from protocol.messages import Answer, ConsentReceipt, Refusal
from protocol.proof import ALPHABET, GROUP, GROUPS, LENGTH, Proof, TypoError
from tests.protocol import samples

FACILITY = FacilityCode("1310000008")
SIGNER = SoftwareSigner(samples.CLOUD_SECRET, repeatable=True)
KEY = samples.CLOUD_SECRET.public_key()
RESULT = hashlib.sha256(b"a result").digest()
NUMBER = proof.make(FACILITY, samples.NOW, RESULT, SIGNER)
HALF_ORDER = proof._ORDER // 2


def believed(text: str) -> Proof:
    found = proof.read(text)
    found.check([KEY])
    return found


def test_a_number_says_facility_second_and_result_and_is_verified_by_the_key() -> None:
    found = believed(NUMBER)
    assert found.facility == FACILITY
    assert found.at_s == samples.NOW // 1000
    assert found.fits(RESULT)
    assert not found.fits(hashlib.sha256(b"another result").digest())


@given(
    facility=st.integers(0, 10**10 - 1).map(lambda number: f"{number:010}"),
    at_ms=st.integers(0, (1 << 32) * 1000 - 1),
    result=st.binary(min_size=32, max_size=32),
)
def test_every_number_is_read_as_it_was_made(
    facility: str, at_ms: int, result: bytes
) -> None:
    number = proof.make(FacilityCode(facility), at_ms, result, SIGNER)
    assert len(number) == LENGTH
    assert set(number) <= set(ALPHABET)
    found = believed(number)
    assert (found.facility, found.at_s) == (facility, at_ms // 1000)
    assert found.fits(result)
    assert int.from_bytes(found.signature[32:]) <= HALF_ORDER


# -- slips of the hand ---------------------------------------------------------------
def test_writing_does_not_matter() -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for text in (
        NUMBER.lower(),
        proof.printed(NUMBER),
        proof.printed(NUMBER).replace("-", " - \n"),
        NUMBER.replace("0", "O").replace("1", "l"),
        NUMBER.translate(wide),
    ):
        assert proof.read(text) == proof.read(NUMBER)


@given(place=st.integers(0, LENGTH - 1), other=st.integers(1, 31))
def test_one_wrong_symbol_is_a_typo_in_its_group(place: int, other: int) -> None:
    wrong = ALPHABET[(ALPHABET.index(NUMBER[place]) + other) % 32]
    with pytest.raises(TypoError) as caught:
        proof.read(NUMBER[:place] + wrong + NUMBER[place + 1 :])
    assert caught.value.group == place // GROUP + 1


@given(group=st.integers(0, GROUPS - 1), data=st.data())
def test_two_symbols_of_a_group_that_changed_places_are_a_typo(
    group: int, data: st.DataObject
) -> None:
    two = st.lists(st.integers(0, GROUP - 1), min_size=2, max_size=2, unique=True)
    one, other = (group * GROUP + place for place in data.draw(two))
    symbols = list(NUMBER)
    symbols[one], symbols[other] = symbols[other], symbols[one]
    if "".join(symbols) != NUMBER:
        with pytest.raises(TypoError) as caught:
            proof.read("".join(symbols))
        assert caught.value.group == group + 1


@given(two=st.lists(st.integers(0, GROUPS - 1), min_size=2, max_size=2, unique=True))
def test_two_groups_that_changed_places_are_a_typo(two: list[int]) -> None:
    groups = proof.printed(NUMBER).split("-")
    one, other = two
    groups[one], groups[other] = groups[other], groups[one]
    with pytest.raises(TypoError) as caught:
        proof.read("-".join(groups))
    assert caught.value.group == min(two) + 1


@given(place=st.integers(0, LENGTH - 1), extra=st.sampled_from([0, 2]))
def test_a_symbol_too_few_or_too_many_is_a_typo(place: int, extra: int) -> None:
    with pytest.raises(TypoError) as caught:
        proof.read(NUMBER[:place] + NUMBER[place] * extra + NUMBER[place + 1 :])
    assert caught.value.group > place // GROUP


@given(st.text(max_size=200))
def test_junk_is_a_typo_and_never_another_error(text: str) -> None:
    with pytest.raises(TypoError):
        proof.read(text)


def test_a_sign_that_never_occurs_says_its_group() -> None:
    with pytest.raises(TypoError, match="group 3") as caught:
        proof.read(NUMBER[:25] + "U" + NUMBER[26:])
    assert caught.value.group == 3


# -- forgeries -----------------------------------------------------------------------
def forged(**changes: object) -> str:
    """A number with fitting check symbols whose signature is of something else."""
    values = {"facility": FACILITY, "at_ms": samples.NOW, "result": RESULT, **changes}

    class Replayed:
        key_id = SIGNER.key_id

        def sign(self, message: bytes) -> bytes:
            return proof.read(NUMBER).signature

    return proof.make(**values, signer=Replayed())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"facility": FacilityCode("1310000016")},
        {"at_ms": samples.NOW + 1000},
        {"result": hashlib.sha256(b"another result").digest()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_signature_holds_for_one_facility_second_and_result(
    change: dict[str, object],
) -> None:
    with pytest.raises(SignatureError):
        believed(forged(**change))


def test_another_key_is_said_to_be_another_key() -> None:
    with pytest.raises(proof.OtherKeyError):
        proof.read(NUMBER).check([samples.OTHER_SECRET.public_key()])


def test_the_second_form_of_an_ecdsa_signature_is_no_second_number() -> None:
    found = proof.read(NUMBER)
    s = proof._ORDER - int.from_bytes(found.signature[32:])
    twin = Proof(
        found.key,
        found.facility,
        found.at_s,
        found.hash,
        found.signature[:32] + s.to_bytes(32),
    )
    with pytest.raises(SignatureError):
        twin.check([KEY])


def test_an_answer_signature_is_no_proof() -> None:
    """The label inside the signed bytes keeps the uses of one key apart."""
    assert proof._signed(SIGNER.key_id, FACILITY, 1, b"").startswith(
        b"\x86\x6ashikaku/v1\x65proof"
    )


# -- answers -------------------------------------------------------------------------
BASE = {
    "request_id": samples.request_id(),
    "request_hash": bytes(32),
    "reader_id": samples.READER,
    "answered_at": samples.NOW,
}
ANSWERS: list[Answer] = [
    samples.answer(b"request"),
    ConsentReceipt.model_validate({**BASE, "grants": ()}),
    Refusal.model_validate({**BASE, "code": "M407"}),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.kind)
def test_an_answer_travels_with_the_proof_of_what_it_says(answer: Answer) -> None:
    bare = encode(answer)
    result = proof.result_hash(bare)
    number = proof.make(FACILITY, answer.answered_at, result, SIGNER)
    sent = proof.attach(bare, number)
    assert sent == encode(answer.model_copy(update={"proof": number}))
    assert decode_answer(sent).proof == number
    assert proof.result_of(sent) == result
    assert believed(decode_answer(sent).proof).fits(proof.result_of(sent))


def test_a_name_that_looks_like_the_field_does_not_move_the_proof() -> None:
    answer = samples.answer(b"request")
    assert answer.patient is not None
    tricky = answer.patient.model_copy(update={"name": "eproof`eproof`"})
    answer = answer.model_copy(update={"patient": tricky})
    sent = proof.attach(encode(answer), NUMBER)
    assert sent == encode(answer.model_copy(update={"proof": NUMBER}))


def test_a_proof_is_attached_once() -> None:
    sent = proof.attach(encode(ANSWERS[0]), NUMBER)
    with pytest.raises(ValueError, match="waits"):
        proof.attach(sent, NUMBER)


def test_a_field_that_is_no_number_is_malformed() -> None:
    for wrong in ("U" * LENGTH, NUMBER[:-1], NUMBER.lower(), NUMBER + "0"):
        message = proof.attach(encode(ANSWERS[0]), wrong)
        with pytest.raises(MalformedError):
            decode_answer(message)


def test_only_words_of_code_lists_stand_before_the_proof() -> None:
    """What `attach` relies on: whoever adds a field before it reads this."""
    for answer in ANSWERS:
        names = [name.encode() for name in type(answer).model_fields]
        before = {one for one in names if (len(one), one) < (5, b"proof")}
        assert before <= {b"code", b"kind", b"mode", b"cause"}
