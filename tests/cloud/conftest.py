"""Stores of both kinds, and a real broker on a free loopback port."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cloud.adapters.sqlite import connect, migrate
from cloud.main import Stores, sqlite_stores
from tests.cloud.world import World, memory_stores


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """The same contract holds for both."""
    if request.param == "memory":
        yield memory_stores()
        return
    with closing(connect(tmp_path / "cloud.sqlite3")) as database:
        migrate(database)
        yield sqlite_stores(database)


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
