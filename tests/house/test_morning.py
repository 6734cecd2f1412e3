"""One scripted morning (`shikaku-demo --script morning`), looked at from every side.

Twelve visits as a user would start them; and after them nobody is found where nobody
belongs: a scan that can fail. A person may be in the registry, in the result files for
the receipt computer, in the pretend cards and in what the demo imported. Everywhere
else, and in what an ear on the broker heard, there is no value of any patient and no
secret key. One file, because a file stays on one core, and a morning takes minutes.
"""

import json
import os
import sqlite3
import zlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from device.simulated.card.contents import CardContents
from device.simulated.persona import personas
from protocol.oqs.values import JST
from protocol.topics import ROOT
from provisioning.demo.desk import READER
from provisioning.demo.models import RECOMMENDED
from provisioning.demo.morning import MORNING
from tests.support import house
from tests.support.house import Morning
from tests.support.house_ear import Overheard
from tests.support.house_scan import Secret, found, of_person, without_chance
from tests.support.house_secrets import left_behind, of_card, of_keys, of_looks

PARTS = {"card", "face", "round_trip", "total_machine"}
SCREEN = (800, 480)

NO_PEOPLE = ("usage", "counts", "refusals", "readers", "envelopes", "schema_version")
TOPICS = {f"{ROOT}/{READER}/{end}" for end in ("request", "answer", "presence")}


@pytest.fixture(scope="module")
def secrets(morning: Morning) -> tuple[Secret, ...]:
    """Every value of every patient, and every secret key of the desk."""
    today = datetime.now(UTC).astimezone(JST).date()
    people = [secret for one in personas() for secret in of_person(one, today)]
    keys = list(of_keys(morning.desk / "keys"))
    cards = [
        secret
        for path in (morning.desk / "cards").glob("*.card")
        for secret in of_card(CardContents.load(path))
    ]
    assert len(cards) >= 2 * len(personas())
    return (*people, *keys, *cards, *of_looks(morning.desk))


def test_the_scanner_finds_what_is_planted(secrets: tuple[Secret, ...]) -> None:
    """In every form, and in the very kinds of file that are scanned below."""
    name, pin = "佐藤　花子", "2468"
    for planted in (
        f'{{"event": "visit decided", "pin": "{pin}"}}'.encode(),
        f"key 2, key 4, key 6, key 8: PIN {pin[::-1]}".encode(),
        f"{pin}".encode("utf-16-le"),
        name.encode("utf-16-le"),
        name.encode("cp932").hex().encode(),
        json.dumps({"who": name}).encode(),
        b"eHg" + b64encode("x佐藤　花子".encode()),
        "佐藤　花子".encode()[::-1],
        bytes.fromhex("06990014"),
        "前１２３４５６".encode(),
        b"number 123456",
    ):
        assert found(without_chance(b"noise " + planted + b" noise"), secrets), planted


def test_the_scanner_finds_a_key_and_a_certificate(
    morning: Morning, secrets: tuple[Secret, ...]
) -> None:
    card = CardContents.load(morning.desk / "cards" / "sato-hanako.card")
    key = (morning.desk / "keys" / "reader.key").read_bytes()
    assert found(card.certificate.hex().encode(), secrets)
    assert found(b"-" + b64encode(card.card_key), secrets)
    assert found(key, secrets)
    assert found((morning.desk / "keys" / "reader-storage.key").read_bytes(), secrets)


def test_it_would_find_people_where_they_are_allowed(
    morning: Morning, secrets: tuple[Secret, ...]
) -> None:
    """The scan of a real result file and of the real registry is not blind."""
    (first, *_) = sorted((morning.desk / "facility").rglob("*.xml"))
    database = b"".join(
        path.read_bytes()
        for path in (morning.desk / "cloud").rglob("*")
        if path.is_file()
    )
    assert any("name of" in what for what in found(first.read_bytes(), secrets))
    assert any("address of" in what for what in found(database, secrets))


