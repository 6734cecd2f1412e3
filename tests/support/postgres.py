"""A PostgreSQL from Debian's packages: own folder, own socket, gone afterwards."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.tables import metadata

PROGRAMS = Path("/usr/lib/postgresql")
ACCOUNT = "postgres"
SETTINGS = (
    "listen_addresses=''",
    # A test's database need not survive a power cut.
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
)


@dataclass(frozen=True)
class Cluster:
    socket: Path

    @property
    def conninfo(self) -> str:
        return f"host={self.socket} dbname=postgres user={ACCOUNT}"


@contextmanager
def postgres(_folder: Path) -> Iterator[Cluster]:
    """Skips, with the reason, where there is none to start."""
    programs = _programs()
    # Not under pytest's folders: its account may not look into those, and the name
    # of a socket is at most 107 bytes long.
    home = Path(mkdtemp(prefix="shikaku-pg-"))
    try:
        shutil.chown(home, ACCOUNT) if os.geteuid() == 0 else None
        _run(
            programs / "initdb",
            "-D",
            home / "data",
            "-U",
            ACCOUNT,
            "-E",
            "UTF8",
            "--locale=C",
            "--auth=trust",
            "--no-sync",
        )
        options = " ".join(
            f"-c {one}" for one in (*SETTINGS, f"unix_socket_directories={home}")
        )
        _run(
            programs / "pg_ctl",
            "-D",
            home / "data",
            "-l",
            home / "log",
            "-w",
            "-o",
            options,
            "start",
        )
        try:
            yield Cluster(home)
        finally:
            _run(programs / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def empty(database: Database) -> None:
    """What holds a row or has counted one: to truncate a table takes milliseconds."""
    asked = " UNION ALL ".join(
        f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {one})"  # noqa: S608
        for one in metadata.tables
    )
    counters = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
    used = {name for (name,) in database.run_text(asked)}
    used |= {name.removesuffix("_id_seq") for (name,) in database.run_text(counters)}
    if used:
        names = ", ".join(sorted(used))
        database.run_text(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


def _programs() -> Path:
    found = sorted(PROGRAMS.glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL is not installed (provisioning/host/packages.sh test)")
    return found[-1].parent


def _run(*command: object) -> None:
    """As an account of its own: PostgreSQL refuses to run as root."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(ACCOUNT)
        except KeyError:
            pytest.skip(f"root cannot start PostgreSQL without the account {ACCOUNT}")
        words = ["runuser", "-u", ACCOUNT, "--", *words]
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, cwd="/", timeout=120
    )
    if done.returncode:
        pytest.fail(f"{words[-1]}: {done.stdout}{done.stderr}")
