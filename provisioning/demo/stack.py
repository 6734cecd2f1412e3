"""A pretend clinic on one desk: broker, cloud, card tray and reader, all real."""

import getpass
import secrets
import shutil
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from device.simulated.persona import everybody
from provisioning.demo import cards, configurations, keys, models, people
from provisioning.demo.cloud_office import perform
from provisioning.demo.desk import FACILITY, Desk, clear
from provisioning.demo.guidance import Guidance, folder_of, why_silent
from provisioning.demo.patient import Patient
from provisioning.demo.processes import ProcessDiedError, Processes
from provisioning.demo.progress import Progress
from provisioning.demo.stage import Stage

JST = timezone(timedelta(hours=9))
STEPS = 10  # as often as progress.doing stands below
CLINIC = "デモ診療所（架空）"


@dataclass(slots=True)
class Clinic:
    """The running desk."""

    desk: Desk
    processes: Processes
    face: models.Face
    cloud_config: Path
    guidance: Guidance | None = None
    """None: the reader is silent."""

    def start_cloud(self) -> None:
        web = f"http://127.0.0.1:{self.desk.web_port}/readyz"
        command = [*tool("shikaku-cloud"), "serve", "--config", str(self.cloud_config)]
        self.processes.start("cloud", command, lambda: answers(web))

    def stop_cloud(self) -> None:
        self.processes.end("cloud")

    def stage(self) -> Stage:
        return Stage(
            Patient(self.desk.front_port),
            self.desk.facility_folder,
            {persona.id: persona.pin for persona in everybody()},
            self.stop_cloud,
            self.start_cloud,
        )


@contextmanager
def clinic(
    home: Path, progress: Progress, *, persons: int, assist: bool, hasty: bool
) -> Iterator[Clinic]:
    """Set the desk up, run it, and end every process however the block is left."""
    home.mkdir(parents=True, exist_ok=True)
    desk = clear(home)
    now = datetime.now(UTC)
    with progress.doing("throw-away keys and certificates"):
        made_keys = keys.make(desk, now=now, storage=secrets.token_bytes(32))
    with progress.doing("fictitious patients' cards, photos rendered"):
        made = _cards(home, desk, made_keys, now, progress)
    with progress.doing("face model pack"):
        face = models.choose(home, assist=assist, say=progress.detail)
    config = configurations.cloud_file(desk, made_keys)
    with progress.doing(f"the registry: {persons:,} fictitious insured persons"):
        _fill_registry(desk, config, made, made_keys, persons, now)
    with Processes(desk.folder("logs")) as processes:
        running = Clinic(desk, processes, face, config)
        voice = None if hasty else folder_of(home)
        _start(running, made_keys, progress, hasty=hasty, voice=voice)
        with progress.doing("spoken guidance (espeak-ng)"):
            if hasty:
                progress.count("nobody listens to a script")
            else:
                _speak(running, voice, progress)
        yield running


def _cards(
    home: Path, desk: Desk, made_keys: keys.Keys, now: datetime, progress: Progress
) -> tuple[cards.Made, ...]:
    photos = home / "photos"
    photos.mkdir(exist_ok=True)
    return cards.make(
        desk.folder("cards"),
        photos,
        made_keys.issuer,
        now=now,
        today=now.astimezone(JST).date(),
        count=progress.count,
    )


def _fill_registry(
    desk: Desk,
    config: Path,
    made: tuple[cards.Made, ...],
    made_keys: keys.Keys,
    persons: int,
    now: datetime,
) -> None:
    today = now.astimezone(JST).date()
    patients = people.persons_file(desk.path("persons.json"), made, today)
    readers = people.readers_file(desk.path("readers.json"), made_keys)
    named = ("--facility", FACILITY)
    # The clinic whose desk this is, and its computer's certificate, as in operation.
    entered = ("--name", CLINIC, "--prefecture", "01")
    certificate = str(made_keys.clinic_certificate)
    perform(
        config,
        (
            ("migrate",),
            *((("seed", "--persons", str(persons)),) if persons else ()),
            ("import", "readers", str(readers)),
            ("import", "persons", str(patients)),
            ("facility", "add", *named, *entered),
            ("facility", "certify", certificate, *named),
        ),
    )


def _start(
    running: Clinic,
    made_keys: keys.Keys,
    progress: Progress,
    *,
    hasty: bool,
    voice: Path | None,
) -> None:
    desk, start = running.desk, running.processes.start
    with progress.doing("Mosquitto (MQTT 5, mutual TLS)"):
        config = configurations.broker_file(desk, made_keys, getpass.getuser())
        command = [_mosquitto(), "-c", str(config)]
        start("broker", command, lambda: listens(desk.broker_port))
    with progress.doing("cloud"):
        running.start_cloud()
    with progress.doing("card tray (Type B over nfcpy's udp)"):
        command = [
            *tool("shikaku-sim"),
            *("tray", "--udp", str(desk.card_port)),
            *("--cards", str(desk.folder("cards"))),
            *("--control", str(desk.tray_socket)),
        ]
        start("tray", command, desk.tray_socket.exists)
    with progress.doing("the line between reader and broker"):
        command = [
            *tool("shikaku-sim"),
            *("line", "--listen", str(desk.line_port)),
            *("--to", f"127.0.0.1:{desk.broker_port}"),
            *("--control", str(desk.line_socket)),
        ]
        start("line", command, desk.line_socket.exists)
    with progress.doing("reader"):
        config = configurations.reader_file(
            desk, made_keys, running.face, hasty=hasty, voice=voice
        )
        command = [*tool("shikaku-reader"), "run", "--config", str(config)]
        start("reader", command, lambda: answers(desk.front_url + "state"))


def _speak(running: Clinic, folder: Path | None, progress: Progress) -> None:
    """What is not recorded yet is recorded beside the running desk."""
    if folder is None:
        progress.count(why_silent())
        return
    running.guidance = Guidance(folder)
    progress.count(running.guidance.count)
    words = running.guidance.recording()
    if words is not None:
        progress.count("so far, the others meanwhile")
        command = ["nice", "-n", "10", *tool("shikaku-reader"), *words]
        running.processes.errand("voice", command)


def tool(name: str) -> list[str]:
    """One of our own commands, of this very environment."""
    return [str(Path(sys.executable).with_name(name))]


def _mosquitto() -> str:
    # Debian puts it where an ordinary user's path does not look.
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
    if found is None:
        raise ProcessDiedError(
            "mosquitto is not installed; run: sh provisioning/host/packages.sh demo"
        )
    return found


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
