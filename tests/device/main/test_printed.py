"""The number on the fictitious card that lies there, and none when none lies there."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from device.simulated.card.persona_card import holder_of
from device.simulated.persona import personas
from device.simulated.printed import PrintedOnPersonaCard
from device.simulated.tray import SocketTray

TODAY = date(2026, 4, 1)
PERSONA = personas()[0]


@asynccontextmanager
async def tray_with(card: str | None, socket: Path) -> AsyncIterator[SocketTray]:
    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readline()
        writer.write(json.dumps({"card": card, "cards": []}).encode() + b"\n")
        writer.close()

    server = await asyncio.start_unix_server(answer, socket)
    async with server:
        yield SocketTray(socket)


@pytest.mark.parametrize("card", [None, "somebody-elses"])
async def test_where_no_card_of_ours_lies_there_is_no_number(
    card: str | None, tmp_path: Path
) -> None:
    async with tray_with(card, tmp_path / "s") as tray:
        printed = PrintedOnPersonaCard(tray, lambda: TODAY)
        assert await printed.verification_number_b() is None


async def test_without_a_tray_there_is_no_number(tmp_path: Path) -> None:
    printed = PrintedOnPersonaCard(SocketTray(tmp_path / "none"), lambda: TODAY)
    assert await printed.verification_number_b() is None


async def test_the_number_is_the_one_on_that_card(tmp_path: Path) -> None:
    async with tray_with(PERSONA.id, tmp_path / "s") as tray:
        printed = PrintedOnPersonaCard(tray, lambda: TODAY)
        number = await printed.verification_number_b()
    assert number == holder_of(PERSONA, b"", TODAY).number_b
    assert number is not None
    assert len(number) == 14
