"""Keys in files: the identity key (P-256, PEM) and the storage key (32 bytes).

A file that anybody but its owner can read is refused: a key that may have been
copied is no key. A TPM or secure element takes this file's place behind the same
port (device.ports.Signer).
"""

import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)

from device.ports import PartError
from protocol.catalogue import Code
from protocol.keys import (
    CloudPublic,
    SoftwareSigner,
    load_agreement_key,
    load_signing_key,
)

STORAGE_KEY_BYTES = 32
_PEM_BEGIN = b"-----BEGIN PUBLIC KEY-----"


def open_signer(path: Path) -> SoftwareSigner:
    """The identity key in a PEM file of mode 0600; PartError D702 otherwise."""
    try:
        key = load_pem_private_key(secret(path), password=None)
    except (ValueError, TypeError) as error:
        raise PartError(Code.CONFIG_WRONG, f"{path}: not a PEM key") from error
    if not isinstance(key, EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise PartError(Code.CONFIG_WRONG, f"{path}: not a P-256 key")
    return SoftwareSigner(key)


def storage_key(path: Path, entropy: Callable[[int], bytes]) -> bytes:
    """The key in the file; made (0600) at a reader's first start."""
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(entropy(STORAGE_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    return open_storage_key(path)


def open_storage_key(path: Path) -> bytes:
    """The key of what is kept at rest: 32 raw bytes, mode 0600."""
    key = secret(path)
    if len(key) != STORAGE_KEY_BYTES:
        raise PartError(Code.CONFIG_WRONG, f"{path}: not {STORAGE_KEY_BYTES} bytes")
    return key


def open_cloud_keys(signing: Path, agreement: Path) -> CloudPublic:
    """The cloud's public keys; `signing` may hold two while the cloud changes it."""
    try:
        signers = tuple(load_signing_key(der) for der in _public_keys(signing))
        agreements = [load_agreement_key(der) for der in _public_keys(agreement)]
        return CloudPublic(signers, _only(agreements))
    except ValueError as error:
        detail = f"{signing}, {agreement}: {error}"
        raise PartError(Code.CONFIG_WRONG, detail) from error


def _only(keys: list[X25519PublicKey]) -> X25519PublicKey:
    if len(keys) != 1:
        raise ValueError("exactly one agreement key")
    return keys[0]


def _public_keys(path: Path) -> list[bytes]:
    """SubjectPublicKeyInfo (DER) of every PEM public key in the file."""
    parts = _content(path).split(_PEM_BEGIN)[1:]
    keys = (load_pem_public_key(_PEM_BEGIN + part) for part in parts)
    return [
        key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        for key in keys
    ]


def secret(path: Path) -> bytes:
    """A file that only its owner may read. PartError D702."""
    content = _content(path)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise PartError(Code.CONFIG_WRONG, f"{path}: others may read it; chmod 0600")
    return content


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PartError(Code.CONFIG_WRONG, f"{path}: {error.strerror}") from error


def open_issuer_keys(paths: Iterable[Path]) -> tuple[RSAPublicKey, ...]:
    """The RSA public keys that sign the photo on genuine cards (PEM)."""
    keys = [load_der_public_key(der) for path in paths for der in _public_keys(path)]
    found = tuple(key for key in keys if isinstance(key, RSAPublicKey))
    if not found or len(found) != len(keys):
        raise PartError(Code.CONFIG_WRONG, "card.issuer_keys: RSA public keys (PEM)")
    return found
