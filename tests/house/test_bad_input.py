"""Bad input, end to end: a code, a screen or a line with one action, nothing lost.

What a room proves fully is not proved again here:

| bad input | proved in the room | here |
|---|---|---|
| torn card | `device/card/test_torn`, `session/test_identity_stories` | screen, visit |
| half frame | `device/card/contract/test_nfcpy_faults` | noise, `test_half_frames` |
| unknown reader | `cloud/test_refused_envelopes`, `device/adapters/test_mqtt` | whole |
| bad signature, stale, version, too large | `cloud/test_refused_envelopes` | by MQTT |
| a card of another authority | `cloud/test_answers` | screen |
| model files | `device/face/test_shipped_pack` | `test_model_files` |
| no camera | `device/face/test_look` (F201), `device/test_runtime` | `test_no_camera` |
| no broker | `device/uplink/test_broker_loss`, `device/adapters/test_mqtt` | visits |
| full disk | `device/adapters/test_outbox_sqlite` | screen, visit |
"""

import os
import re
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from device.adapters.keystore_file import open_signer
from device.simulated.card.contents import CardContents
from device.simulated.card.issue import CardKeys, Issuer, issue
from device.simulated.card.persona_card import holder_of
from device.simulated.persona import personas
from protocol import cbor
from protocol.codec import encode
from protocol.keys import SoftwareSigner
from protocol.messages import Refusal
from protocol.notice import Notice
from protocol.oqs.values import JST
from provisioning.demo.stage import PIN, YES
from tests.support.full_disk import fill
from tests.support.house_clinic import LATER_S, House, has_one_action
from tests.support.house_hand import Hand, channel, hand, now_ms, question

TEN_MINUTES_MS = 600_000


@pytest.fixture
def at_reader(clinic: House) -> Iterator[Hand]:
    with hand(clinic.clinic.desk.broker_port, clinic.desk / "keys") as one:
        yield one


def ended_with(clinic: House, code: str, outcome: str = "refused") -> None:
    """The patient sees it, the technician finds it, and there is one thing to do."""
    clinic.patient.wait_for("problem")
    assert (clinic.fact()["code"], clinic.fact()["outcome"]) == (code, outcome)
    assert f'"code": "{code}"' in clinic.log("reader")
    has_one_action(code)


# -- the card ----------------------------------------------------------------------


def test_a_card_taken_in_the_middle_of_reading(clinic: House) -> None:
    asked = clinic.cloud("SELECT count(*) FROM usage")
    clinic.stage.begin()
    clinic.tray(fault={"slow_s": 0.03})
    try:
        clinic.patient.put("takahashi-yuki")
        clinic.patient.wait_for("reading_card")
        clinic.patient.take()
        clinic.patient.wait_for("ready")
    finally:
        clinic.tray(fault={"slow_s": 0})
    clinic.stage.shown("reading_card", "problem", "ready")
    assert clinic.fact()["code"] == "C103"
    has_one_action("C103")
    assert clinic.cloud("SELECT count(*) FROM usage") == asked
    assert clinic.waiting() == 0
    clinic.serves()


def test_a_card_torn_while_it_checks_the_pin(clinic: House) -> None:
    asked = clinic.cloud("SELECT count(*) FROM usage")
    clinic.stage.begin()
    clinic.stage.comes_in("suzuki-ichiro")
    clinic.patient.press(PIN)
    clinic.patient.wait_for("enter_pin")
    clinic.tray(fault={"drop": 1000})
    try:
        clinic.stage.types_pin("suzuki-ichiro")
        ended_with(clinic, "C103")
    finally:
        clinic.tray(fault={"drop": 0})
        clinic.patient.take()
        clinic.patient.stand(None)
    assert clinic.cloud("SELECT count(*) FROM usage") == asked
    clinic.serves()


def test_half_frames_and_noise_on_the_air(clinic: House) -> None:
    air = ("127.0.0.1", clinic.clinic.desk.card_port)
    noise = (b"", b"106B", b"106B 0", b"106B 05", b"106B 0500", b"106B 1d00", b"\xff")
    clinic.stage.begin()
    clinic.tray(fault={"slow_s": 0.03})
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as intruder:
        clinic.patient.put("kato-minoru")
        clinic.patient.wait_for("reading_card")
        for frame in (*noise, b"106B " + b"f" * 5000, b"RFO", secrets.token_bytes(99)):
            intruder.sendto(frame, air)
        clinic.tray(fault={"slow_s": 0})
        clinic.patient.wait_for("choose_method", "problem")
        clinic.patient.take()
        clinic.patient.wait_for("ready")
    assert clinic.clinic.processes.fallen() is None
    clinic.serves()


