"""What all share: rendered photos, one scripted morning, one clinic that stays open."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import house
from tests.support.house import Morning
from tests.support.house_clinic import House, open_house
from tests.support.house_ear import Overheard, Pages, ear, heard, wait_for
from tests.support.photos import rendered


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where homes of the house lie, and what they share."""
    place = tmp_path_factory.mktemp("house")
    (place / "photos").symlink_to(rendered(tmp_path_factory))
    return place


@pytest.fixture(scope="session")
def overheard(photos: Path) -> Overheard:
    """A morning in assist mode, with two ears on the broker and an eye on the pages."""
    home = house.home(photos, "morning")
    ears = {who: photos / f"heard by {who}" for who in ("cloud", "reader")}
    words = ("--script", "morning", "--json", "--assist", "--persons", "200")
    with house.demo(home, *words) as running:
        wait_for(running.desk / "reader.toml", running.process)
        pages = Pages.of(running.desk)
        with (
            ear(running.desk, "cloud", ears["cloud"]),
            ear(running.desk, "reader", ears["reader"]),
            pages.watched(),
        ):
            morning = house.morning_of(running)
    return Overheard(
        morning, {who: heard(file) for who, file in ears.items()}, pages.seen
    )


@pytest.fixture(scope="session")
def morning(overheard: Overheard) -> Morning:
    return overheard.morning


@pytest.fixture(scope="session")
def clinic(photos: Path) -> Iterator[House]:
    """In assist mode. Whoever breaks something of it mends it again."""
    with open_house(house.home(photos, "clinic")) as opened:
        yield opened
