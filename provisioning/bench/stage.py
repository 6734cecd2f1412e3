"""Everything the bench needs on this machine, in one folder that it may delete."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.facilities import SqlFacilities
from cloud.adapters.sql.registry import SqlRegistry
from cloud.adapters.sql.schema import migrate
from cloud.config import load
from cloud.keyring import keep_secrets
from cloud.seed import records
from cloud.worker import LISTENING
from protocol.keys import CloudPublic
from provisioning.bench.deck import Deck
from provisioning.bench.stock import Box
from provisioning.pem import write_certificate, write_private

ENDING_S = 15.0


class BenchError(Exception):
    """The bench cannot run here; says what is missing."""


@dataclass(frozen=True, slots=True)
class Stage:
    folder: Path
    port: int
    broker: int
    """Process id."""
    config: Path


@contextmanager
def broker(folder: Path) -> Iterator[tuple[int, int]]:
    """Mosquitto without TLS on loopback; port and process id."""
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if program is None:
        raise BenchError("Mosquitto is missing: run provisioning/host/packages.sh")
    port = _free_port()
    file = folder / "mosquitto.conf"
    file.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
        "max_inflight_messages 1000\nmax_queued_messages 100000\n"
        "set_tcp_nodelay true\n"
    )
    silent = subprocess.DEVNULL
    with subprocess.Popen(
        [program, "-c", str(file)], stdout=silent, stderr=silent
    ) as p:
        try:
            _wait_for(port, p)
            yield port, p.pid
        finally:
            p.terminate()


@contextmanager
def processes(commands: list[list[str]], log: Path) -> Iterator[list[int]]:
    """Python programs of ours that say when they listen; their process ids."""
    with log.open("ab") as errors:
        running = [
            subprocess.Popen(
                [sys.executable, "-m", *command],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
            for command in commands
        ]
    try:
        for one in running:
            if one.stdout is None or one.stdout.readline().strip() != LISTENING:
                raise BenchError(f"a process did not start: {log.read_text()[-500:]}")
        yield [one.pid for one in running]
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(ENDING_S)
            if one.stdout:
                one.stdout.close()


def echoes(stage: Stage, count: int) -> list[list[str]]:
    return [
        ["provisioning.bench.echo", str(stage.port), str(number)]
        for number in range(count)
    ]


def workers(stage: Stage, count: int) -> list[list[str]]:
    return [
        ["cloud", "worker", "--config", str(stage.config), "--index", str(number)]
        for number in range(count)
    ]


def keys(folder: Path) -> CloudPublic:
    signing, agreement = (
        ec.generate_private_key(ec.SECP256R1()),
        X25519PrivateKey.generate(),
    )
    write_private(folder / "signing.key", signing)
    write_private(folder / "agreement.key", agreement)
    return CloudPublic((signing.public_key(),), agreement.public_key())


def configuration(folder: Path, port: int) -> Path:
    file = folder / "cloud.toml"
    file.write_text(
        f'[cloud]\nhome = "home"\n[broker]\nhost = "127.0.0.1"\nport = {port}\n'
        '[keys]\nsigning = "signing.key"\nagreement = "agreement.key"\n'
        '[trust]\njpki_cas = ["card-ca.pem"]\n'
    )
    return file


def fill(folder: Path, deck: Deck, boxes: tuple[Box, ...], persons: int) -> None:
    """The registry: `persons` fictitious ones, and the holders of the cards."""
    write_certificate(folder / "card-ca.pem", deck.authority.certificate)
    home = folder / "home"
    home.mkdir()
    today = datetime.now(UTC).date()
    with closing(connect(home / "cloud.sqlite3")) as database:
        migrate(database)
        registry = SqlRegistry(database)
        registry.put(records(persons, seed=1, today=today))
        registry.put(deck.holders(today))
        SqlFacilities(database).put_readers(box.enrolled for box in boxes)


def secrets(config: Path) -> None:
    """As `shikaku-cloud migrate` makes them."""
    settings = load(config)
    with closing(connect(settings.where)) as database:
        keep_secrets(settings, database)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, child: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        if child.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise BenchError("Mosquitto does not listen")
