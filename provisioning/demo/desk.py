"""Where everything of the demo lies: one folder, and free ports of this machine."""

import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

FACILITY = "0110113719"
"""A facility code with a valid check digit and a made-up owner."""
READER = "rd-demo-1"


@dataclass(frozen=True, slots=True)
class Desk:
    """Folders and ports of one demo; everything in it is throw-away."""

    home: Path
    broker_port: int
    line_port: int
    """Of the line to the broker; the reader knows only this one."""
    card_port: int
    front_port: int
    web_port: int
    api_port: int
    page_port: int

    def path(self, *parts: str) -> Path:
        """A file below the home; its folder exists afterwards."""
        path = self.home.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def folder(self, *parts: str) -> Path:
        path = self.home.joinpath(*parts)
        path.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def facility_folder(self) -> Path:
        """What the receipt computer would watch."""
        return self.folder("facility", "OQS", "face")

    @property
    def tray_socket(self) -> Path:
        return self.path("run", "tray.sock")

    @property
    def line_socket(self) -> Path:
        return self.path("run", "line.sock")

    @property
    def front_url(self) -> str:
        return f"http://127.0.0.1:{self.front_port}/"


def home_folder() -> Path:
    """SHIKAKU_HOME, or var/ where the command was started."""
    return Path(os.environ.get("SHIKAKU_HOME", "var")).resolve()


def clear(home: Path) -> Desk:
    """A desk with nothing left on it from last time, and free ports.

    What costs time and holds no secret (rendered photos, installed packs) stays in
    the home's other folders.
    """
    desk = home / "demo"
    shutil.rmtree(desk, ignore_errors=True)
    desk.mkdir(parents=True, mode=0o700)
    return Desk(
        desk,
        broker_port=_free_port(socket.SOCK_STREAM),
        line_port=_free_port(socket.SOCK_STREAM),
        card_port=_free_port(socket.SOCK_DGRAM),
        front_port=_free_port(socket.SOCK_STREAM),
        web_port=_free_port(socket.SOCK_STREAM),
        api_port=_free_port(socket.SOCK_STREAM),
        page_port=_free_port(socket.SOCK_STREAM),
    )


def _free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
