"""A site's record: what a handful of volunteers may change, and what is written."""

import csv
import json
import re
import shutil
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image
from pydantic import ValidationError
from typer.testing import CliRunner

from device.adapters.face_tflite import FaceModels, read_pack
from device.adapters.model_folder import shipped_folder
from device.adapters.site_file import site_path, with_site_record, write_site_record
from device.evaluation.pairs import Pair
from device.evaluation.portrait import Card
from device.evaluation.run import Comparison, Experiment, Outcome
from device.face.decision import ModeError, ruling
from device.face.pack import Pack
from device.face.site import site_record, with_site
from device.ports import PartError
from device.simulated.heads import Head, Scene, render
from device.simulated.persona import personas
from provisioning.cli import app
from provisioning.models.calibrate import CalibrationError, Wanted, calibrated
from provisioning.models.store import PackStore

TODAY = date(2026, 11, 26)
WANTED = Wanted(0.001, "volunteers of a test", TODAY)


def deciding(pack: Pack) -> Pack:
    return pack.model_copy(update={"id": "site-pack", "assist_only": False})


PACK = deciding(read_pack(shipped_folder()))
OWN = PACK.embedder.calibrations[0].threshold


def outcome(people: int, stranger: float, twins: float | None = None) -> Outcome:
    """Two pictures of each person at 0.2; every two people at `stranger`, but the
    first two at `twins`."""
    names = [f"p{number:03}" for number in range(people)]
    compared = [
        Comparison(Pair(f"{name}/1", f"{name}/2", same=True), 0.2) for name in names
    ]
    for number, (a, b) in enumerate(combinations(names, 2)):
        near = twins if twins is not None and number == 0 else stranger
        compared.append(Comparison(Pair(f"{a}/1", f"{b}/1", same=False), near))
    who = {n: n[:4] for each in compared for n in (each.pair.a, each.pair.b)}
    experiment = Experiment(5, Card("jp2", 5000))
    return Outcome(experiment, tuple(compared), (), who, len(who), (), {})


def test_without_strangers_there_is_no_record() -> None:
    with pytest.raises(CalibrationError, match="both needed"):
        calibrated(PACK, outcome(1, 0.7), WANTED)


def test_one_person_listed_as_two_is_no_calibration() -> None:
    with pytest.raises(CalibrationError, match="one person listed as two"):
        calibrated(PACK, outcome(5, 0.7, twins=0.0), WANTED)


def test_a_handful_of_people_never_loosens_the_packs_threshold() -> None:
    record = calibrated(PACK, outcome(10, 0.9), WANTED)
    assert record.threshold == OWN
    assert record.status == "none"  # 45 comparisons cannot show 1 in 1000
    assert "which is stricter" in record.statement


def test_a_handful_of_people_can_tighten_it() -> None:
    record = calibrated(PACK, outcome(46, 0.4), WANTED)
    assert record.threshold == 0.4
    assert record.false_match[0].errors == 0
    assert record.status == "indicative"
    assert "not demonstrated" in record.statement


def test_three_thousand_pairs_without_an_error_demonstrate_a_thousandth() -> None:
    record = calibrated(PACK, outcome(78, 0.7), WANTED)
    assert record.status == "demonstrated"
    assert record.threshold == 0.7
    assert record.bound is not None
    assert record.bound <= 0.001
    assert calibrated(PACK, outcome(77, 0.7), WANTED).status != "demonstrated"


def test_the_nearest_pair_of_people_sets_what_is_demonstrated() -> None:
    record = calibrated(PACK, outcome(78, 0.7, twins=0.5555), WANTED)
    assert record.status == "demonstrated"
    assert record.threshold == 0.555  # rounded down: no distance is written


def test_a_site_record_decides_only_when_it_is_accepted() -> None:
    record = calibrated(PACK, outcome(46, 0.4), WANTED)
    sited = with_site(PACK, site_record(PACK, record))
    with pytest.raises(ModeError, match=record.name):
        ruling(sited, "auto", ())
    assert ruling(sited, "auto", {record.name}).calibration == record
    assert ruling(sited, "assist", ()).calibration == PACK.embedder.calibrations[0]


def test_a_record_of_another_model_is_not_used() -> None:
    site = site_record(PACK, calibrated(PACK, outcome(78, 0.7), WANTED))
    other = PACK.model_copy(update={"version": "next"})
    assert with_site(other, site) is other