def test_no_file_that_is_left_holds_a_person_or_a_key(
    morning: Morning, secrets: tuple[Secret, ...]
) -> None:
    files = dict(left_behind(morning.desk))
    for needed in ("logs/broker.log", "logs/reader.log", "reader/outbox.sqlite"):
        assert files[needed], needed
    leaks = {
        name: people
        for name, content in files.items()
        if (people := found(without_chance(content), secrets))
    }
    assert leaks == {}


def test_no_file_name_holds_a_person(
    morning: Morning, secrets: tuple[Secret, ...]
) -> None:
    for place in ("screens", "facility", "reader", "logs", "run"):
        paths = list((morning.desk / place).rglob("*"))
        names = "\n".join(str(path.relative_to(morning.desk)) for path in paths)
        assert found(names.encode(), secrets) == [], place
    assert len(list((morning.desk / "screens").glob("*.png"))) > 100
    assert len(list((morning.desk / "facility").rglob("*.xml"))) >= 11


def test_a_screen_looks_the_same_for_everybody(morning: Morning) -> None:
    """What is drawn depends on the visit's state alone, never on who is there."""
    for view in ("ready", "reading_card", "checking", "ask_registration", "card_left"):
        shots = list((morning.desk / "screens").glob(f"*-{view}.png"))
        assert shots, view
        assert len({path.read_bytes() for path in shots}) == 1, view
    for question in (1, 2, 3):
        shots = list((morning.desk / "screens").glob(f"*-ask_consent-{question}.png"))
        pictures = {path.read_bytes() for path in shots}
        # Two questions or three; nothing else tells one patient from another.
        assert len(shots) > len(pictures) <= 2, question


def test_the_pages_show_nobody(
    overheard: Overheard, secrets: tuple[Secret, ...]
) -> None:
    names = {"state", "visits", "timeline", "metrics", "readyz"}
    assert overheard.pages.keys() == names
    for name, versions in overheard.pages.items():
        assert len(versions) > 1 or name == "readyz", name
        for text in versions:
            assert found(without_chance(text), secrets) == [], name
    visits = max(overheard.pages["visits"], key=len)
    assert len(json.loads(visits)) >= 11


def test_an_ear_on_the_broker_learns_who_talks_and_nothing_else(
    overheard: Overheard, secrets: tuple[Secret, ...]
) -> None:
    cloud, reader = overheard.by["cloud"], overheard.by["reader"]
    everything = [*cloud, *reader]
    assert {one.topic for one in everything} == TOPICS
    assert {one.properties for one in everything} == {""}
    kept = {one.topic.rpartition("/")[2] for one in everything if one.retained}
    assert kept <= {"presence"}
    for one in everything:
        assert found(one.payload, secrets) == [], one.topic
    # Each hears what the access list allows and no more.
    assert {one.topic.rpartition("/")[2] for one in cloud} == {"request", "presence"}
    assert {one.topic.rpartition("/")[2] for one in reader} == {"answer"}
    # Twelve verifications, their consents and one registration, each way.
    assert len([one for one in cloud if one.topic.endswith("request")]) >= 20
    assert len(reader) >= 20


def test_what_travels_cannot_be_told_from_noise(overheard: Overheard) -> None:
    for one in (*overheard.by["cloud"], *overheard.by["reader"]):
        if one.topic.endswith("presence"):
            assert json.loads(one.payload).keys() <= {
                "state",
                "version",
                "simulated",
                "since",
            }
            continue
        assert one.payload[0] in (0xD0, 0xD2), one.topic
        # A header is public; what follows it does not shrink.
        assert len(zlib.compress(one.payload, 9)) > 0.95 * len(one.payload)


def test_no_two_envelopes_are_alike(overheard: Overheard) -> None:
    sent = [one.payload for one in overheard.by["cloud"] if "request" in one.topic]
    assert len(set(sent)) == len(sent)


