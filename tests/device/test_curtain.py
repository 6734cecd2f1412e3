"""E-paper keeps its picture: a reader that is not there says that it is not."""

from pathlib import Path

import pytest

from device.curtain import UPDATING, curtain
from device.ports import PartError
from device.simulated.panel import SimulatedPanel
from protocol.catalogue import Code
from ui_eink.render import render
from ui_eink.views import Lang, OutOfService, Updating


def pixels(panel: SimulatedPanel) -> bytes:
    return panel.picture.tobytes()


async def test_a_reader_starts_tries_its_parts_and_leaves_no_invitation(
    tmp_path: Path,
) -> None:
    panel = SimulatedPanel()
    async with curtain(panel, Lang.JA, tmp_path, simulated=False) as tried:
        await tried(1, 3)
        await tried(3, 3)
    names = [shot.name for shot in panel.shots]
    assert names == ["starting_up", "self_test", "self_test", "out_of_service"]
    assert pixels(panel) == render(OutOfService(), Lang.JA).tobytes()


async def test_a_part_that_cannot_be_opened_is_named_on_the_paper(
    tmp_path: Path,
) -> None:
    panel = SimulatedPanel()
    with pytest.raises(PartError):
        async with curtain(panel, Lang.EN, tmp_path, simulated=False):
            raise PartError(Code.MODEL_MISSING)
    assert pixels(panel) == render(OutOfService("F204"), Lang.EN).tobytes()


async def test_a_new_version_is_announced_and_the_mark_is_used_up(
    tmp_path: Path,
) -> None:
    panel = SimulatedPanel()
    async with curtain(panel, Lang.JA, tmp_path, simulated=True):
        (tmp_path / UPDATING).touch()
    after = render(Updating(), Lang.JA, simulated=True).tobytes()
    assert pixels(panel) == after
    async with curtain(panel, Lang.JA, tmp_path, simulated=True):
        assert not (tmp_path / UPDATING).exists()


async def test_a_panel_that_fails_stops_nobody(tmp_path: Path) -> None:
    class Torn(SimulatedPanel):
        async def show(self, picture: object, name: str) -> None:
            raise PartError(Code.SELFTEST_FAILED)

    async with curtain(Torn(), Lang.JA, tmp_path, simulated=False) as tried:
        await tried(1, 3)
