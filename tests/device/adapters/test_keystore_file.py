"""A key that others could have read is no key."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from device.adapters.keystore_file import (
    open_cloud_keys,
    open_signer,
    open_storage_key,
    storage_key,
)
from device.ports import PartError
from protocol.keys import key_id, verify

P256 = ec.derive_private_key(5, ec.SECP256R1())
AGREEMENT = X25519PrivateKey.from_private_bytes(bytes([9] * 32))


def private(path: Path, key: PrivateKeyTypes, mode: int = 0o600) -> Path:
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    path.chmod(mode)
    return path


def public(path: Path, *keys: PrivateKeyTypes) -> Path:
    path.write_bytes(
        b"".join(
            key.public_key().public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            )
            for key in keys
        )
    )
    return path


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(PartError, match="others may read it") as caught:
        open_signer(private(tmp_path / "key", P256, mode))
    assert caught.value.code == "D702"


@pytest.mark.parametrize(
    "make",
    [
        lambda: ec.generate_private_key(ec.SECP384R1()),
        lambda: rsa.generate_private_key(65537, 2048),
        lambda: AGREEMENT,
    ],
    ids=["p384", "rsa", "x25519"],
)
def test_only_p256_identifies(
    tmp_path: Path, make: Callable[[], PrivateKeyTypes]
) -> None:
    with pytest.raises(PartError, match="not a P-256 key"):
        open_signer(private(tmp_path / "key", make()))


def test_what_is_no_key_is_said(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"junk")
    path.chmod(0o600)
    with pytest.raises(PartError, match="not a PEM key"):
        open_signer(path)
    with pytest.raises(PartError, match="No such file"):
        open_signer(tmp_path / "nowhere")
    with pytest.raises(PartError, match="not 32 bytes"):
        open_storage_key(path)


def test_it_signs_as_the_wire_wants(tmp_path: Path) -> None:
    signer = open_signer(private(tmp_path / "key", P256))
    verify(P256.public_key(), signer.sign(b"message"), b"message")
    assert signer.key_id == key_id(P256.public_key())


def test_a_storage_key_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "storage.key"
    first = storage_key(path, lambda size: bytes([1] * size))
    again = storage_key(path, lambda size: bytes([2] * size))
    assert first == again == bytes([1] * 32)
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_cloud_may_have_two_signing_keys_and_one_agreement_key(
    tmp_path: Path,
) -> None:
    other = ec.derive_private_key(6, ec.SECP256R1())
    signing = public(tmp_path / "signing.pub", P256, other)
    agreement = public(tmp_path / "agreement.pub", AGREEMENT)
    cloud = open_cloud_keys(signing, agreement)
    assert set(cloud.signing_by_id) == {
        key_id(P256.public_key()),
        key_id(other.public_key()),
    }
    for wrong in (
        (agreement, agreement),
        (signing, signing),
        (signing, public(tmp_path / "two.pub", AGREEMENT, AGREEMENT)),
    ):
        with pytest.raises(PartError) as caught:
            open_cloud_keys(*wrong)
        assert caught.value.code == "D702"