def test_a_card_of_another_authority(clinic: House, tmp_path: Path) -> None:
    cards = clinic.desk / "cards"
    others = tmp_path / "cards"
    shutil.copytree(cards, others)
    foreign_card("takahashi-yuki", clinic.desk / "keys").save(
        others / "takahashi-yuki.card"
    )
    clinic.start_tray(others)
    try:
        clinic.by_pin("takahashi-yuki")
        ended_with(clinic, "K501")
        clinic.stage.goes()
        assert clinic.waiting() == 0
    finally:
        clinic.start_tray(cards)
    clinic.serves()


def foreign_card(persona_id: str, keys: Path) -> CardContents:
    """The same patient, by a card authority that the cloud was never told of."""
    (persona,) = (one for one in personas() if one.id == persona_id)
    now = datetime.now(UTC)
    holder = holder_of(persona, bytes(100), now.astimezone(JST).date())
    terminal = ec.generate_private_key(ec.SECP256R1()).public_key()
    return issue(holder, CardKeys.generate(), Issuer.found(terminal, now), now)


# -- the wire ----------------------------------------------------------------------


def test_a_reader_that_nobody_enrolled(clinic: House) -> None:
    clinic.clinic.stop_cloud()
    clinic.cloud("DELETE FROM readers")
    clinic.clinic.start_cloud()
    try:
        clinic.by_pin("kato-minoru")
        ended_with(clinic, "M401")
        clinic.stage.goes()
        assert clinic.waiting() == 1
    finally:
        # Whoever enrols it again need not ask the patient to come back.
        clinic.enrol()
        clinic.clinic.stop_cloud()
        clinic.clinic.start_cloud()
    assert clinic.result(LATER_S).texts["QualificationValidity"] == "1"
    assert clinic.waiting() == 0
    clinic.serves()


def refused(clinic: House, at_reader: Hand, sealed: bytes, code: str) -> None:
    """A signed notice, a count and a line; the reader on its desk is not disturbed."""
    clinic.patient.wait_for("ready")  # a reader that just started draws it now
    counted = envelopes(clinic, code)
    shown = clinic.patient.state()["seq"]
    usage = clinic.cloud("SELECT count(*) FROM usage")
    notice = at_reader.ask(sealed)
    assert isinstance(notice, Notice)
    assert notice.code == code
    assert envelopes(clinic, code) == counted + 1
    assert clinic.cloud("SELECT count(*) FROM usage") == usage
    has_one_action(code)
    assert clinic.patient.state()["seq"] == shown
    still_answers(at_reader)


def envelopes(clinic: House, code: str) -> int:
    name = rf'shikaku_refused_envelopes_total{{code="{code}"}} (\d+)'
    found = re.search(name, clinic.metrics())
    return int(found[1]) if found else 0


def still_answers(at_reader: Hand) -> None:
    """A genuine question gets the word of a healthy cloud."""
    answer = at_reader.ask(at_reader.seal(encode(question())))
    assert isinstance(answer, Refusal)
    assert answer.code == "M411"


@dataclass(frozen=True, slots=True)
class Pretender:
    """Says that it is the reader's key, and is another."""

    key_id: bytes
    other: SoftwareSigner

    def sign(self, message: bytes) -> bytes:
        return self.other.sign(message)


def test_a_bad_signature(clinic: House, at_reader: Hand) -> None:
    keys = clinic.desk / "keys"
    other = SoftwareSigner(ec.generate_private_key(ec.SECP256R1()))
    forged = channel(keys, Pretender(open_signer(keys / "reader.key").key_id, other))
    sealed, _ = forged.seal(encode(question()), now_ms())
    refused(clinic, at_reader, sealed, "M402")
    assert '"code": "M402"' in clinic.log("cloud")


