"""`shikaku-cloud page` as an operator runs it, and the page as it is started."""

import asyncio
import datetime
import shutil
import ssl
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from typer.testing import CliRunner

from cloud.adapters.clock import now_ms
from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.registry import SqlRegistry
from cloud.cli import app
from cloud.config import load
from cloud.consent.model import Pressed
from cloud.consent.service import Consents
from cloud.errors import ConfigError
from cloud.keyring import page_links, vault
from cloud.main import sql_stores
from cloud.pages import open_page
from cloud.registry.service import Record
from protocol.codes import CareKind, Decision
from protocol.ids import RequestId
from protocol.numbers import facility_code
from tests.cloud.page_world import ledger_writes
from tests.cloud.test_audit_cli import Desk as Cli
from tests.cloud.test_cli import private
from tests.cloud.world import AUDIT_SECRET, NOON, authority, card, person

CARD = card()
FACILITY = facility_code("1310000003")
FINGERPRINT = CARD.link.value.hex()
WHO = ("--facility", FACILITY, "--certificate", FINGERPRINT)
WHY = ("--reason", "lost", "--staff", "s-1")


@dataclass
class Desk(Cli):
    @property
    def database(self) -> Database:
        return connect(self.folder / "home" / "cloud.sqlite3")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with one person, who said yes to one item here."""
    tmp_path = tmp_path_factory.mktemp("page")
    signing = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "signing.key").write_bytes(private(signing))
    (tmp_path / "agreement.key").write_bytes(private(X25519PrivateKey.generate()))
    (tmp_path / "ca.pem").write_bytes(authority().public_bytes(Encoding.PEM))
    made = Desk(tmp_path)
    made.config.write_text(
        '[cloud]\nhome = "home"\n[broker]\nhost = "127.0.0.1"\nport = 1\n'
        '[keys]\nsigning = "signing.key"\nagreement = "agreement.key"\n'
        '[trust]\njpki_cas = ["ca.pem"]\n'
        '[page]\naddress = "http://127.0.0.1:8444"\nport = 0\n'
    )
    assert made.run("migrate").exit_code == 0
    with closing(made.database) as database:
        SqlRegistry(database).put([Record(b"a", person(), (CARD.link,))])
        stores = sql_stores(database, AUDIT_SECRET)
        found = stores.registry.linked(CARD.link)
        assert found is not None
        consents = Consents(stores.consents, vault(load(made.config)))
        settled = consents.settle(
            (Pressed("operation", Decision.GRANTED),),
            facility=FACILITY,
            person=found.id,
            request=RequestId("r"),
            care=CareKind.OUTPATIENT,
            pressed_at=now_ms(),
            decided_at=now_ms(),
        )
        ledger_writes(stores, settled, consents.keys(settled))
    return tmp_path


@pytest.fixture
def desk(whole: Path, tmp_path: Path) -> Desk:
    folder = tmp_path / "desk"
    shutil.copytree(whole, folder)
    return Desk(folder)


def opened(desk: Desk) -> list[object]:
    shown: list[object] = desk.json("consent", "show", "--certificate", FINGERPRINT)
    return shown


def test_a_lost_receipt_gets_a_new_link_that_is_logged(desk: Desk) -> None:
    made = desk.json("page", "link", *WHO, *WHY)
    assert made["url"].startswith("HTTP://127.0.0.1:8444/R/")
    assert len(made["word"]) == 6
    seen = desk.json("audit", "patient", "--certificate", FINGERPRINT)
    assert seen[-1]["details"] == {"by": "s-1", "outcome": "made", "reason": "lost"}
    assert seen[-1]["en"] == "the patient's page, a new link was made"
    said = desk.run("page", "link", *WHO, *WHY).stdout
    assert "number " in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((*WHO, "--reason", "because", "--staff", "s-1"), "lost"),
        ((*WHO, "--reason", "lost", "--staff", "試験 花子"), "--staff"),
        (("--facility", "1310000009", *WHO[2:], *WHY), "--facility"),
        ((*WHO[:2], "--certificate", "00" * 32, *WHY), "nobody"),
        ((*WHO, "--staff", "s-1"), "reason"),
    ],
)
def test_a_link_without_a_reason_a_person_or_a_place_is_not_made(
    desk: Desk, words: tuple[str, ...], told: str
) -> None:
    done = desk.run("page", "link", *words)
    assert done.exit_code == 2
    assert told in done.output
    with closing(desk.database) as database:
        (count,) = database.run_text("SELECT count(*) FROM page_links").fetchone()
    assert count == 0


def test_a_cloud_without_a_page_says_what_is_missing(desk: Desk) -> None:
    text = desk.config.read_text()
    desk.config.write_text(text[: text.index("[page]")])
    done = desk.run("page", "link", *WHO, *WHY)
    assert done.exit_code == 2
    assert "[page]" in done.output
    served = desk.run("page", "serve")
    assert served.exit_code == 2
    assert "page" in served.output


def test_the_number_ends_the_consents_here(desk: Desk) -> None:
    word = desk.json("page", "link", *WHO, *WHY)["word"]
    assert len(opened(desk)) == 1
    done = desk.json("page", "revoke", "--word", word, "--facility", FACILITY)
    assert done == {"ended": 1}
    assert opened(desk) == []


def test_a_wrong_number_ends_with_1_and_says_what_to_do(desk: Desk) -> None:
    word = desk.json("page", "link", *WHO, *WHY)["word"]
    wrong = f"{(int(word) + 1) % 10**6:06}"
    first = desk.run("page", "revoke", "--word", wrong, "--facility", FACILITY)
    assert first.exit_code == 1
    assert "P306" in first.output
    assert "2 s" in first.output
    soon = desk.run("page", "revoke", "--word", word, "--facility", FACILITY)
    assert soon.exit_code == 1
    assert "P303" in soon.output
    assert len(opened(desk)) == 1


def test_the_samples_are_whole_and_say_that_they_are_fictitious(tmp_path: Path) -> None:
    out = tmp_path / "pages"
    done = CliRunner().invoke(app, ["page", "sample", "--out", str(out)])
    assert done.exit_code == 0
    pages = sorted(out.glob("*/*.html"))
    assert len(pages) == 32
    overview = (out / "ja" / "overview.html").read_text("utf-8")
    assert "架空のデータ" in overview
    assert (out / "ja" / "page.css").exists()


@pytest.mark.parametrize("verb", ["serve", "link", "revoke", "sample"])
def test_every_command_has_an_example(verb: str) -> None:
    assert "Example:" in CliRunner().invoke(app, ["page", verb, "--help"]).output


# -- as the product starts it ----------------------------------------------------------
def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "page.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .serial_number(1)
        .not_valid_before(NOON - datetime.timedelta(days=400))
        .not_valid_after(NOON + datetime.timedelta(days=9000))
        .public_key(key.public_key())
        .sign(key, hashes.SHA256())
    )
    (folder / "page.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "page.key.pem").write_bytes(private(key))


@pytest.mark.parametrize("tls", [False, True])
async def test_the_page_opens_with_a_link_from_the_command(
    desk: Desk, tls: bool
) -> None:
    if tls:
        certificate(desk.folder)
        text = desk.config.read_text().replace(
            'address = "http://127.0.0.1:8444"\n',
            'address = "https://page.example"\ncertificate = "page.pem"\n'
            'key = "page.key.pem"\n',
        )
        desk.config.write_text(text)
    made = await asyncio.to_thread(desk.json, "page", "link", *WHO, *WHY)
    path = "/R/" + made["url"].rpartition("/")[2]
    unverified = ssl.create_default_context()
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    async with AsyncExitStack() as stack:
        address = await open_page(load(desk.config), stack)
        assert address.startswith("https" if tls else "http")
        session = await stack.enter_async_context(aiohttp.ClientSession())
        async with session.get(address + path, ssl=unverified) as answer:
            body = await answer.text()
        assert answer.status == 200
        mark = body.partition('name="mark" value="')[2][:64]
        form = {"link": path[3:], "mark": mark, "word": made["word"]}
        async with session.post(
            f"{address}/word", data=form, ssl=unverified, allow_redirects=False
        ) as answer:
            assert answer.status == 303
        kept = answer.headers["Set-Cookie"]
        assert ("__Host-" in kept) is tls
        cookie = {"Cookie": kept.partition(";")[0]}
        async with session.get(address, headers=cookie, ssl=unverified) as answer:
            assert answer.status == 200
            assert "東京都の医療機関" in await answer.text()


async def test_a_page_that_cannot_listen_says_why(desk: Desk) -> None:
    text = desk.config.read_text()
    desk.config.write_text(text + 'certificate = "none.pem"\nkey = "none.key"\n')
    async with AsyncExitStack() as stack:
        with pytest.raises(ConfigError, match="page"):
            await open_page(load(desk.config), stack)


def test_receipts_get_links_only_where_there_is_a_page(desk: Desk) -> None:
    with closing(desk.database) as database:
        config = load(desk.config)
        made = page_links(config, database)
        assert made is not None
        assert made.address == "http://127.0.0.1:8444"
        without = config.model_copy(update={"page": None})
        assert page_links(without, database) is None


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ('address = "http://page.example"', "https"),
        ('address = "https://page.example/sub"', "page.address"),
        ('address = "https://page.example"\nhost = "0.0.0.0"', "certificate"),
        ('address = "https://page.example"\ncertificate = "c"', "both or none"),
        ('address = "https://page.example"\ncolour = 1', "page.colour"),
    ],
)
def test_a_page_that_would_be_unsafe_refuses_to_start(
    desk: Desk, page: str, told: str
) -> None:
    text = desk.config.read_text()
    desk.config.write_text(text[: text.index("[page]")] + f"[page]\n{page}\n")
    with pytest.raises(ConfigError) as caught:
        load(desk.config)
    assert told in str(caught.value)
