"""Into the watched folder: whole or not at all, and a full disk says so."""

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from device.bridge.folder import FolderDesk
from device.ports import PartError
from protocol.codes import Outcome, Sex, Validity
from protocol.ids import FacilityCode, ReaderId, RequestId, VisitId
from protocol.messages import Patient, VerificationAnswer
from protocol.oqs.text import Encoding
from tests.support.full_disk import fill, small_disk

ANSWER = VerificationAnswer(
    request_id=RequestId("01867250-0000-7000-8000-000000000001"),
    request_hash=bytes(32),
    reader_id=ReaderId("rd-tokyo-1"),
    answered_at=1_676_972_915_000,
    visit_id=VisitId("01867250-1234-7abc-8def-0123456789ab"),
    outcome=Outcome.ACCEPTED,
    validity=Validity.VALID,
    patient=Patient(
        name="資格 花子",
        name_kana="シカク ハナコ",
        birth_date="1958-07-04",
        sex=Sex.FEMALE,
    ),
)


def desk(folder: Path) -> FolderDesk:
    return FolderDesk(folder, FacilityCode("0110113719"), Encoding.UTF8)


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "small", "64k") as folder:
        fill(folder)
        yield folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def read_all(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.glob("*.xml")]


async def test_a_missing_folder_is_d703(tmp_path: Path) -> None:
    with pytest.raises(PartError) as caught:
        await desk(tmp_path / "not-there").deliver(ANSWER, None)
    assert caught.value.code == "D703"


async def test_a_full_disk_is_d701_and_leaves_nothing_half(full_disk: Path) -> None:
    with pytest.raises(PartError) as caught:
        await desk(full_disk).deliver(ANSWER, None)
    assert caught.value.code == "D701"
    assert names(full_disk) == ["filler"]


async def test_the_self_test_finds_a_folder_that_cannot_be_written(
    tmp_path: Path,
) -> None:
    with pytest.raises(PartError) as caught:
        desk(tmp_path / "not-there").check()
    assert caught.value.code == "D703"
    desk(tmp_path).check()
    assert names(tmp_path) == []


async def test_a_watcher_never_sees_half_a_file(tmp_path: Path) -> None:
    seen: list[bytes] = []

    async def watch() -> None:
        while not seen:
            seen.extend(read_all(tmp_path))
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(watch())
        path = await desk(tmp_path).deliver(ANSWER, None)
    assert seen == [path.read_bytes()]
    assert seen[0].endswith(b"</XmlMsg>\n")


async def test_others_on_the_machine_cannot_read_it(tmp_path: Path) -> None:
    path = await desk(tmp_path).deliver(ANSWER, None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


async def test_two_deliveries_in_one_second_are_two_files(tmp_path: Path) -> None:
    first = await desk(tmp_path).deliver(ANSWER, None)
    second = await desk(tmp_path).deliver(ANSWER, None)
    assert names(tmp_path) == sorted([first.name, second.name])


async def test_neither_name_nor_log_says_who_was_here(tmp_path: Path) -> None:
    with capture_logs() as lines:
        path = await desk(tmp_path).deliver(ANSWER, None)
    said = str(lines) + path.name
    assert lines
    assert not any(word in said for word in ("資格", "花子", "ﾊﾅｺ", "1958"))
