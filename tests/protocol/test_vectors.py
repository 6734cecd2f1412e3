"""The published vectors are what this code makes, and what it accepts."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from protocol import proof
from protocol.codec import decode_answer, decode_body, decode_request, encode
from protocol.envelope import open_answer
from protocol.errors import WireError
from protocol.ids import reader_id
from protocol.keys import load_signing_key
from protocol.notice import open_notice
from tests.protocol.make_vectors import FOLDER, everything
from tests.protocol.samples import READER, Wire

DECODERS = {
    "verification": decode_body,
    "verification-answer": decode_answer,
    "consent-receipt": decode_answer,
}


def load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))


ENVELOPE, MESSAGES = load("envelope.json"), load("messages.json")
PROOF = load("proof.json")


def hexed(part: str, name: str) -> bytes:
    return bytes.fromhex(ENVELOPE[part][name])


def test_the_vectors_are_made_again_byte_for_byte() -> None:
    for name, content in everything().items():
        assert (FOLDER / name).read_text("utf-8") == content


def test_content_keys_follow_from_the_published_steps() -> None:
    """The derivation of README 4.3, written down a second time."""
    agreement = X25519PrivateKey.from_private_bytes(
        hexed("keys", "cloud_agreement_secret")
    )
    ephemeral = X25519PublicKey.from_public_bytes(hexed("session", "ephemeral_public"))
    shared = agreement.exchange(ephemeral)
    for direction in ("up", "down"):
        info = hexed("session", f"hkdf_info_{direction}")
        derived = HKDF(hashes.SHA256(), 32, None, info).derive(shared)
        assert derived == hexed("session", f"key_{direction}")


def test_the_outer_structure_opens_with_the_published_key() -> None:
    part = ENVELOPE["request"]
    protected = bytes.fromhex(part["encrypt0_protected"])
    authenticated = (
        b"\x83\x68Encrypt0\x58" + bytes((len(protected),)) + protected + b"\x40"
    )
    ciphertext = AESGCM(hexed("session", "key_up")).encrypt(
        bytes.fromhex(part["iv"]), bytes.fromhex(part["cose_sign1"]), authenticated
    )
    assert bytes.fromhex(part["sealed"]).endswith(ciphertext)


def test_request_answer_and_notice_open() -> None:
    wire = Wire()
    request, answer = ENVELOPE["request"], ENVELOPE["answer"]
    opened = wire.open(bytes.fromhex(request["sealed"]), now_ms=request["sent_at"])
    assert opened.message.hex() == request["message"]
    assert opened.envelope_id.hex() == request["envelope_id"]
    message = open_answer(
        bytes.fromhex(answer["sealed"]),
        session=wire.session,
        reader_id=READER,
        cloud=wire.keys.public,
        now_ms=answer["sent_at"],
    )
    assert message.hex() == answer["message"]
    notice = ENVELOPE["notice"]
    read = open_notice(
        bytes.fromhex(notice["signed"]),
        reader_id=READER,
        cloud=wire.keys.public,
        now_ms=notice["at"],
    )
    assert (read.code, read.envelope_id.hex()) == (
        notice["code"],
        notice["envelope_id"],
    )


@pytest.mark.parametrize("case", ENVELOPE["refused"], ids=lambda case: case["name"])
def test_what_must_be_refused_is_refused_with_its_code(case: dict[str, Any]) -> None:
    with pytest.raises(WireError) as caught:
        Wire().open(
            bytes.fromhex(case["sealed"]),
            topic=reader_id(case["topic_reader"]),
            now_ms=case["now"],
        )
    assert caught.value.code == case["code"]


@pytest.mark.parametrize("case", MESSAGES["good"], ids=lambda case: case["kind"])
def test_good_messages_decode_and_encode(case: dict[str, Any]) -> None:
    data = bytes.fromhex(case["encoded"])
    decode = DECODERS.get(case["kind"], decode_request)
    assert encode(decode(data)) == data


@pytest.mark.parametrize("case", MESSAGES["malformed"], ids=lambda case: case["name"])
def test_malformed_messages_are_refused(case: dict[str, Any]) -> None:
    for decode in (decode_request, decode_answer, decode_body):
        with pytest.raises(WireError) as caught:
            decode(bytes.fromhex(case["encoded"]))
        assert caught.value.code == case["code"]


def test_the_published_proof_is_verified_with_the_published_key() -> None:
    answer = bytes.fromhex(PROOF["answer"])
    number = decode_answer(answer).proof
    assert number == PROOF["number"]
    read = proof.read(PROOF["printed"])
    read.check([load_signing_key(bytes.fromhex(PROOF["cloud_signing_spki"]))])
    assert (read.facility, read.at_s) == (PROOF["facility"], PROOF["at"])
    assert proof.result_of(answer).hex() == PROOF["result_hash"]
    assert read.fits(proof.result_of(answer))


@pytest.mark.parametrize("case", PROOF["typos"], ids=lambda case: case["name"])
def test_published_typos_are_found_in_their_group(case: dict[str, Any]) -> None:
    with pytest.raises(proof.TypoError) as caught:
        proof.read(case["number"])
    assert caught.value.group == case["group"]
