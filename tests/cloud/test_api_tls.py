"""The handshake, with the real process and certificates: who gets to speak at all."""

import json
import os
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.facility_life import SqlLife
from cloud.facilities.certificate import ClientCertificate
from cloud.facilities.place import Facility, Profile
from protocol.ids import FacilityCode
from provisioning.authority import Authority, found, issue_client, issue_server
from provisioning.pem import write_certificate, write_private
from tests.cloud.command_desk import FACILITY, INSURER, Desk

DAY = timedelta(days=1)
QUESTION = {
    "insurer_number": INSURER,
    "symbol": "12",
    "number": "34",
    "birth_date": "1970-01-02",
}


@dataclass(frozen=True, slots=True)
class Https:
    url: str
    folder: Path

    def trusting(self, who: str = "") -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.folder / "ca.pem"))
        if who:
            names = self.folder / f"{who}.pem", self.folder / f"{who}.key"
            context.load_cert_chain(*names)
        return context

    def ask(
        self, path: str, who: str = "", body: object = None, **how: Any
    ) -> tuple[int, Any]:
        raw = json.dumps(body).encode() if body else None
        asked = urllib.request.Request(self.url + path, raw)  # noqa: S310  ours
        asked.add_header("Content-Type", "application/json")
        context = how.get("context") or self.trusting(who)
        try:
            with urllib.request.urlopen(  # noqa: S310
                asked, timeout=10, context=context
            ) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            with closing(refused):
                return refused.code, json.loads(refused.read())


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _certificates(folder: Path) -> bytes:
    """Ours (its mark is returned), one nobody registered, another authority's."""
    now = datetime.now(UTC)
    authority = found("Facilities (test)", _key(), now=now, lifetime=DAY)
    other = found("Somebody else (test)", _key(), now=now, lifetime=DAY)
    write_certificate(folder / "ca.pem", authority.certificate)
    key = _key()
    server = issue_server(
        authority, ("127.0.0.1",), key.public_key(), now=now, lifetime=DAY
    )
    write_certificate(folder / "server.pem", server)
    write_private(folder / "server.key", key)
    mark = _client(folder, "clinic", authority, now)
    _client(folder, "unregistered", authority, now)
    _client(folder, "stranger", other, now)
    return mark


def _client(folder: Path, name: str, authority: Authority, now: datetime) -> bytes:
    key = _key()
    made = issue_client(authority, name, key.public_key(), now=now, lifetime=DAY)
    write_certificate(folder / f"{name}.pem", made)
    write_private(folder / f"{name}.key", key)
    return made.fingerprint(hashes.SHA256())


@pytest.fixture(scope="module")
def https(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Https]:
    folder = tmp_path_factory.mktemp("tls")
    desk = Desk(folder)
    desk.knows()
    mark = _certificates(folder)
    (folder / "cloud.toml").write_text(
        (folder / "cloud.toml").read_text()
        + "[web]\nport = 0\n[api]\nport = 0\ncertificate = 'server.pem'\n"
        + "key = 'server.key'\nclients = 'ca.pem'\n"
    )
    code = FacilityCode(FACILITY)
    with closing(connect(desk.file)) as database:
        life = SqlLife(database)
        life.put_facility(Facility(code, "架空診療所", Profile.FULL, "13"))
        life.put_certificates([ClientCertificate(mark, code, 0, 1 << 50, 0)])
    command = [sys.executable, "-m", "cloud", "api", "--config", str(desk.config)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.startswith("facilities' interface ready at https://"), said
        yield Https(said.split()[4].rstrip(","), folder)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close() if process.stdout else None


def test_a_registered_certificate_asks_and_is_answered(https: Https) -> None:
    status, said = https.ask("/v1/eligibility", "clinic", QUESTION)
    assert (status, said["validity"]) == (200, "1")


def test_without_a_certificate_one_is_told_why(https: Https) -> None:
    status, said = https.ask("/v1/eligibility", "", QUESTION)
    assert (status, said["code"]) == (401, "A901")
    assert https.ask("/healthz") == (200, {"status": "ok"})


def test_a_certificate_that_nobody_registered_is_nobodys(https: Https) -> None:
    status, said = https.ask("/v1/eligibility", "unregistered", QUESTION)
    assert (status, said["code"]) == (401, "A901")


def test_another_authoritys_certificate_ends_at_the_handshake(https: Https) -> None:
    with pytest.raises((ssl.SSLError, urllib.error.URLError, ConnectionError)):
        https.ask("/healthz", "stranger")


def test_older_versions_of_tls_are_refused(https: Https) -> None:
    context = https.trusting("clinic")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises((ssl.SSLError, urllib.error.URLError)):
        https.ask("/healthz", context=context)


def test_openssl_finds_tls_1_3_and_nothing_older(https: Https) -> None:
    place = https.url.removeprefix("https://")
    for version, fine in (("-tls1_3", True), ("-tls1_2", False)):
        done = subprocess.run(
            ["openssl", "s_client", "-connect", place, version, "-brief"],
            input="",
            capture_output=True,
            text=True,
            timeout=10,
            env={**os.environ, "OPENSSL_CONF": "/dev/null"},
        )
        assert ("TLSv1.3" in done.stderr and done.returncode == 0) is fine, done.stderr
