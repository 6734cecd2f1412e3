"""An adult's card, and the tools of OpenSC and OpenSSL that judge it.

Neither knows this product: whatever they make of the card, they make of the same bytes
that any other software would see.
"""

import io
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image

from device.simulated.card.contents import CardContents
from device.simulated.card.issue import CardKeys, Holder, Issuer, issue
from device.simulated.card.virtual import VirtualCard
from tests.support.pcsc_stand import PcscStand

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
PIN, PASSWORD = "2468", "SHIKAKU2468"
TOOLS = ("opensc-tool", "pkcs15-tool", "pkcs15-crypt", "pkcs11-tool", "openssl")


@dataclass(frozen=True, slots=True)
class Issued:
    holder: Holder
    issuer: Issuer
    contents: CardContents


@pytest.fixture(scope="session")
def issued() -> Issued:
    stream = io.BytesIO()
    Image.effect_noise((120, 160), 40).save(stream, format="JPEG2000")
    holder = Holder(
        label="taro",
        name="検査 太郎",
        address="架空県架空市1-2-3",
        birth=date(1980, 2, 17),
        sex="1",
        expiry=date(2035, 2, 17),
        security_code="2285",
        pin=PIN,
        photo=stream.getvalue(),
        serial=0x2611_0042,
        signing_password=PASSWORD,
    )
    issuer = Issuer.found(ec.generate_private_key(ec.SECP256R1()).public_key(), NOW)
    return Issued(holder, issuer, issue(holder, CardKeys.generate(), issuer, NOW))


class Judge:
    """Foreign programs at the virtual reader."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (module,) = Path("/usr/lib").glob("*/opensc-pkcs11.so")
        self._module = str(module)
        # Nobody's settings and no cache of an earlier card.
        (folder / "opensc.conf").write_text("app default {}\n")
        self._environment = os.environ | {
            "HOME": str(folder),
            "OPENSC_CONF": str(folder / "opensc.conf"),
        }

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            capture_output=True,
            check=False,
            cwd=self.folder,
            env=self._environment,
            text=True,
            timeout=30,
        )

    def says(self, *command: str) -> str:
        """Standard output of a command that must succeed."""
        done = self.run(*command)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def pkcs11(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return self.run("pkcs11-tool", "--module", self._module, *words)

    def verified(self, certificate: bytes, message: bytes, signature: Path) -> bool:
        """OpenSSL's verdict on an RSA-SHA256 signature over `message`."""
        key = x509.load_der_x509_certificate(certificate).public_key()
        (self.folder / "public.pem").write_bytes(
            key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
        (self.folder / "judged").write_bytes(message)
        words = ["-sha256", "-verify", "public.pem", "-signature", str(signature)]
        done = self.run("openssl", "dgst", *words, "judged")
        return done.returncode == 0 and done.stdout == "Verified OK\n"


@pytest.fixture
def card(issued: Issued, pcsc_stand: PcscStand) -> Iterator[VirtualCard]:
    """It lies in the reader."""
    virtual = VirtualCard(issued.contents, secrets.token_bytes)
    with pcsc_stand.card(virtual):
        yield virtual


@pytest.fixture
def judge(pcsc_stand: PcscStand, tmp_path: Path) -> Judge:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (make oracles)")
    return Judge(tmp_path)