def test_usage_and_counts_of_the_cloud_hold_no_person(
    morning: Morning, secrets: tuple[Secret, ...]
) -> None:
    tables = dict(table_texts(morning.desk / "cloud" / "cloud.sqlite3"))
    for needed in ("usage", "counts", "refusals"):
        columns, _ = tables[needed]
        assert not {"person_id", "name", "certificate", "answer"} & columns, needed
    assert tables["usage"][1].count(b"\n") > 20
    for name in NO_PEOPLE:
        if name in tables:
            assert found(without_chance(tables[name][1]), secrets) == [], name
    for name in ("persons", "insurances"):
        assert found(tables[name][1], secrets), name


def table_texts(database: Path) -> Iterator[tuple[str, tuple[set[str], bytes]]]:
    """Table -> its columns and its rows as text, without times and counters."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as line:
        names = line.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in names.fetchall():
            rows = line.execute(f"SELECT * FROM {name}")  # noqa: S608
            columns = [column[0] for column in rows.description]
            numbers = {"id", "at", "n", "seen", "waited_ms", "not_before", "not_after"}
            kept = [i for i, column in enumerate(columns) if column not in numbers]
            text = "".join(f"{[row[i] for i in kept]}\n" for row in rows)
            yield name, (set(columns), text.encode())


# -- the visits ------------------------------------------------------------------
def test_every_visit_of_a_morning_ends_as_scripted(morning: Morning) -> None:
    assert [one["error"] for one in morning.visits if "error" in one] == []
    assert (morning.result["passed"], morning.result["failed"]) == (12, 0)
    assert morning.code == 0
    outcomes = [(one["name"], one["outcome"]) for one in morning.visits]
    assert outcomes == [(visit.name, visit.outcome) for visit in MORNING]
    assert len(MORNING) == len(personas())


def test_in_assist_mode_no_visit_is_decided_by_the_face_alone(
    morning: Morning,
) -> None:
    assert {one["method"] for one in morning.visits} == {"pin", "visual"}


def test_every_screen_of_a_morning_is_there_to_look_at(morning: Morning) -> None:
    for visit in morning.visits:
        assert visit["screens"], visit["name"]
        for path in map(Path, visit["screens"]):
            with Image.open(path) as picture:
                shape = (picture.format, picture.size, picture.mode)
            assert shape == ("PNG", SCREEN, "1"), path.name


def test_the_times_of_a_visit_are_told(morning: Morning) -> None:
    for visit in morning.visits:
        ms = visit["ms"]
        assert set(ms) == PARTS, visit["name"]
        assert all(isinstance(value, int) and value >= 0 for value in ms.values())
        # A card was read in every visit, and the parts are parts of the whole.
        assert 0 < ms["card"] <= ms["total_machine"], visit["name"]
        by_face = ms["face"] > 0
        assert by_face == any("-look" in screen for screen in visit["screens"])


def test_nothing_of_a_morning_is_still_running(morning: Morning) -> None:
    assert morning.left_running == {}


@pytest.mark.skipif(
    os.environ.get("SHIKAKU_LONG") != "1",
    reason="two minutes: SHIKAKU_LONG=1 plays the morning in auto mode, too; the short "
    "form is tests/device/front/test_guest_card.py",
)
def test_with_the_recommended_pack_the_face_decides(photos: Path) -> None:
    home = house.home(photos, "auto")
    words = ("--script", "morning", "--json")
    with house.demo(home, *words, SHIKAKU_MODELS=str(packs())) as running:
        morning = house.morning_of(running)
    assert f"auto mode, {RECOMMENDED}" in morning.said
    assert [one["error"] for one in morning.visits if "error" in one] == []
    assert (morning.result["passed"], morning.code) == (12, 0)
    assert {one["method"] for one in morning.visits} == {"pin", "face"}
    assert morning.left_running == {}


def packs() -> Path:
    """The folder of the publisher's files: as the user says, or beside the product."""
    named = os.environ.get("SHIKAKU_MODELS")
    folder = Path(named) if named else house.ROOT.parent / "shared" / "models" / "packs"
    if not list(folder.glob(f"{RECOMMENDED}/**/*.xml")):
        pytest.skip(f"{RECOMMENDED} is not here: SHIKAKU_MODELS names no folder of it")
    return folder
