"""The authorities, judged by OpenSSL's own command."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from provisioning.authority import Authority, found, issue_client, issue_server
from provisioning.pem import write_certificate, write_private

NOW = datetime.now(UTC).replace(microsecond=0)
YEAR = timedelta(days=365)


def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def root(name: str = "test fleet") -> Authority:
    return found(name, key(), now=NOW, lifetime=YEAR)


def openssl_verifies(
    folder: Path, ca: Authority, leaf: x509.Certificate, purpose: str
) -> bool:
    trusted = write_certificate(folder / "ca.pem", ca.certificate)
    shown = write_certificate(folder / "leaf.pem", leaf)
    check = subprocess.run(
        ["openssl", "verify", "-CAfile", trusted, "-purpose", purpose, shown],
        capture_output=True,
        check=False,
    )
    return check.returncode == 0


def test_a_client_of_another_fleet_is_refused(tmp_path: Path) -> None:
    leaf = issue_client(root(), "rd-1", key().public_key(), now=NOW, lifetime=YEAR)
    assert not openssl_verifies(tmp_path, root(), leaf, "sslclient")


def test_a_client_certificate_cannot_serve(tmp_path: Path) -> None:
    ca = root()
    leaf = issue_client(ca, "rd-1", key().public_key(), now=NOW, lifetime=YEAR)
    assert not openssl_verifies(tmp_path, ca, leaf, "sslserver")


def test_a_leaf_cannot_issue(tmp_path: Path) -> None:
    ca = root()
    own = key()
    leaf = issue_client(ca, "rd-1", own.public_key(), now=NOW, lifetime=YEAR)
    forged = issue_client(
        Authority(leaf, own), "rd-2", key().public_key(), now=NOW, lifetime=YEAR
    )
    assert not openssl_verifies(tmp_path, ca, forged, "sslclient")


@pytest.mark.parametrize("purpose", ["sslclient", "sslserver"])
def test_openssl_accepts_what_was_issued_for_its_purpose(
    tmp_path: Path, purpose: str
) -> None:
    ca = root()
    if purpose == "sslclient":
        leaf = issue_client(ca, "rd-1", key().public_key(), now=NOW, lifetime=YEAR)
    else:
        hosts = ("127.0.0.1", "localhost")
        leaf = issue_server(ca, hosts, key().public_key(), now=NOW, lifetime=YEAR)
    assert openssl_verifies(tmp_path, ca, leaf, purpose)


def test_a_private_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = write_private(tmp_path / "own.key", key())
    assert path.stat().st_mode & 0o777 == 0o600