def test_a_name_that_the_pack_has_is_not_taken() -> None:
    own = PACK.embedder.calibrations[0]
    with pytest.raises(ValidationError, match="name is its own"):
        with_site(PACK, site_record(PACK, own))


def test_a_damaged_site_record_is_not_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "site-pack"
    assert with_site_record(PACK, folder) is PACK
    site_path(folder).write_text("{}")
    with pytest.raises(PartError, match=r"F204.*site-pack\.site\.json"):
        with_site_record(PACK, folder)


def test_a_new_record_replaces_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "site-pack"
    for people in (78, 79):
        record = calibrated(PACK, outcome(people, 0.7), WANTED)
        write_site_record(site_record(PACK, record), folder)
    known = with_site_record(PACK, folder).calibration("site-mean5-0.7")
    assert known is not None
    assert known.false_match[0].people == 79
    assert [each.name for each in tmp_path.iterdir()] == ["site-pack.site.json"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the shipped files as an installed pack that may decide."""
    folder = tmp_path / "home" / "models" / PACK.id
    shutil.copytree(shipped_folder(), folder)
    (folder / "manifest.json").write_text(PACK.model_dump_json())
    return tmp_path / "home"


@pytest.fixture
def volunteers(tmp_path: Path) -> Path:
    root = tmp_path / "volunteers"
    root.mkdir()
    near = Scene(width=240, height=180, wall=(220, 222, 228))
    for name, persona in zip(("hanako", "ichiro"), personas()[:2], strict=True):
        face = Image.fromarray(render(Head(persona.head), near))
        face.save(root / f"{name}.png")
        face.resize((320, 240)).save(root / f"{name}-2.png")
    with (root / "pairs.csv").open("w", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(("a", "b", "same"))
        files = sorted(each.name for each in root.glob("*.png"))
        rows.writerows((a, b, int(a[:3] == b[:3])) for a, b in combinations(files, 2))
    return root


def numbers_in(value: object) -> int:
    """The longest list of numbers anywhere."""
    if isinstance(value, dict):
        return max((numbers_in(each) for each in value.values()), default=0)
    if isinstance(value, list):
        inner = max((numbers_in(each) for each in value), default=0)
        return max(inner, sum(isinstance(each, int | float) for each in value))
    return 0


def test_only_statistics_are_written(home: Path, volunteers: Path) -> None:
    before = {each for each in home.rglob("*") if each.is_file()}
    done = CliRunner().invoke(
        app,
        ["models", "calibrate", str(volunteers / "pairs.csv"), "--root",
         str(volunteers), "--pack", PACK.id, "--population", "two drawings",
         "--rule", "single", "--home", str(home), "--json"],
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    (written,) = {each for each in home.rglob("*") if each.is_file()} - before
    text = written.read_text()
    assert len(text) < 2500
    assert numbers_in(json.loads(text)) == 0
    assert not re.search(r"\d\.\d{5,}", text)
    digest = PACK.embedding.sha256
    assert not re.search(r"[A-Za-z0-9+/=_-]{41,}", text.replace(digest, ""))
    assert "hanako" not in text
    assert "two drawings" in text
    printed = json.loads(done.stdout)
    assert printed["record"]["status"] == "none"
    loaded = FaceModels.open(home / "models" / PACK.id)
    assert loaded.pack.calibration(printed["record"]["name"]) is not None
    assert PackStore(home).names() == [PACK.id]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--pack", "dlib-resnet"), "not installed"),
        (("--pack", PACK.id, "--rule", "best"), "a rule is single"),
        (("--pack", PACK.id, "--card", "gif:1"), "a card is"),
        (("--pack", PACK.id, "--population", " "), "cannot be empty"),
    ],
)
def test_a_wrong_command_is_exit_2_and_writes_nothing(
    home: Path, words: tuple[str, ...], said: str
) -> None:
    given = ["none.csv", "--root", str(home), "--population", "x", "--home", str(home)]
    done = CliRunner().invoke(app, ["models", "calibrate", *given, *words])
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert not list(home.rglob("*.site.json"))


def test_a_pack_for_assistance_only_is_not_calibrated(home: Path) -> None:
    manifest = home / "models" / PACK.id / "manifest.json"
    helping = PACK.model_copy(update={"assist_only": True})
    manifest.write_text(helping.model_dump_json())
    given = ["x.csv", "--root", ".", "--population", "x", "--home", str(home)]
    done = CliRunner().invoke(app, ["models", "calibrate", *given, "--pack", PACK.id])
    assert done.exit_code == 2
    assert "assistance only" in done.stderr
