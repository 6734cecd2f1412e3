"""A configured simulated reader in a folder: keys, a broker, one card, no cloud."""

import getpass
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from device.adapters.model_folder import SHIPPED
from provisioning.demo import configurations, keys
from provisioning.demo.desk import Desk, clear
from provisioning.demo.models import Face
from tests.support.mosquitto import executable

COMMANDS = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class ReaderDesk:
    desk: Desk
    keys: keys.Keys
    config: Path

    def edit(self, before: str, after: str) -> None:
        text = self.config.read_text()
        assert before in text
        self.config.write_text(text.replace(before, after))

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """One of the reader's commands with this configuration, to its end."""
        return subprocess.run(
            [COMMANDS / "shikaku-reader", *words, "--config", self.config],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def reader_desk(folder: Path) -> ReaderDesk:
    desk = clear(folder)
    # Nothing stands between this reader and its broker, and no switch.
    desk = replace(desk, line_port=desk.broker_port)
    made = keys.make(desk, now=datetime.now(UTC), storage=bytes(range(32)))
    face = Face("assist", SHIPPED, (), folder / "models")
    config = configurations.reader_file(desk, made, face, hasty=True)
    at = ReaderDesk(desk, made, config)
    at.edit(f'line = "{desk.line_socket}"\n', "")
    return at


@contextmanager
def broker(at: ReaderDesk) -> Iterator[None]:
    """The desk's Mosquitto while open."""
    path = configurations.broker_file(at.desk, at.keys, getpass.getuser())
    with running([executable(), "-c", str(path)], at.desk.path("logs", "broker")):
        yield


@contextmanager
def running(command: list[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process with its output in a file; killed at the end if it still runs."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def eventually(path: Path, word: str, limit_s: float = 40.0) -> str:
    """The file's text once it holds the word; fails with the text otherwise."""
    deadline = time.monotonic() + limit_s
    while word not in (text := path.read_text("utf-8", "replace")):
        assert time.monotonic() < deadline, text
        time.sleep(0.05)
    return text
