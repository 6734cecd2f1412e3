"""Child processes: started with a log file, waited for, and all ended."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

STARTING_S = 60.0
ENDING_S = 8.0


class ProcessDiedError(Exception):
    """A process ended, or never became ready; says where its log is."""


@dataclass(slots=True)
class Processes:
    """Ends what it started, newest first, however the block is left."""

    logs: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    errands: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    """Those of the running ones that may end by themselves."""

    def __enter__(self) -> Self:
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for name in reversed(list(self.running)):
            self.end(name)

    def start(self, name: str, command: list[str], ready: Callable[[], bool]) -> None:
        """Start and wait until `ready`; ProcessDiedError if it never is."""
        child = self._child(name, command)
        deadline = time.monotonic() + STARTING_S
        while not ready():
            if child.poll() is not None or time.monotonic() > deadline:
                raise ProcessDiedError(self._story(name, child))
            time.sleep(0.05)

    def errand(self, name: str, command: list[str]) -> None:
        """Start what ends by itself; nobody waits for it."""
        self.errands[name] = self._child(name, command)

    def end(self, name: str) -> None:
        """Ask it to end, then insist. Ending twice is fine."""
        child = self.running.pop(name, None)
        if child is None:
            return
        for farewell in (signal.SIGTERM, signal.SIGKILL):
            if child.poll() is None:
                child.send_signal(farewell)
                try:
                    child.wait(ENDING_S)
                except subprocess.TimeoutExpired:
                    continue
        # Workers of a process that was killed would otherwise stay.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)

    def fallen(self) -> str | None:
        """The story of a process that ended by itself, if one did."""
        for name, child in self.running.items():
            if child.poll() is not None and name not in self.errands:
                return self._story(name, child)
        return None

    def failed(self, name: str) -> str | None:
        """The story of an errand that did not end well."""
        child = self.errands.get(name)
        return self._story(name, child) if child and child.poll() else None

    def _child(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.logs / f"{name}.log").open("ab") as log:
            # Its own process group: Ctrl-C reaches us alone, and we end the others
            # in order, so that nobody loses the broker before saying goodbye.
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
            )
        self.running[name] = child
        return child

    def _story(self, name: str, child: subprocess.Popen[bytes]) -> str:
        log = self.logs / f"{name}.log"
        tail = log.read_text("utf-8", "replace").splitlines()[-8:]
        state = (
            "did not become ready"
            if child.poll() is None
            else f"ended with {child.returncode}"
        )
        return "\n  ".join([f"{name} {state}; its log is {log}", *tail])
