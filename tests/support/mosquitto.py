"""A real Mosquitto with mutual TLS on a free port of this machine."""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from device.adapters.mqtt import BrokerAddress
from provisioning.authority import Authority, found, issue_client, issue_server
from provisioning.broker import ACCESS_LIST, Broker, configuration
from provisioning.pem import write_certificate, write_private

DAY = timedelta(days=1)


def executable() -> str:
    path = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if path is None:
        pytest.skip("no mosquitto on this machine (requirements/debian.txt)")
    return path


def authority(name: str) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    return found(name, key, now=datetime.now(UTC), lifetime=DAY)


@dataclass(slots=True)
class Mosquitto:
    """Started by `start`, killed by `kill`, and so on, as often as a test likes."""

    folder: Path
    root: Authority = field(default_factory=lambda: authority("test fleet"))
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    port: int = 0
    born: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When its certificate was made; it lives for a day."""
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.port = free_port()
        key = ec.generate_private_key(ec.SECP256R1())
        server = issue_server(
            self.root,
            self.hosts,
            key.public_key(),
            now=self.born,
            lifetime=DAY,
        )
        access = self.folder / "access.list"
        access.write_text(ACCESS_LIST)
        access.chmod(0o600)
        broker = Broker(
            self.port,
            write_certificate(self.folder / "ca.pem", self.root.certificate),
            write_certificate(self.folder / "broker.pem", server),
            write_private(self.folder / "broker.key", key),
            access,
            getpass.getuser(),
        )
        (self.folder / "mosquitto.conf").write_text(configuration(broker))

    def start(self) -> None:
        log = (self.folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [executable(), "-c", str(self.folder / "mosquitto.conf")],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + 10
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text())
            time.sleep(0.02)

    def kill(self) -> None:
        """kill -9: no goodbye to anybody. Killing twice is fine."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def client(self, name: str, signed_by: Authority | None = None) -> BrokerAddress:
        """The address, with a certificate in this name (by our authority or not)."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = issue_client(
            signed_by or self.root,
            name,
            key.public_key(),
            now=datetime.now(UTC),
            lifetime=DAY,
        )
        return BrokerAddress(
            host="127.0.0.1",
            port=self.port,
            ca=self.folder / "ca.pem",
            certificate=write_certificate(self.folder / f"{name}.pem", certificate),
            key=write_private(self.folder / f"{name}.key", key),
        )

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
