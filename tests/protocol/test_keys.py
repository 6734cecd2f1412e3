"""Keys and names: only what we use is read, and what is written is read back."""

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from protocol import topics
from protocol.errors import SignatureError
from protocol.ids import reader_id, uuid7
from protocol.keys import (
    CloudPublic,
    ReaderKey,
    SoftwareSigner,
    key_id,
    load_agreement_key,
    load_signing_key,
    raw_signature,
    spki,
    verify,
)
from tests.protocol import samples

P256 = samples.READER_SECRET.public_key()
X25519 = X25519PrivateKey.from_private_bytes(bytes([1]) * 32).public_key()
ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32).public_key()
P384 = ec.derive_private_key(5, ec.SECP384R1()).public_key()


def der(key: Any) -> bytes:
    data = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert isinstance(data, bytes)
    return data


def test_other_kinds_of_key_are_refused() -> None:
    for data in (der(P384), der(X25519), der(ED25519), b"", b"junk", der(P256)[:-1]):
        with pytest.raises(ValueError, match=r".+"):
            load_signing_key(data)
    for data in (der(P256), der(ED25519), b""):
        with pytest.raises(ValueError, match=r".+"):
            load_agreement_key(data)
    assert load_signing_key(der(P256)) == P256
    assert load_agreement_key(der(X25519)) == X25519


def test_a_key_id_is_the_start_of_the_hash_of_the_spki() -> None:
    assert key_id(P256) == hashlib.sha256(spki(P256)).digest()[:16]
    assert key_id(P256) != key_id(X25519)


def test_keys_come_back_from_their_files() -> None:
    cloud = samples.cloud_keys().public
    assert CloudPublic.from_dict(cloud.to_dict()) == cloud
    reader = samples.reader_key(revoked=True)
    assert ReaderKey.from_dict(reader.to_dict()) == reader


@pytest.mark.parametrize(
    "change",
    [
        {"public": "###"},
        {"public": ""},
        {"reader": "+"},
        {"not_before": "0"},
        {"not_after": True},
        {"more": 1},
    ],
)
def test_a_damaged_reader_key_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        ReaderKey.from_dict({**samples.reader_key().to_dict(), **change})


def test_revoked_is_the_default_reading() -> None:
    for value in (True, 1, "no", None):
        values = {**samples.reader_key().to_dict(), "revoked": value}
        assert not ReaderKey.from_dict(values).valid(samples.NOW)


@pytest.mark.parametrize(
    "change", [{"signing": []}, {"signing": "x"}, {"agreement": ""}, {"more": 1}]
)
def test_damaged_cloud_keys_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        CloudPublic.from_dict({**samples.cloud_keys().public.to_dict(), **change})


@given(st.binary(max_size=100))
def test_signatures_are_64_bytes_and_verify(message: bytes) -> None:
    signer = SoftwareSigner(samples.READER_SECRET)
    signature = signer.sign(message)
    assert len(signature) == 64
    verify(P256, signature, message)
    for wrong in (signature[:-1], signature + b"\0", bytes(64), b"\xff" * 64, b""):
        with pytest.raises(SignatureError):
            verify(P256, wrong, message)
    with pytest.raises(SignatureError):
        verify(P256, signature, message + b"\0")


def test_a_longer_curves_signature_is_not_ours() -> None:
    big = ec.derive_private_key(5, ec.SECP384R1()).sign(b"x", ec.ECDSA(hashes.SHA384()))
    with pytest.raises(ValueError, match=r".+"):
        raw_signature(big)


@pytest.mark.parametrize(
    "name",
    ["", "ab", "a" * 33, "+", "#", "a/b", "Reader", "-ab", "ab-", "a b", "abc\0"],
)
def test_a_reader_id_is_safe_in_a_topic(name: str) -> None:
    with pytest.raises(ValueError, match="reader id"):
        reader_id(name)


def test_topics_name_their_reader_and_nothing_else() -> None:
    for topic in (topics.request, topics.answer, topics.presence):
        assert topics.reader_of(topic(samples.READER)) == samples.READER
    for name in (
        "shikaku/v1/reader/+/request",
        "shikaku/v1/reader/reader-1/command",
        "shikaku/v2/reader/reader-1/request",
        "shikaku/v1/reader/a/b/request",
        "/shikaku/v1/reader/reader-1/request",
        "reader-1",
    ):
        with pytest.raises(ValueError, match="reader"):
            topics.reader_of(name)


def test_uuid7_is_in_order_of_time_and_says_its_version() -> None:
    early, late = uuid7(1, b"\xff" * 10), uuid7(2, bytes(10))
    assert early < late
    assert early[14] == "7"
    assert early[19] in "89ab"
    assert uuid7(0x017F22E279B0, bytes(10)).startswith("017f22e2-79b0-7")
    with pytest.raises(ValueError, match="10 random"):
        uuid7(1, bytes(9))
