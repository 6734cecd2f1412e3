"""Who listens from outside: mosquitto_sub on every topic, a reader of the pages."""

import shutil
import subprocess
import threading
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest

from tests.support.house import Morning

# Topic, retained, the properties that MQTT 5 lets a publisher add, payload in hex.
FORMAT = "%t|%r|%C%D%E%F%P%R%S|%x"


@dataclass(frozen=True, slots=True)
class Heard:
    topic: str
    retained: bool
    properties: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Overheard:
    """A morning, and what was seen and heard of it from outside."""

    morning: Morning
    by: dict[str, list[Heard]]
    """Whose certificate listened -> every message."""
    pages: dict[str, set[bytes]]


def ports_of(desk: Path) -> dict[str, int]:
    """The ports that the demo chose: section -> port, from the reader's and cloud's."""
    ports: dict[str, int] = {}
    for name in ("reader.toml", "cloud.toml"):
        tree = tomllib.loads((desk / name).read_text("utf-8"))
        ports |= {key: part["port"] for key, part in tree.items() if "port" in part}
    return ports


@contextmanager
def ear(desk: Path, who: str, into: Path) -> Iterator[None]:
    """Everything that the broker lets the holder of this certificate hear."""
    keys = desk / "keys"
    command = [_sub(), "-h", "127.0.0.1", "-p", str(ports_of(desk)["broker"])]
    command += ["-V", "5", "-q", "1", "-t", "#", "-F", FORMAT, "-i", f"ear-{who}"]
    command += ["--cafile", str(keys / "fleet-ca.pem")]
    command += ["--cert", str(keys / f"{who}.pem"), "--key", str(keys / f"{who}.key")]
    with into.open("ab") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def _sub() -> str:
    found = shutil.which("mosquitto_sub")
    if found is None:
        pytest.skip("no mosquitto_sub on this machine (requirements/debian.txt)")
    return found


def heard(file: Path) -> list[Heard]:
    messages = []
    for line in file.read_text().splitlines():
        topic, retained, properties, payload = line.split("|")
        messages.append(
            Heard(topic, retained == "1", properties, bytes.fromhex(payload))
        )
    return messages


@dataclass(slots=True)
class Pages:
    """The newest of every page, and all that differed, while the house was open."""

    urls: dict[str, str]
    seen: dict[str, set[bytes]] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def of(cls, desk: Path) -> Self:
        ports = ports_of(desk)
        front, web = (f"http://127.0.0.1:{ports[key]}/" for key in ("front", "web"))
        names = dict.fromkeys(("state", "visits", "timeline"), front)
        names |= dict.fromkeys(("metrics", "readyz"), web)
        return cls({name: base + name for name, base in names.items()})

    @contextmanager
    def watched(self, every_s: float = 0.5) -> Iterator[None]:
        def watch() -> None:
            while not self._over.wait(every_s):
                for name, url in self.urls.items():
                    self._look(name, url)

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _look(self, name: str, url: str) -> None:
        try:
            with urllib.request.urlopen(url, timeout=2) as page:  # noqa: S310
                self.seen.setdefault(name, set()).add(page.read())
        except (urllib.error.URLError, OSError):
            # The house is not open yet, or the script has closed the cloud.
            return


def wait_for(path: Path, while_runs: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 120
    while not path.exists():
        assert while_runs.poll() is None, "it ended before that"
        assert time.monotonic() < deadline, f"{path.name} did not appear"
        time.sleep(0.02)
