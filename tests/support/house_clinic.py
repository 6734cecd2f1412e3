"""One running clinic for a module of tests, and what its tests do with it."""

import json
import socket
import sqlite3
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from protocol.catalogue import Code, entry
from provisioning.demo.facility import ResultFile, arrived, read
from provisioning.demo.patient import Patient
from provisioning.demo.progress import Progress
from provisioning.demo.stack import STEPS, Clinic, answers, clinic, listens, tool
from provisioning.demo.stage import PIN, Stage
from tests.support.mosquitto import executable

LATER_S = 75.0
"""A reader looks for its broker at most a minute apart."""


@dataclass(slots=True)
class House:
    clinic: Clinic
    stage: Stage = field(init=False)

    def __post_init__(self) -> None:
        self.stage = self.clinic.stage()

    @property
    def patient(self) -> Patient:
        return self.stage.patient

    @property
    def desk(self) -> Path:
        return self.clinic.desk.home

    # -- what patients and the world do ----------------------------------------
    def by_pin(self, persona: str) -> None:
        """Up to the moment when the PIN has been entered."""
        self.stage.begin()
        self.stage.comes_in(persona)
        self.patient.press(PIN)
        self.stage.types_pin(persona)

    def serves(self) -> None:
        """A whole visit, from the card to the file for the receipt computer."""
        self.by_pin("kato-minoru")
        self.patient.wait_for("take_card")
        self.stage.goes()
        assert self.fact()["outcome"] == "accepted"
        assert self.result().texts["QualificationValidity"] == "1"

    def tray(self, **request: Any) -> None:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(10)
            line.connect(str(self.clinic.desk.tray_socket))
            line.sendall(json.dumps(request).encode() + b"\n")
            answer = json.loads(line.makefile().readline())
        assert "error" not in answer, answer

    def kill_broker(self) -> None:
        self.clinic.processes.running["broker"].kill()

    def start_broker(self) -> None:
        self.clinic.processes.end("broker")
        config = self.clinic.desk.path("broker", "mosquitto.conf")
        port = self.clinic.desk.broker_port
        command = [executable(), "-c", str(config)]
        self.clinic.processes.start("broker", command, lambda: listens(port))

    def start_reader(self) -> None:
        config = self.clinic.desk.path("reader.toml")
        command = [*tool("shikaku-reader"), "run", "--config", str(config)]
        url = self.clinic.desk.front_url + "state"
        self.clinic.processes.start("reader", command, lambda: answers(url))

    def start_tray(self, cards: Path) -> None:
        desk = self.clinic.desk
        self.clinic.processes.end("tray")
        command = [*tool("shikaku-sim"), "tray", "--udp", str(desk.card_port)]
        command += ["--cards", str(cards), "--control", str(desk.tray_socket)]
        self.clinic.processes.start("tray", command, desk.tray_socket.exists)

    # -- what can be found ------------------------------------------------------
    def fact(self) -> dict[str, Any]:
        """Of the visit that ended last."""
        return self.patient.visits()[-1]

    def result(self, patience_s: float = 30.0, earlier: int = 0) -> ResultFile:
        """The newest file since the visit began, once more than `earlier` came."""

        def there() -> str | None:
            folder = self.clinic.desk.facility_folder
            new = arrived(folder)[self.stage.files_before :]
            return str(new[-1]) if len(new) > earlier else None

        return read(Path(self.patient.until(there, "a result file", patience_s)))

    def waiting(self) -> int:
        """Questions in the reader's outbox."""
        outbox = self.desk / "reader" / "outbox.sqlite"
        with closing(sqlite3.connect(f"file:{outbox}?mode=ro", uri=True)) as line:
            (count,) = line.execute("SELECT count(*) FROM outbox").fetchone()
        return int(count)

    def cloud(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the cloud's database; what is written is committed."""
        database = self.desk / "cloud" / "cloud.sqlite3"
        with closing(sqlite3.connect(database, timeout=10)) as line, line:
            return line.execute(sql).fetchall()

    def log(self, part: str) -> str:
        return (self.clinic.processes.logs / f"{part}.log").read_text("utf-8")

    def metrics(self) -> str:
        url = f"http://127.0.0.1:{self.clinic.desk.web_port}/metrics"
        with urllib.request.urlopen(url, timeout=5) as page:
            text: str = page.read().decode()
        return text

    def enrol(self) -> None:
        """Bring the reader in again, as `shikaku-cloud import readers` does."""
        file = self.clinic.desk.path("readers.json")
        command = [*tool("shikaku-cloud"), "import", "readers", str(file)]
        command += ["--config", str(self.clinic.cloud_config)]
        subprocess.run(command, check=True, capture_output=True)


@contextmanager
def open_house(home: Path) -> Iterator[House]:
    executable()
    quiet = Progress(STEPS, quiet=True)
    with clinic(home, quiet, persons=0, assist=True, hasty=True) as running:
        yield House(running)


def has_one_action(code: str) -> None:
    """The catalogue has lines for everybody, and one thing to do."""
    said = entry(Code(code))
    for text in (said.patient, said.staff, said.technician, said.action):
        assert text["ja"]
        assert text["en"]
    assert said.action["en"].count(". ") == 0, said.action["en"]
