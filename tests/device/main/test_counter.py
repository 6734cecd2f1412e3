"""A PC with a generic reader: bound by a code, then card, PIN and answer over PC/SC."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from typer.testing import CliRunner

from cloud.adapters.clock import now_ms
from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.registry import SqlRegistry
from cloud.api import opened_rooms, routes
from cloud.config import load
from cloud.registry.model import CertificateLink, LinkKind
from cloud.registry.service import Record
from cloud.web.guard import Door
from cloud.web.route import Route
from device.adapters.counter_folder import FACTS, KEY, CounterFolder
from device.adapters.counter_http import CounterHttp
from device.cli import app
from device.counter import Bound, Counter, pin_of
from device.ports import PartError
from device.simulated.card.contents import CardContents
from device.simulated.card.direct import DirectSlot
from device.simulated.card.virtual import VirtualCard
from device.uplink.channel import Identity
from protocol.ids import FacilityCode, ReaderId
from protocol.keys import SoftwareSigner
from tests.cloud.api_world import served
from tests.cloud.command_desk import FACILITY, Desk
from tests.cloud.world import cloud_keys, insurance, person
from tests.support.pcsc_stand import READER, PcscStand
from tests.support.reader_bench import PIN, card, contents

COMMANDS = Path(sys.executable).parent
SERIAL = 0x2611_0042_4712


@dataclass
class Place:
    """A cloud on loopback that knows one card, and a PC beside it."""

    desk: Desk
    port: int
    home: Path

    def runs(self, verb: str, *words: str) -> "Done":
        command = ["eligibility", verb, "--home", str(self.home), *words]
        done = CliRunner().invoke(app, command)
        return Done(done.exit_code, done.stdout, done.stderr)

    def checks(self, *words: str, pin: str) -> "Done":
        """As a process: it reads the card, and its log is its own."""
        command = [str(COMMANDS / "shikaku-reader"), "eligibility", "check"]
        done = subprocess.run(
            [*command, "--home", str(self.home), *words],
            input=pin + "\n",
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def code(self) -> str:
        words = ("device", "code", "--facility", FACILITY, "--by", "admin-1", "--json")
        code, out, err = self.desk.runs(*words)
        assert code == 0, err
        return str(json.loads(out)["code"])

    def activates(self, code: str, *more: str) -> "Done":
        where = ("--cloud", f"http://127.0.0.1:{self.port}", "--facility", FACILITY)
        return self.runs("activate", *where, "--code", code, *more)


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def on_card() -> CardContents:
    return contents(SERIAL)


@pytest.fixture
def place(tmp_path: Path, on_card: CardContents) -> Iterator[Place]:
    folder = tmp_path / "cloud"
    folder.mkdir()
    desk = Desk(folder)
    ca = x509.load_der_x509_certificate(on_card.ca_certificate)
    (folder / "ca.pem").write_bytes(ca.public_bytes(Encoding.PEM))
    digest = _fingerprint(on_card.certificate)
    with closing(connect(desk.file)) as database:
        link = CertificateLink(LinkKind.CERTIFICATE, digest)
        who = person(insurances=(insurance(),))
        SqlRegistry(database).put([Record(digest, who, (link,))])

    def make() -> tuple[Door, tuple[Route, ...]]:
        rooms = opened_rooms(load(desk.config))
        return rooms.door, routes(rooms)

    spool = tmp_path / "spool"
    spool.mkdir()
    with served(make, spool, now_ms) as port:
        yield Place(desk, port, tmp_path / "pc")


def _fingerprint(der: bytes) -> bytes:
    return hashlib.sha256(der).digest()


# -- the whole way -----------------------------------------------------------------
def test_on_any_pc_card_and_pin_give_eligibility_over_pcsc(
    place: Place, on_card: CardContents, pcsc_stand: PcscStand, tmp_path: Path
) -> None:
    done = place.activates(place.code())
    assert done.code == 0, done.err
    stat = (place.home / KEY).stat()
    assert stat.st_mode & 0o077 == 0
    files = tmp_path / "files"
    files.mkdir()
    lies = VirtualCard(on_card, os.urandom)
    reader = ("--device", READER, "--virtual", "--pin-stdin", "--folder", str(files))
    with pcsc_stand.card(lies):
        asked = place.checks(*reader, "--json", pin=PIN)
    assert asked.code == 0, asked.err
    answer = json.loads(asked.out)
    assert (answer["outcome"], answer["validity"]) == ("accepted", "1")
    assert answer["consent_asks"] == []
    assert answer["patient"]["name_kana"] == "シケン　ハナコ"
    (written,) = files.iterdir()
    assert written.name.startswith("OQSsiquc01res_face_")
    assert PIN not in asked.out + asked.err
    shown = place.desk.runs("audit", "show", "--facility", FACILITY)[1]
    assert "verification" in shown


# -- activation --------------------------------------------------------------------
def test_a_code_is_taken_once_and_a_device_is_not_replaced_unasked(
    place: Place,
) -> None:
    code = place.code()
    assert place.activates(code).code == 0
    again = place.activates(code)
    assert (again.code, "--again" in again.err) == (2, True)
    used = place.activates(code, "--again")
    assert (used.code, used.err.split()[0]) == (1, "E406")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--facility", "131", "--code", "1"), "10 digits"),
        (("--facility", FACILITY, "--code", "1"), "12 digits"),
        (("--facility", FACILITY, "--code", "1234-5678-9010"), "mistyped"),
    ],
)
def test_what_is_mistyped_never_leaves_the_pc(
    tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    place = Place(None, 9, tmp_path)  # type: ignore[arg-type]
    done = place.runs("activate", "--cloud", "https://127.0.0.1:9", *words)
    assert (done.code, says in done.err) == (2, True)


@pytest.mark.parametrize("url", ["http://example.org", "ftp://x", "example.org", ""])
def test_nothing_but_https_leaves_the_machine(url: str) -> None:
    with pytest.raises(PartError, match="D702"):
        CounterHttp(url)


def test_a_pc_that_is_not_bound_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PartError, match="eligibility activate"):
        CounterFolder(tmp_path).open()
    (tmp_path / FACTS).write_text("{}")
    with pytest.raises(PartError, match="not readable"):
        CounterFolder(tmp_path).open()


def test_a_cloud_that_is_away_is_a_code_and_no_wait_for_ever(tmp_path: Path) -> None:
    async def asks() -> None:
        async with CounterHttp("http://127.0.0.1:9") as line:
            await line.ask(ReaderId("pc-1"), b"x")

    with pytest.raises(PartError, match="N302"):
        asyncio.run(asks())


# -- the counter itself ------------------------------------------------------------
@dataclass
class Silent:
    """A line that answers what it is told to."""

    says: bytes = b""
    asked: list[bytes] = field(default_factory=list)

    async def ask(self, reader: ReaderId, envelope: bytes) -> bytes:
        self.asked.append(envelope)
        return self.says


def counter(line: Silent) -> Counter:
    signer = SoftwareSigner(ec.generate_private_key(ec.SECP256R1()))
    identity = Identity(ReaderId("pc-1"), signer, cloud_keys().public)
    bound = Bound(identity, FacilityCode(FACILITY))
    return Counter(bound, line, now_ms, os.urandom)


def checks(line: Silent, lies: VirtualCard, pin: bytearray) -> None:
    async def check() -> None:
        slot = DirectSlot()
        await slot.put(lies)
        await slot.wait_for_card()
        await counter(line).check(slot, pin)

    asyncio.run(check())


def test_a_wrong_pin_asks_nobody_and_is_zeroed() -> None:
    line, pin = Silent(), bytearray(b"0000")
    with pytest.raises(PartError, match="C106"):
        checks(line, card(), pin)
    assert line.asked == []
    assert pin == bytearray(4)


def test_the_pin_is_zeroed_also_when_the_answer_is_not_trusted() -> None:
    for junk in (b"", b"\xd2\x84", b"x" * 100):
        line, pin = Silent(junk), bytearray(PIN.encode())
        with pytest.raises(PartError, match="N303"):
            checks(line, card(), pin)
        assert len(line.asked) == 1
        assert pin == bytearray(4)


@pytest.mark.parametrize("typed", [b"", b"123", b"12345", b"12a4", "１２３４".encode()])
def test_what_is_no_pin_costs_no_try(typed: bytes) -> None:
    with pytest.raises(PartError, match="D702"):
        pin_of(typed)
