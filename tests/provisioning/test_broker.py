"""The broker's access list, judged by what a real Mosquitto delivers."""

import getpass
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from protocol.ids import ReaderId
from protocol.topics import answer, presence, request
from provisioning.authority import Authority, found, issue_client, issue_server
from provisioning.broker import ACCESS_LIST, CLOUD, Broker, configuration
from provisioning.pem import write_certificate, write_private

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
MINE, OTHER = ReaderId("rd-mine"), ReaderId("rd-other")


class Desk:
    """A running broker and one client folder for each name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ca = found("test fleet", _key(), now=NOW, lifetime=DAY)
        write_certificate(folder / "ca.pem", self.ca.certificate)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._serve()

    def _serve(self) -> None:
        own = _key()
        server = issue_server(
            self.ca, ("127.0.0.1",), own.public_key(), now=NOW, lifetime=DAY
        )
        broker = Broker(
            self.port,
            self.folder / "ca.pem",
            write_certificate(self.folder / "broker.pem", server),
            write_private(self.folder / "broker.key", own),
            self.folder / "acl",
            getpass.getuser(),
        )
        broker.access_list.write_text(ACCESS_LIST)
        broker.access_list.chmod(0o600)
        (self.folder / "mosquitto.conf").write_text(configuration(broker))
        self.process = subprocess.Popen(
            ["mosquitto", "-c", self.folder / "mosquitto.conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("mosquitto did not start")

    def client(self, name: str, ca: Authority | None = None) -> list[str]:
        own = _key()
        leaf = issue_client(
            ca or self.ca, name, own.public_key(), now=NOW, lifetime=DAY
        )
        stem = f"client-{name}-{'ours' if ca is None else 'theirs'}"
        certificate = write_certificate(self.folder / f"{stem}.pem", leaf)
        key = write_private(self.folder / f"{stem}.key", own)
        return [
            *("-h", "127.0.0.1", "-p", str(self.port), "-V", "mqttv5", "-q", "1"),
            *("-i", stem),
            *("--cafile", str(self.folder / "ca.pem")),
            *("--cert", str(certificate), "--key", str(key)),
        ]

    def publish(self, name: str, topic: str, ca: Authority | None = None) -> int:
        done = subprocess.run(
            ["mosquitto_pub", *self.client(name, ca), "-t", topic, "-m", "x"],
            capture_output=True,
            check=False,
            timeout=10,
        )
        return done.returncode

    def hears(self, listener: str, pattern: str, speaker: str, topic: str) -> bool:
        """Whether a message of the speaker reaches the listener within 1.5 s."""
        ear = subprocess.Popen(
            ["mosquitto_sub", *self.client(listener), "-t", pattern]
            + ["-C", "1", "-W", "2"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(0.5)
        self.publish(speaker, topic)
        heard, _ = ear.communicate(timeout=10)
        return heard == b"x\n"


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    assert shutil.which("mosquitto"), "make test installs mosquitto"
    desk = Desk(tmp_path_factory.mktemp("broker"))
    yield desk
    desk.process.terminate()
    desk.process.wait(10)


def test_a_reader_cannot_hear_another_readers_answers(desk: Desk) -> None:
    assert not desk.hears(MINE, answer(OTHER), CLOUD, answer(OTHER))


def test_a_reader_cannot_hear_everything_through_a_wildcard(desk: Desk) -> None:
    assert not desk.hears(MINE, "#", CLOUD, answer(OTHER))


def test_a_reader_cannot_ask_in_another_readers_name(desk: Desk) -> None:
    assert not desk.hears(CLOUD, request(OTHER), MINE, request(OTHER))


def test_a_reader_cannot_answer_itself(desk: Desk) -> None:
    assert not desk.hears(MINE, answer(MINE), MINE, answer(MINE))


def test_a_client_of_another_authority_is_not_let_in(desk: Desk) -> None:
    stranger = found("another fleet", _key(), now=NOW, lifetime=DAY)
    assert desk.publish(MINE, presence(MINE), stranger) != 0


def test_the_cloud_hears_a_readers_request_and_the_reader_its_answer(
    desk: Desk,
) -> None:
    assert desk.hears(CLOUD, request(MINE), MINE, request(MINE))
    assert desk.hears(MINE, answer(MINE), CLOUD, answer(MINE))
