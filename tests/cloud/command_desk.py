"""A cloud on a desk: its file, its keys, its database; for tests of commands."""

import json
from contextlib import closing
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from typer.testing import CliRunner

from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.registry import SqlRegistry
from cloud.cli import app
from cloud.registry.model import CertificateLink, LinkKind
from cloud.registry.service import Record
from protocol.numbers import check_digit
from tests.cloud.world import authority, insurance, person

FACILITY = "1310000003"
MARK = b"m" * 32
INSURER = "0699100" + check_digit("0699100")
CONFIG = """
[cloud]
home = "home"
[broker]
host = "127.0.0.1"
port = 1883
[keys]
signing = "signing.key"
agreement = "agreement.key"
[trust]
jpki_cas = ["ca.pem"]
"""


class Desk:
    def __init__(self, folder: Path) -> None:
        self.config = folder / "cloud.toml"
        self.config.write_text(CONFIG)
        keys: dict[str, ec.EllipticCurvePrivateKey | X25519PrivateKey] = {
            "signing.key": ec.generate_private_key(ec.SECP256R1()),
            "agreement.key": X25519PrivateKey.generate(),
        }
        for name, key in keys.items():
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            (folder / name).write_bytes(pem)
        (folder / "ca.pem").write_bytes(authority().public_bytes(Encoding.PEM))
        self.file = folder / "home" / "cloud.sqlite3"
        assert self.runs("migrate")[0] == 0

    def runs(self, *words: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(app, [*words, "--config", str(self.config)])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    def asks(self, *words: str) -> tuple[int, dict[str, object]]:
        base = ("eligibility", "ask", "--facility", FACILITY, "--insurer", INSURER)
        who = ("--symbol", "12", "--number", "34", "--birth-date", "1970-01-02")
        code, out, err = self.runs(*base, *who, "--json", *words)
        assert out, err
        found: dict[str, object] = json.loads(out)
        return code, found

    def knows(self) -> None:
        held = insurance(
            date(2020, 4, 1), insurer_number=INSURER, symbol="12", number="34"
        )
        with closing(connect(self.file)) as database:
            link = CertificateLink(LinkKind.CERTIFICATE, MARK)
            one = Record(MARK, person(insurances=(held,)), (link,))
            SqlRegistry(database).put([one])

    def consent(self, verb: str, *words: str) -> tuple[int, str, str]:
        return self.runs("consent", verb, *words, "--certificate", MARK.hex())
