"""What systemd hears from us."""

import asyncio
import socket
from pathlib import Path

import pytest

from device.adapters.systemd import Notifier


def listening(address: str) -> socket.socket:
    plug = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    plug.bind(address)
    plug.setblocking(False)
    return plug


@pytest.mark.parametrize("abstract", [True, False])
def test_ready_and_stopping_are_told(tmp_path: Path, abstract: bool) -> None:
    path = f"{tmp_path}/notify"
    with listening(f"\0{path}" if abstract else path) as systemd:
        notifier = Notifier({"NOTIFY_SOCKET": f"@{path}" if abstract else path})
        notifier.ready("waiting for a card")
        notifier.stopping()
        assert systemd.recv(100) == b"READY=1\nSTATUS=waiting for a card"
        assert systemd.recv(100) == b"STOPPING=1"


async def test_it_beats_at_half_the_time(tmp_path: Path) -> None:
    path = f"{tmp_path}/notify"
    with listening(path) as systemd:
        notifier = Notifier({"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "20000"})
        assert notifier.watchdog_s == 0.01
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
            beating = tasks.create_task(notifier.beat())
            beats = [await loop.sock_recv(systemd, 100) for _ in range(3)]
            beating.cancel()
        assert beats == [b"WATCHDOG=1"] * 3


async def test_on_a_desk_nothing_is_said_and_nothing_beats() -> None:
    notifier = Notifier({})
    notifier.ready("here")
    notifier.stopping()
    await notifier.beat()
    assert notifier.watchdog_s is None
