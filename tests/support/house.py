"""The whole house as processes: the demo's command in a session of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.mosquitto import executable

ROOT = Path(__file__).parents[2]
COMMANDS = Path(sys.executable).parent
ENDING_S = 40.0


@dataclass(frozen=True, slots=True)
class Running:
    """`shikaku-demo` as somebody's terminal started it; its output goes to files."""

    process: "subprocess.Popen[bytes]"
    home: Path
    out: Path
    err: Path

    @property
    def desk(self) -> Path:
        return self.home / "demo"

    def said(self) -> str:
        return self.err.read_text("utf-8") + self.out.read_text("utf-8")

    def others(self) -> dict[int, str]:
        """Every process it started and that still runs: id -> command line."""
        found = in_session(self.process.pid)
        return {pid: words for pid, words in found.items() if pid != self.process.pid}

    def until(self, word: str, limit_s: float = 60.0) -> None:
        """Wait until it has said this."""
        deadline = time.monotonic() + limit_s
        while word not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> int:
        """What a terminal does on Ctrl-C: the signal to its group; the exit code."""
        os.killpg(self.process.pid, number)
        return self.process.wait(ENDING_S)


def home(session: Path, name: str) -> Path:
    """A home of its own, and one folder of rendered photos for all of the session."""
    made = session / name
    made.mkdir()
    (made / "photos").symlink_to(session / "photos")
    return made


@contextmanager
def demo(at: Path, *words: str, **environment: str) -> Iterator[Running]:
    """The command until it ends; nothing of it survives the block, whatever it does."""
    executable()
    out, err = at / "out", at / "err"
    command = [str(COMMANDS / "shikaku-demo"), "--home", str(at), *words]
    with out.open("wb") as to, err.open("wb") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=to,
            stderr=errors,
            start_new_session=True,
            env=os.environ | environment,
        )
    try:
        yield Running(process, at, out, err)
    finally:
        for pid in in_session(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.wait()


def in_session(session: int) -> dict[int, str]:
    """Processes of a session that are not dead: a group may change, this does not."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            # "pid (name) state parent group session ..."; a name may hold brackets.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == session and fields[0] not in "ZX":
            found[int(folder.name)] = words.strip()
    return found


@dataclass(frozen=True, slots=True)
class Morning:
    """A scripted morning that is over: what it said, and what it left."""

    home: Path
    code: int
    said: str
    left_running: Mapping[int, str]
    result: Mapping[str, Any]

    @property
    def desk(self) -> Path:
        return self.home / "demo"

    @property
    def visits(self) -> list[dict[str, Any]]:
        return list(self.result["visits"])


def morning_of(running: Running, limit_s: float = 400.0) -> Morning:
    """Wait for its end."""
    code = running.process.wait(limit_s)
    out = running.out.read_text("utf-8")
    said = running.err.read_text("utf-8")
    assert out, said
    return Morning(
        running.home, code, said, in_session(running.process.pid), json.loads(out)
    )
