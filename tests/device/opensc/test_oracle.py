"""What software by others makes of the card. Wrong here is wrong on a real reader."""

import hashlib
import secrets
import sys
from dataclasses import replace
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from device.simulated.card import vpcd
from device.simulated.card.virtual import VirtualCard
from device.simulated.persona import personas
from tests.support.pcsc_stand import PcscStand, wait_until

if TYPE_CHECKING:
    from tests.device.opensc.conftest import Issued, Judge

PIN, PASSWORD = "2468", "SHIKAKU2468"
MESSAGE = b"fictitious message to be signed"
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
SELECT_JPKI = "00A4040C0AD392F000260100000001"
LABELS = {
    "01": "JPKI (User Authentication PIN)",
    "02": "JPKI (Digital Signature PIN)",
}
BOTH_KEYS = pytest.mark.parametrize(("key", "secret"), [("01", PIN), ("02", PASSWORD)])


def verify(judge: "Judge", auth_id: str, secret: str) -> str:
    """What pkcs15-tool says after one VERIFY; empty: it was right."""
    words = ["--verify-pin", "--auth-id", auth_id, "--pin", secret]
    done = judge.run("pkcs15-tool", *words)
    return "" if done.returncode == 0 else done.stderr.splitlines()[-1]


def tries(judge: "Judge") -> list[int]:
    """Of PIN and password, as a dump counts them without spending one."""
    dump = judge.says("pkcs15-tool", "--dump")
    lines = [line for line in dump.splitlines() if "Tries left" in line]
    return [int(line.rpartition(":")[2]) for line in lines]


def certificate_of(issued: "Issued", key: str) -> bytes:
    contents = issued.contents
    return contents.certificate if key == "01" else contents.signing_certificate


@pytest.mark.usefixtures("card")
def test_it_is_recognised_as_jpki(judge: "Judge") -> None:
    assert judge.says("opensc-tool", "-n").strip() == "jpki"


@pytest.mark.usefixtures("card")
def test_two_pins_two_keys_and_four_certificates_are_found(judge: "Judge") -> None:
    dump = judge.says("pkcs15-tool", "--dump")
    objects = [line for line in dump.splitlines() if "[" in line and line[0].isalpha()]
    assert [line for line in objects if not line.startswith("Public")] == [
        "PKCS#15 Card [JPKI]:",
        "PIN [User Authentication PIN]",
        "PIN [Digital Signature PIN]",
        "Private RSA Key [User Authentication Key]",
        "Private RSA Key [Digital Signature Key]",
        "X.509 Certificate [User Authentication Certificate]",
        "X.509 Certificate [Digital Signature Certificate]",
        "X.509 Certificate [User Authentication Certificate CA]",
        "X.509 Certificate [Digital Signature Certificate CA]",
    ]
    assert tries(judge) == [3, 5]


@pytest.mark.usefixtures("card")
@pytest.mark.parametrize(("number", "which"), [("01", "leaf"), ("03", "ca")])
def test_a_free_certificate_comes_byte_for_byte(
    judge: "Judge", issued: "Issued", number: str, which: str
) -> None:
    pem = judge.says("pkcs15-tool", "--read-certificate", number)
    read = x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
    contents = issued.contents
    on_card = {"leaf": contents.certificate, "ca": contents.ca_certificate}
    assert read == on_card[which]


@pytest.mark.usefixtures("card")
def test_the_signing_certificate_is_closed_until_its_password(
    judge: "Judge", issued: "Issued"
) -> None:
    apdus = [SELECT_JPKI, "00A4020C020001", "00B0000004"]
    said = judge.says("opensc-tool", *[word for one in apdus for word in ("-s", one)])
    assert [line for line in said.splitlines() if "SW1" in line][-1].endswith(
        "(SW1=0x69, SW2=0x82)"
    )
    asked = ["--read-object", "--type", "cert", "--id", "02"]
    asked += ["--token-label", LABELS["02"], "--output-file", "read.der"]
    assert judge.pkcs11(*asked).returncode != 0
    opened = judge.pkcs11(*asked, "--login", "--pin", PASSWORD)
    assert opened.returncode == 0, opened.stderr
    read = (judge.folder / "read.der").read_bytes()
    assert read == issued.contents.signing_certificate


