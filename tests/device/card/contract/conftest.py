"""One pair of hands for every transport: put, take, and what the reader is."""

import asyncio
import json
import secrets
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from device.adapters.card_nfcpy import NfcSlot
from device.adapters.card_pcsc import PcscSlot
from device.ports import CardSlot
from device.simulated.card.contents import CardContents
from device.simulated.card.direct import DirectSlot
from device.simulated.card.virtual import VirtualCard
from tests.support.pcsc_stand import READER, PcscStand, wait_until


class Desk(Protocol):
    @property
    def slot(self) -> CardSlot: ...

    async def put(self, card: str) -> None: ...

    async def take(self) -> None: ...


class DirectDesk:
    def __init__(self, cards: dict[str, VirtualCard]) -> None:
        self.slot = DirectSlot()
        self._cards = cards

    async def put(self, card: str) -> None:
        await self.slot.put(self._cards[card])

    async def take(self) -> None:
        await self.slot.take()


class Emulator:
    """The tray process and its control socket."""

    def __init__(self, path: str, control: socket.socket) -> None:
        self.path = path
        self._lines = control.makefile("rwb")

    def ask(self, **request: Any) -> dict[str, Any]:
        self._lines.write(json.dumps(request).encode() + b"\n")
        self._lines.flush()
        answer: dict[str, Any] = json.loads(self._lines.readline())
        assert "error" not in answer, answer
        return answer

    def close(self) -> None:
        self._lines.close()


class AirDesk:
    def __init__(self, slot: NfcSlot, emulator: Emulator) -> None:
        self.slot = slot
        self._emulator = emulator

    async def put(self, card: str) -> None:
        await asyncio.to_thread(self._emulator.ask, put=card)

    async def take(self) -> None:
        await asyncio.to_thread(self._emulator.ask, take=True)


@pytest.fixture
def emulator(contents: CardContents, tmp_path: Path) -> Iterator[Emulator]:
    """A real emulator process on a free loopback port."""
    for name in ("one", "other"):
        contents.save(tmp_path / f"{name}.card")
    at = tmp_path / "tray.sock"
    command = [sys.executable, "-m", "device.simulated.cli", "tray", "--udp", "0"]
    command += ["--cards", str(tmp_path), "--control", str(at)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process,
        socket.socket(socket.AF_UNIX) as control,
    ):
        assert process.stdout is not None
        try:
            path = process.stdout.readline().strip()
            control.connect(str(at))
            control.settimeout(10)
            running = Emulator(path, control)
            yield running
            running.close()
        finally:
            process.terminate()
            assert process.wait(10) == 0


class PcscDesk:
    def __init__(
        self, slot: PcscSlot, stand: PcscStand, cards: dict[str, VirtualCard]
    ) -> None:
        self.slot = slot
        self._stand = stand
        self._cards = cards
        self._in = ExitStack()

    async def put(self, card: str) -> None:
        await self.take()
        self._in.enter_context(self._stand.inserted(self._cards[card]))

    async def take(self) -> None:
        self._in.close()


@pytest.fixture(params=["direct", "nfcpy-udp", "pcsc"])
async def desk(
    request: pytest.FixtureRequest, contents: CardContents
) -> AsyncIterator[Desk]:
    cards = {
        name: VirtualCard(contents, secrets.token_bytes) for name in ("one", "other")
    }
    if request.param == "direct":
        yield DirectDesk(cards)
        return
    if request.param == "pcsc":
        stand: PcscStand = request.getfixturevalue("pcsc_stand")
        async with PcscSlot.open(READER, virtual=True) as slot:
            pcsc = PcscDesk(slot, stand, cards)
            yield pcsc
            await pcsc.take()
            await asyncio.to_thread(wait_until, lambda: not stand.occupied())
        return
    emulator: Emulator = request.getfixturevalue("emulator")
    async with NfcSlot.open(emulator.path) as slot:
        yield AirDesk(slot, emulator)
