"""`shikaku-reader card show`: what may be shown, and nothing else."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from device.card.errors import MalformedCardError
from device.card.visit import CardIdentity
from device.card_show import shown
from device.simulated.card import vpcd
from device.simulated.card.contents import CardContents
from tests.support.pcsc_stand import READER, PcscStand, wait_until
from tests.support.reader_bench import PIN, contents
from tests.support.reader_desk import reader_desk

COMMANDS = Path(sys.executable).parent
SERIAL = 0x2611_0042_4711
MAY_BE_SHOWN = {
    "transport",
    "token",
    "name",
    "valid_from",
    "valid_until",
    "valid_now",
    "pin_tries_left",
    "key",
    "issuer",
}


@pytest.fixture(scope="module")
def on_card() -> CardContents:
    return contents(SERIAL)


@contextmanager
def lying(contents: CardContents, folder: Path, *command: str) -> Iterator[str]:
    """The virtual card as a process; gives the first line it says."""
    contents.save(folder / "one.card")
    words = [*command, "--card", str(folder / "one.card")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            assert process.wait(10) == 0


def show(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [COMMANDS / "shikaku-reader", "card", "show", *words],
        capture_output=True,
        check=False,
        text=True,
        timeout=30,
    )


def nothing_personal(text: str, card: CardContents) -> bool:
    subject = x509.load_der_x509_certificate(card.certificate).subject
    secrets = [f"{SERIAL:X}", f"{SERIAL:x}", str(SERIAL), PIN]
    secrets += [card.number_b.decode(), subject.rfc4514_string(), "架空"]
    return not any(secret in text for secret in secrets)


def test_over_pcsc(
    on_card: CardContents, pcsc_stand: PcscStand, tmp_path: Path
) -> None:
    sim = pcsc_stand.inside(str(COMMANDS / "shikaku-sim"), "card", "--pcsc")
    reader = ["--transport", "pcsc", "--device", READER]
    with lying(on_card, tmp_path, *sim, f"127.0.0.1:{vpcd.PORT}"):
        done = show(*reader, "--json")
        lines = show(*reader)
    wait_until(lambda: not pcsc_stand.occupied())
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert set(said) == MAY_BE_SHOWN
    assert said["transport"] == f"pcsc {READER}"
    assert (said["token"], said["pin_tries_left"]) == ("card", 3)
    assert said["key"] == "RSA, 2048 bits"
    assert said["name"] == "not on this certificate"
    assert said["issuer"] == "CN=Fictitious JPKI test CA"
    assert "PIN tries    3" in lines.stdout
    for text in (done.stdout, done.stderr, lines.stdout, lines.stderr):
        assert nothing_personal(text, on_card)


def test_over_nfcpy_and_by_configuration(on_card: CardContents, tmp_path: Path) -> None:
    at = reader_desk(tmp_path / "desk")
    port = str(at.desk.card_port)
    sim = [str(COMMANDS / "shikaku-sim"), "card", "--udp", port]
    with lying(on_card, tmp_path, *sim) as where:
        direct = show("--transport", "nfcpy", "--device", where, "--json")
        configured = show("--config", str(at.config), "--json")
    assert direct.returncode == 0, direct.stderr
    assert set(json.loads(direct.stdout)) == MAY_BE_SHOWN
    assert json.loads(direct.stdout)["transport"] == f"nfcpy {where}"
    assert configured.stdout == direct.stdout


def test_without_a_card_it_says_one_thing_to_do(pcsc_stand: PcscStand) -> None:
    none = show("--transport", "pcsc", "--device", READER, "--wait", "0.3")
    assert none.returncode == 1
    assert f"C101  no card on pcsc {READER} within 0.3 s" in none.stderr
    assert none.stderr.count("do now") == 1
    assert "Traceback" not in none.stderr


def test_without_that_reader_it_lists_those_there_are(pcsc_stand: PcscStand) -> None:
    none = show("--transport", "pcsc", "--device", "S300")
    assert none.returncode == 1
    assert none.stderr.startswith("D704  no PC/SC reader named like 'S300'")
    assert READER in none.stderr


def test_without_pcscd_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("smartcard", reason="pyscard is not installed (make oracles)")
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(tmp_path / "nobody"))
    none = show("--transport", "pcsc")
    assert none.returncode == 1
    assert none.stderr.startswith("D704  ")
    assert "PC/SC says" in none.stderr
    assert "Traceback" not in none.stderr


def test_another_card_is_said_to_be_none_of_ours(
    pcsc_stand: PcscStand,
) -> None:
    with pcsc_stand.card(Blank()):
        other = show("--transport", "pcsc", "--device", READER)
    assert other.returncode == 1
    assert other.stderr.startswith("C102")


@pytest.mark.parametrize(
    ("edge", "days", "valid"),
    [("start", -1, False), ("start", 1, True), ("end", -1, True), ("end", 1, False)],
)
def test_it_says_whether_the_certificate_is_valid_now(
    on_card: CardContents, edge: str, days: int, valid: bool
) -> None:
    certificate = x509.load_der_x509_certificate(on_card.certificate)
    edges = {
        "start": certificate.not_valid_before_utc,
        "end": certificate.not_valid_after_utc,
    }
    found = CardIdentity("phone", 0, on_card.certificate)
    seen = shown("direct", found, edges[edge] + timedelta(days=days))
    assert seen.valid_now is valid
    assert ("NOT VALID NOW" in "\n".join(seen.lines())) is not valid
    assert "PIN tries    0, blocked" in seen.lines()


def test_what_is_no_certificate_is_our_own_error_and_not_quoted() -> None:
    junk = CardIdentity("card", 3, b"0\x03\x02\x01\x07")
    with pytest.raises(MalformedCardError) as refused:
        shown("direct", junk, datetime(2026, 4, 1, tzinfo=UTC))
    assert refused.value.code == "C101"


class Blank:
    """A card of somebody else's: it knows no application of ours."""

    def transmit(self, raw: bytes) -> bytes:
        return b"\x6a\x82"

    def reset(self) -> None:
        pass


def test_a_configured_pcsc_reader_is_the_self_tests_too(
    pcsc_stand: PcscStand, tmp_path: Path
) -> None:
    at = reader_desk(tmp_path / "desk")
    udp = f'device = "udp:127.0.0.1:{at.desk.card_port}"'
    at.edit(udp, f'transport = "pcsc"\ndevice = "{READER}"')
    verdicts = json.loads(at.command("selftest", "--json").stdout)
    (card,) = [one for one in verdicts if one["part"] == "card"]
    assert (card["good"], card["detail"]) == (True, f"pcsc {READER}")
