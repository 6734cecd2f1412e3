"""What the outbox accepted is there after a kill; what it cannot keep it refuses."""

import os
import random
import signal
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.adapters.outbox_sqlite import SqliteOutbox
from device.ports import OutboxRecord, PartError
from tests.support.full_disk import fill, small_disk

KILLS = int(os.environ.get("SHIKAKU_OUTBOX_KILLS", "50"))
"""The long form runs 10,000 (reliability goal G01)."""


def write_until_killed(path: Path, cycle: int, says: int) -> None:
    """The child. It says an id after `put` returned: what it said is promised."""
    with SqliteOutbox(path, capacity=10**6) as outbox:
        for number in range(10**6):
            name = f"{cycle}-{number}"
            outbox.put(record(name))
            if number % 3 == 2:
                outbox.forget(name)
            os.write(says, f"{'-' if number % 3 == 2 else '+'}{name}\n".encode())


def killed_while_writing(path: Path, cycle: int, after_s: float) -> list[str]:
    """Fork a writer, kill it with signal 9, and return the lines it said."""
    hears, says = os.pipe()
    child = os.fork()
    if child == 0:
        write_until_killed(path, cycle, says)
    os.close(says)
    with os.fdopen(hears, "rb") as pipe:
        first = pipe.readline()
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        lines = [first, *pipe.readlines()]
    return [line.decode().strip() for line in lines if line.endswith(b"\n")]


def record(name: str, size: int = 100) -> OutboxRecord:
    return OutboxRecord(name, "consent-request", bytes(size), 1, 2, "visit")


def names(outbox: SqliteOutbox) -> list[str]:
    return [kept.request_id for kept in outbox.pending()]


def put_until_refused(outbox: SqliteOutbox) -> tuple[list[str], str]:
    """What was accepted before the first refusal, and the refusal's code."""
    accepted: list[str] = []
    while True:
        name = f"r{len(accepted)}"
        try:
            outbox.put(record(name, 8000))
        except PartError as error:
            return accepted, error.code
        accepted.append(name)


def test_nothing_accepted_is_lost_to_kill_9(tmp_path: Path) -> None:
    """Kill the writer anywhere, again and again, on one and the same file."""
    path = tmp_path / "outbox.sqlite"
    chance = random.Random(1)  # noqa: S311
    promised: set[str] = set()
    forgotten: set[str] = set()
    with SqliteOutbox(path):
        pass
    for cycle in range(KILLS):
        said = killed_while_writing(path, cycle, chance.uniform(0.0, 0.05))
        promised |= {line[1:] for line in said if line[0] == "+"}
        forgotten |= {line[1:] for line in said if line[0] == "-"}
    with SqliteOutbox(path) as outbox:
        kept = set(names(outbox))
    assert len(promised) >= KILLS
    assert promised <= kept
    assert not forgotten & kept


def test_a_full_disk_is_d701_and_what_was_kept_stays(tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "small", "512k") as folder,
        SqliteOutbox(folder / "outbox.sqlite") as outbox,
    ):
        outbox.put(record("before"))
        filler = fill(folder)
        accepted, code = put_until_refused(outbox)
        assert code == "D701"
        assert names(outbox) == ["before", *accepted]
        filler.unlink()
        outbox.put(record("after"))
        assert names(outbox) == ["before", *accepted, "after"]


def test_a_full_outbox_is_n304(tmp_path: Path) -> None:
    with SqliteOutbox(tmp_path / "outbox.sqlite", capacity=2) as outbox:
        outbox.put(record("a"))
        outbox.put(record("b"))
        with pytest.raises(PartError) as caught:
            outbox.put(record("c"))
        assert caught.value.code == "N304"
        outbox.forget("a")
        outbox.put(record("c"))
        assert names(outbox) == ["b", "c"]


def test_a_used_id_is_refused_and_the_first_stays(tmp_path: Path) -> None:
    with SqliteOutbox(tmp_path / "outbox.sqlite") as outbox:
        outbox.put(record("a", 10))
        with pytest.raises(PartError) as caught:
            outbox.put(record("a", 20))
        assert caught.value.code == "M409"
        assert [len(kept.sealed) for kept in outbox.pending()] == [10]


@pytest.mark.parametrize("place", [0, 30, 100, 4096])
def test_a_damaged_database_refuses_to_start(tmp_path: Path, place: int) -> None:
    """Header, schema, table. A damaged row is found by its own seal (uplink)."""
    path = tmp_path / "outbox.sqlite"
    with SqliteOutbox(path) as outbox:
        for number in range(30):
            outbox.put(record(f"r{number}", 400))
    content = bytearray(path.read_bytes())
    content[place : place + 40] = b"\xff" * 40
    path.write_bytes(content)
    with pytest.raises(PartError) as caught:
        SqliteOutbox(path)
    assert caught.value.code == "D704"


def test_a_file_of_another_version_refuses_to_start(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    with SqliteOutbox(path) as outbox:
        outbox._db.execute("PRAGMA user_version = 99")
    with pytest.raises(PartError, match="schema 99 unknown"):
        SqliteOutbox(path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(PartError, match="No such file"):
        SqliteOutbox(tmp_path / "nowhere" / "outbox.sqlite")


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    with SqliteOutbox(tmp_path / "outbox.sqlite") as outbox:
        outbox.put(record("a"))
        modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {0o600}


def test_it_flushes_every_commit(tmp_path: Path) -> None:
    """FULL is 2. NORMAL lost rows in half of the measured power cuts."""
    with SqliteOutbox(tmp_path / "outbox.sqlite") as outbox:
        assert outbox._db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert outbox._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_closing_twice_is_fine(tmp_path: Path) -> None:
    outbox = SqliteOutbox(tmp_path / "outbox.sqlite")
    outbox.close()
    outbox.close()


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=30))
def test_it_is_a_list_with_oldest_first(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, int]]
) -> None:
    path = tmp_path_factory.mktemp("outbox") / "outbox.sqlite"
    model: list[str] = []
    with SqliteOutbox(path) as outbox:
        for put, number in steps:
            name = str(number)
            if not put:
                outbox.forget(name)
                model = [kept for kept in model if kept != name]
            elif name not in model:
                outbox.put(record(name))
                model.append(name)
        assert names(outbox) == model
    with SqliteOutbox(path) as outbox:
        assert names(outbox) == model
