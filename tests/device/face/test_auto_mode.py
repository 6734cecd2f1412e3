"""The recommended pack, installed and accepted by name, on rendered people."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from device.face.decision import ModeError
from device.face.model import FaceSeen
from device.sight import FaceSight, open_sight
from device.simulated.camera import SimulatedCamera
from device.simulated.heads import Head, card_photo
from device.simulated.persona import personas
from provisioning.models.install import InstallError, install
from tests.support.reading import read

PACK, RECORD = "intel-reid-0095", "reid-mean5-0.42"
REPOSITORY = Path(__file__).resolve().parents[3]
SOURCE = Path(
    os.environ.get("SHIKAKU_MODELS", str(REPOSITORY.parent / "shared" / "models"))
)


class SteppingClock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        self.seconds += 0.25
        return self.seconds


Opener = Callable[[SimulatedCamera, tuple[str, ...]], FaceSight]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opener:
    home = tmp_path_factory.mktemp("home")
    try:
        install(PACK, home, SOURCE, print)
    except InstallError as error:
        pytest.skip(str(error))

    def open_it(camera: SimulatedCamera, accepted: tuple[str, ...]) -> FaceSight:
        return open_sight(
            home / "models",
            PACK,
            camera,
            SteppingClock(),
            mode="auto",
            accepted_records=accepted,
        )

    return open_it


@pytest.mark.parametrize("accepted", [(), ("another-record",)])
def test_auto_is_refused_until_the_record_is_accepted(
    opened: Opener, accepted: tuple[str, ...]
) -> None:
    with pytest.raises(ModeError, match=RECORD):
        opened(SimulatedCamera(), accepted)


async def test_it_decides_for_the_owner_and_against_a_stranger(opened: Opener) -> None:
    owner, stranger = personas()[:2]
    photo = card_photo(Head(owner.head))
    camera = SimulatedCamera(pause_s=0.0)
    ends = []
    async with opened(camera, (RECORD,)) as sight:
        assert sight.mode == "auto"
        for who in (stranger, owner):
            camera.stand(who)
            *_, end = [each async for each in sight.look(read(photo))]
            assert isinstance(end, FaceSeen)
            ends.append((end.matched, end.mode, end.rule))
    assert ends == [(False, "auto", RECORD), (True, "auto", RECORD)]