@pytest.mark.usefixtures("card")
def test_a_wrong_pin_counts_3_2_1_0_and_then_even_the_right_one_is_refused(
    judge: "Judge",
) -> None:
    counted = tries(judge)[:1]
    for _ in range(3):
        assert "PIN code or key incorrect" in verify(judge, "01", "0000")
        # Refused outright, this dump would fail: a blocked PIN still says how it is.
        counted += tries(judge)[:1]
    assert counted == [3, 2, 1, 0]
    assert "Reference data not usable" in verify(judge, "01", PIN)
    slots = judge.pkcs11("--list-token-slots").stdout
    authentication, signing = slots.split("Slot ")[1:3]
    assert "user PIN locked" in authentication
    assert "user PIN locked" not in signing
    # The password has a counter of its own.
    assert verify(judge, "02", PASSWORD) == ""


@pytest.mark.usefixtures("card")
def test_the_right_pin_restores_the_counter(judge: "Judge") -> None:
    assert verify(judge, "01", "0000")
    assert verify(judge, "01", PIN) == ""
    assert tries(judge) == [3, 5]


@pytest.mark.usefixtures("card")
@BOTH_KEYS
def test_pkcs15_crypt_signs_and_openssl_verifies(
    judge: "Judge", issued: "Issued", key: str, secret: str
) -> None:
    (judge.folder / "hash").write_bytes(hashlib.sha256(MESSAGE).digest())
    words = ["--sign", "--key", key, "--pin", secret, "--sha-256", "--pkcs1", "--raw"]
    judge.says("pkcs15-crypt", *words, "--input", "hash", "--output", "signature")
    signature = judge.folder / "signature"
    assert judge.verified(certificate_of(issued, key), MESSAGE, signature)
    assert not judge.verified(certificate_of(issued, key), MESSAGE + b".", signature)


@pytest.mark.usefixtures("card")
@BOTH_KEYS
@pytest.mark.parametrize("mechanism", ["SHA256-RSA-PKCS", "RSA-PKCS"])
def test_pkcs11_signs_and_openssl_verifies(
    judge: "Judge", issued: "Issued", key: str, secret: str, mechanism: str
) -> None:
    # With the bare mechanism the caller hashes, with the other one PKCS#11 does.
    info = DIGEST_INFO + hashlib.sha256(MESSAGE).digest()
    given = MESSAGE if mechanism.startswith("SHA256") else info
    (judge.folder / "given").write_bytes(given)
    words = ["--sign", "--id", key, "--login", "--pin", secret]
    words += ["--mechanism", mechanism, "--token-label", LABELS[key]]
    done = judge.pkcs11(*words, "--input-file", "given", "--output-file", "signature")
    assert done.returncode == 0, done.stderr
    signature = judge.folder / "signature"
    assert judge.verified(certificate_of(issued, key), MESSAGE, signature)


@pytest.mark.usefixtures("card")
def test_without_the_pin_nothing_is_signed(judge: "Judge") -> None:
    (judge.folder / "hash").write_bytes(bytes(32))
    words = ["--sign", "--key", "01", "--pin", "0000", "--sha-256", "--pkcs1", "--raw"]
    done = judge.run("pkcs15-crypt", *words, "--input", "hash", "--output", "signature")
    assert done.returncode != 0
    assert not Path(judge.folder / "signature").exists()


def test_a_card_without_the_signing_files_is_still_jpki_and_opensc_lists_nothing(
    judge: "Judge", issued: "Issued", pcsc_stand: PcscStand
) -> None:
    """OpenSC 0.23 insists on EF 001B; whether children's cards have it, nobody says."""
    child = replace(issued.contents, signing_certificate=b"")
    with pcsc_stand.card(VirtualCard(child, secrets.token_bytes)):
        assert judge.says("opensc-tool", "-n").strip() == "jpki"
        said = judge.run("pkcs15-tool", "--dump")
    assert said.returncode != 0
    assert "Unsupported card" in said.stderr


def test_the_command_makes_a_personas_card_and_lays_it_down(
    judge: "Judge", pcsc_stand: PcscStand
) -> None:
    where = f"127.0.0.1:{vpcd.PORT}"
    sim = [str(Path(sys.executable).parent / "shikaku-sim"), "card", "--pcsc", where]
    persona = personas()[0]
    command = pcsc_stand.inside(*sim, "--persona", persona.id)
    with Popen(command, stdout=PIPE, stderr=DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == f"pcsc:{where}\n"
            wait_until(pcsc_stand.occupied)
            assert verify(judge, "01", persona.pin) == ""
            assert verify(judge, "02", f"SHIKAKU{persona.pin}") == ""
        finally:
            process.terminate()
            assert process.wait(10) == 0
    wait_until(lambda: not pcsc_stand.occupied())
