"""Bulk inquiries: every row answered once, whatever happens; nobody else's."""

from pathlib import Path

import pytest

from cloud.main import Stores
from tests.cloud.bulk_world import Room, row, somebody
from tests.cloud.world import FACILITY


@pytest.fixture
def room(stores: Stores, tmp_path: Path) -> Room:
    def commit(*rows: object) -> None:
        stores.audit.append(rows)  # type: ignore[arg-type]

    return Room(stores, tmp_path, commit)


def test_a_file_becomes_a_number_and_the_number_an_answer_for_every_row(
    room: Room,
) -> None:
    room.stores.registry.put([somebody(n) for n in range(1, 4)])
    name = room.submit([row(1), row(2), row(9)])
    job = room.bulk.job(FACILITY, name)
    assert (job.rows, job.answered, job.state) == (3, 0, "waiting")
    room.run()
    job = room.bulk.job(FACILITY, name)
    assert (job.answered, job.good, job.faulty, job.state) == (3, 3, 0, "done")
    units = room.result(name).body.all("BulkConfirmUnit")
    assert [one.get("QualificationValidity") for one in units] == ["1", "1", "4"]
    print(units[0].parts)
    print(room.result(name).header.parts)
