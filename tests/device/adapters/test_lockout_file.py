"""The lock-out on the disk: power cuts and clocks do not open it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from device.adapters.lockout_file import LockoutFile
from device.face.lockout import LOCKED_S
from device.ports import PartError

KEY, CARD = bytes(range(32)), b"\x07" * 32


class Clock:
    """A wall clock that anybody may set, and a life that nobody can."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 4, 1, tzinfo=UTC)
        self.life = 0.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.life


def opened(path: Path, clock: Clock) -> LockoutFile:
    return LockoutFile(path / "lockout.json", KEY, clock)


def fail(book: LockoutFile, times: int = 5) -> None:
    for _ in range(times):
        book.begun(CARD)


def test_a_restart_after_every_failure_saves_nobody(tmp_path: Path) -> None:
    for _ in range(5):
        assert not opened(tmp_path, Clock()).locked(CARD)
        opened(tmp_path, Clock()).begun(CARD)
    assert opened(tmp_path, Clock()).locked(CARD)


@pytest.mark.parametrize("year", [1999, 2026, 2099])
def test_a_clock_that_is_set_opens_no_lock(tmp_path: Path, year: int) -> None:
    clock = Clock()
    book = opened(tmp_path, clock)
    fail(book)
    clock.wall = datetime(year, 1, 1, tzinfo=UTC)
    assert book.locked(CARD)
    assert opened(tmp_path, clock).locked(CARD)


def test_a_lock_opens_by_time_that_was_lived(tmp_path: Path) -> None:
    clock = Clock()
    fail(opened(tmp_path, clock))
    for _ in range(3):
        book = opened(tmp_path, clock := Clock())
        clock.life += LOCKED_S / 3
        still_locked = book.locked(CARD)
    assert not still_locked
    assert not opened(tmp_path, Clock()).locked(CARD)


def test_a_turn_that_was_seen_is_remembered_too(tmp_path: Path) -> None:
    book = opened(tmp_path, Clock())
    fail(book)
    book.passed(CARD)
    assert not opened(tmp_path, Clock()).locked(CARD)


def test_the_file_holds_no_card(tmp_path: Path) -> None:
    fail(opened(tmp_path, Clock()))
    (path,) = tmp_path.iterdir()
    assert CARD.hex() not in path.read_text()
    assert not LockoutFile(path, bytes(32), Clock()).locked(CARD), "keyed"


@pytest.mark.parametrize("content", [b"", b"{", b'{"rows": [{"card": "x"}]}'])
def test_a_file_that_is_not_ours_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lockout.json").write_bytes(content)
    with pytest.raises(PartError, match="D702"):
        opened(tmp_path, Clock())


def test_a_failure_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    book = opened(tmp_path / "gone", Clock())
    with pytest.raises(PartError, match="D701"):
        book.begun(CARD)
