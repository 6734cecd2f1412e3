"""An independent COSE library (python-cwt) reads ours, and we read its."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cwt import COSE, COSEKey

from protocol import cose
from protocol.envelope import _context
from protocol.errors import MalformedError
from protocol.sessions import UP
from tests.protocol import samples
from tests.protocol.make_vectors import FOLDER
from tests.protocol.samples import NOW, READER, Wire


def public_key(kid: bytes) -> Any:
    pem = samples.READER_SECRET.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return COSEKey.from_pem(pem, alg="ES256", kid=kid)


def private_key(kid: bytes) -> Any:
    pem = samples.READER_SECRET.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return COSEKey.from_pem(pem, alg="ES256", kid=kid)


def content_key(wire: Wire) -> Any:
    return COSEKey.from_symmetric_key(
        wire.session.keys.up, alg="A256GCM", kid=bytes(wire.session.recipient)
    )


def test_the_library_opens_and_verifies_ours() -> None:
    wire = Wire()
    sealed = wire.seal(b"hello")
    plaintext = COSE.new().decode(sealed, content_key(wire))
    kid = bytes(samples.reader_key().key_id)
    external = _context(cose.parse_sealed(sealed).header, UP, READER)
    message = COSE.new().decode(plaintext, public_key(kid), external_aad=external)
    assert message == b"hello"
    with pytest.raises(Exception, match="verify"):
        COSE.new().decode(plaintext, public_key(kid), external_aad=b"other")


def test_we_open_and_verify_the_librarys() -> None:
    wire = Wire()
    session = wire.session
    header = cose.SealHeader(session.recipient, session.ephemeral, NOW)
    kid = bytes(samples.reader_key().key_id)
    signed = COSE.new().encode_and_sign(
        b"hello",
        private_key(kid),
        protected={1: -7, 4: kid},
        external_aad=_context(header, UP, READER),
    )
    sealed = COSE.new().encode_and_encrypt(
        signed,
        content_key(wire),
        protected={
            1: 3,
            4: bytes(session.recipient),
            cose.EPHEMERAL: session.ephemeral,
            cose.SENT_AT: NOW,
        },
        unprotected={5: samples.IV},
    )
    assert wire.open(sealed).message == b"hello"


def test_the_librarys_own_header_choice_is_not_ours() -> None:
    """kid in the unprotected header is common, and refused here."""
    wire = Wire()
    sealed = COSE.new(alg_auto_inclusion=True, kid_auto_inclusion=True).encode(
        b"hello", content_key(wire)
    )
    with pytest.raises(MalformedError):
        wire.open(sealed)


def test_the_library_opens_the_published_vector() -> None:
    vector = json.loads((FOLDER / "envelope.json").read_text("utf-8"))
    part, kid = vector["request"], bytes.fromhex(vector["keys"]["reader_key_id"])
    key = COSEKey.from_symmetric_key(
        bytes.fromhex(vector["session"]["key_up"]),
        alg="A256GCM",
        kid=bytes.fromhex(vector["keys"]["cloud_agreement_key_id"]),
    )
    plaintext = COSE.new().decode(bytes.fromhex(part["sealed"]), key)
    external = bytes.fromhex(part["external_aad"])
    message = COSE.new().decode(plaintext, public_key(kid), external_aad=external)
    assert message.hex() == part["message"]
