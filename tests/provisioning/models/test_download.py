"""A download goes on where it stopped, and only the pinned file is ever used."""

import fcntl
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from provisioning.models.download import FetchError, Patience, Wanted, download
from tests.support.file_server import FileServer

Say = Callable[[str], None]
CONTENT = bytes(range(256)) * 2000
DIGEST = sha256(CONTENT).hexdigest()
QUICK = Patience(silence_s=0.5, whole_s=5.0)


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer({"pack": CONTENT}) as made:
        yield made


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "pack.part"


@pytest.fixture
def fetch(server: FileServer, part: Path, say: Say) -> Callable[[], None]:
    wanted = Wanted("pack", server.address("pack"), 1 << 20)
    return lambda: download(wanted, part, DIGEST, say, QUICK)


Fetch = Callable[[], None]


def test_a_connection_that_breaks_is_taken_up_again(
    server: FileServer, part: Path, fetch: Fetch
) -> None:
    server.breaks = [100_000, 50_000]
    fetch()
    assert part.read_bytes() == CONTENT
    assert server.asked == [None, "bytes=100000-", "bytes=150000-"]


def test_one_that_always_breaks_is_given_up_and_kept(
    server: FileServer, part: Path, fetch: Fetch
) -> None:
    server.breaks = [1000, 1000, 1000]
    with pytest.raises(FetchError, match="what came is kept"):
        fetch()
    assert part.read_bytes() == CONTENT[:3000]
    fetch()
    assert part.read_bytes() == CONTENT


def test_a_server_without_ranges_starts_over(
    server: FileServer, part: Path, fetch: Fetch, said: list[str]
) -> None:
    server.knows_range = False
    server.breaks = [100_000]
    fetch()
    assert part.read_bytes() == CONTENT
    assert any("from the start" in line for line in said)


def test_what_came_before_and_does_not_fit_is_thrown_away(
    server: FileServer, part: Path, fetch: Fetch
) -> None:
    part.write_bytes(b"junk" * 1000)
    fetch()
    assert part.read_bytes() == CONTENT
    assert server.asked == ["bytes=4000-", None]


def test_more_than_there_is_is_thrown_away(part: Path, fetch: Fetch) -> None:
    part.write_bytes(CONTENT + b"more")
    fetch()
    assert part.read_bytes() == CONTENT


def test_a_whole_file_is_not_asked_for_again(
    server: FileServer, part: Path, fetch: Fetch
) -> None:
    part.write_bytes(CONTENT)
    fetch()
    assert server.asked == []


def test_a_corrupted_file_is_not_kept(
    server: FileServer, part: Path, fetch: Fetch
) -> None:
    server.files["pack"] = CONTENT[:-1] + b"?"
    with pytest.raises(FetchError, match="SHA-256"):
        fetch()
    assert not part.exists()


def test_an_unannounced_end_is_noticed_by_the_hash(
    server: FileServer, part: Path, fetch: Fetch
) -> None:
    server.announces, server.breaks = False, [1000]
    with pytest.raises(FetchError, match="SHA-256"):
        fetch()
    assert not part.exists()


def test_no_such_file_is_one_clear_line(server: FileServer, fetch: Fetch) -> None:
    server.status = [404]
    with pytest.raises(FetchError, match="answers 404; check the address"):
        fetch()
    assert len(server.asked) == 1


def test_a_server_in_trouble_is_asked_again(
    server: FileServer, part: Path, fetch: Fetch
) -> None:
    server.status = [500, 503]
    fetch()
    assert part.read_bytes() == CONTENT
    server.status = [500, 500, 500]
    part.unlink()
    with pytest.raises(FetchError, match="answers 500; run it again"):
        fetch()


def test_one_that_drips_is_given_up_and_kept(
    server: FileServer, part: Path, say: Say
) -> None:
    server.drip_s = 0.01
    wanted = Wanted("pack", server.address("pack"), 1 << 20)
    with pytest.raises(FetchError, match="too slow"):
        download(wanted, part, DIGEST, say, Patience(silence_s=1, whole_s=0.2))
    assert 0 < len(part.read_bytes()) < len(CONTENT)


def test_more_than_may_come_is_not_kept(
    server: FileServer, part: Path, say: Say
) -> None:
    wanted = Wanted("pack", server.address("pack"), 1000)
    with pytest.raises(FetchError, match="longer"):
        download(wanted, part, DIGEST, say, QUICK)
    assert part.stat().st_size == 0


def test_another_installation_is_not_disturbed(part: Path, fetch: Fetch) -> None:
    with part.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(FetchError, match="another installation"):
            fetch()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://host/x", "http:///x"])
def test_other_addresses_are_refused(part: Path, say: Say, url: str) -> None:
    with pytest.raises(FetchError, match="not a web address"):
        download(Wanted("pack", url, 1000), part, DIGEST, say, QUICK)


def test_progress_is_said_in_steps(fetch: Fetch, said: list[str]) -> None:
    fetch()
    assert said[-1] == "pack: 100 %"
    assert 3 <= len(said) <= 12
