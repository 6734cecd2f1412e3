"""`shikaku-demo --script morning`: twelve visits as a user would start them."""

import os
from pathlib import Path

import pytest
from PIL import Image

from device.simulated.persona import personas
from provisioning.demo.models import RECOMMENDED
from provisioning.demo.morning import MORNING
from tests.support import house
from tests.support.house import ROOT, Morning

PARTS = {"card", "face", "round_trip", "total_machine"}
SCREEN = (800, 480)


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
    folder = Path(named) if named else ROOT.parent / "shared" / "models" / "packs"
    if not list(folder.glob(f"{RECOMMENDED}/**/*.xml")):
        pytest.skip(f"{RECOMMENDED} is not here: SHIKAKU_MODELS names no folder of it")
    return folder