def test_a_replay_of_a_request_that_was_heard_on_the_broker(
    clinic: House, at_reader: Hand
) -> None:
    port, keys = clinic.clinic.desk.broker_port, clinic.desk / "keys"
    with hand(port, keys, who="cloud") as ear:
        clinic.serves()
        captured = ear.heard.get(timeout=10)
    files = len(list(clinic.clinic.desk.facility_folder.iterdir()))
    refused(clinic, at_reader, captured, "M403")
    refused(clinic, at_reader, captured, "M403")
    assert len(list(clinic.clinic.desk.facility_folder.iterdir())) == files


@pytest.mark.parametrize("off_ms", [-TEN_MINUTES_MS, TEN_MINUTES_MS])
def test_a_stale_time(clinic: House, at_reader: Hand, off_ms: int) -> None:
    sealed = at_reader.seal(encode(question()), now_ms() + off_ms)
    refused(clinic, at_reader, sealed, "M404")
    assert '"code": "M404"' in clinic.log("cloud")


def test_an_unknown_version(clinic: House, at_reader: Hand) -> None:
    fields = question().model_dump() | {"version": 2}
    refused(clinic, at_reader, at_reader.seal(cbor.dumps(fields)), "M405")
    assert '"code": "M405"' in clinic.log("cloud")


def test_an_oversized_message(clinic: House, at_reader: Hand) -> None:
    sealed = b"\xd0" + secrets.token_bytes(40_000)
    refused(clinic, at_reader, sealed, "M406")
    assert '"code": "M406"' in clinic.log("cloud")


def test_junk(clinic: House, at_reader: Hand) -> None:
    refused(clinic, at_reader, secrets.token_bytes(500), "M407")


# -- what is missing ---------------------------------------------------------------


def test_a_broker_that_dies_in_the_middle_of_a_visit(clinic: House) -> None:
    clinic.stage.begin()
    clinic.stage.comes_in("kato-minoru")
    clinic.patient.press(PIN)
    clinic.kill_broker()
    try:
        clinic.stage.types_pin("kato-minoru")
        clinic.patient.wait_for("take_card")
        clinic.stage.goes()
        assert (clinic.fact()["outcome"], clinic.fact()["code"]) == ("pending", "N301")
        has_one_action("N301")
        clinic.stage.shown("checking", "take_card", "thank_you", "offline")
        assert clinic.waiting() == 1
    finally:
        clinic.start_broker()
    assert clinic.result(LATER_S).texts["QualificationValidity"] == "1"
    clinic.patient.until(
        lambda: None if clinic.waiting() else "empty", "an empty outbox"
    )
    clinic.serves()


def test_a_broker_that_dies_while_consent_is_asked(clinic: House) -> None:
    clinic.by_pin("yamada-taro")
    clinic.stage.question(1)
    clinic.kill_broker()
    try:
        clinic.patient.press(YES)
        for number in (2, 3):
            clinic.stage.question(number)
            clinic.patient.press(YES)
        clinic.patient.wait_for("take_card")
        clinic.stage.goes()
        assert clinic.fact()["outcome"] == "pending"
        # The insurance is told at once, without what nobody has recorded yet.
        first = clinic.result()
        assert first.consent("PharmacistsInfo") == "0"
        assert clinic.waiting() == 1
    finally:
        clinic.start_broker()
    second = clinic.result(LATER_S, earlier=1)
    assert second.consent("PharmacistsInfo") == "1"
    assert second.texts["Name"] == first.texts["Name"]
    clinic.serves()


def test_a_full_disk(clinic: House) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small tmpfs to fill")
    home = clinic.desk / "reader"
    clinic.clinic.processes.end("reader")
    mount = ["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", str(home)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        clinic.start_reader()
        pytest.skip("this machine does not let us mount a tmpfs")
    try:
        clinic.start_reader()
        clinic.patient.wait_for("ready")  # with its outbox opened
        filler = fill(home)
        clinic.by_pin("kato-minoru")
        ended_with(clinic, "D701")
        clinic.stage.goes()
        assert clinic.waiting() == 0
        filler.unlink()
        clinic.serves()
        clinic.clinic.processes.end("reader")
    finally:
        clinic.clinic.processes.end("reader")
        subprocess.run(["umount", "--lazy", str(home)], check=True)
        clinic.start_reader()
    clinic.serves()
