"""Stores of both kinds, and a real broker on a free loopback port."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import structlog

from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.postgres import PostgresDatabase
from cloud.adapters.sql.schema import migrate
from cloud.main import Stores, sql_stores
from tests.cloud.world import AUDIT_SECRET, World, memory_stores
from tests.support.postgres import Cluster, empty, postgres


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL of our own, with one database that has the schema."""
    with postgres(tmp_path_factory.mktemp("postgres")) as running:
        with closing(PostgresDatabase(running.conninfo)) as database:
            migrate(database)
        yield running


@pytest.fixture(scope="session")
def sqlite_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema: copying it is quicker than migrating."""
    file = tmp_path_factory.mktemp("schema") / "cloud.sqlite3"
    with closing(connect(file)) as made:
        migrate(made)
    return file


@contextmanager
def _opened(request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    """With the schema, and nothing in it."""
    if request.param == "sqlite":
        file = folder / "cloud.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_schema"), file)
        with closing(connect(file)) as opened:
            yield opened
        return
    running: Cluster = request.getfixturevalue("cluster")
    with closing(PostgresDatabase(running.conninfo)) as opened:
        empty(opened)
        yield opened


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with _opened(request, tmp_path) as opened:
        yield opened


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """The same contract holds for all."""
    if request.param == "memory":
        yield memory_stores()
        return
    with _opened(request, tmp_path) as opened:
        yield sql_stores(opened, AUDIT_SECRET)


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """A command that ran in a test leaves no logger behind that writes to its file."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def world(stores: Stores) -> World:
    return World(stores)


@pytest.fixture
def broker_port(tmp_path: Path) -> Iterator[int]:
    """Mosquitto without TLS on loopback, ended when the test is over."""
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if program is None:
        pytest.skip("Mosquitto is not installed (provisioning/host/packages.sh)")
    port = _free_port()
    file = tmp_path / "mosquitto.conf"
    file.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
    )
    broker = subprocess.Popen(
        [program, "-c", str(file)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, broker)
        yield port
    finally:
        broker.terminate()
        broker.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, broker: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        if broker.poll() is not None:
            pytest.fail("Mosquitto ended at once")
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("Mosquitto does not listen")
