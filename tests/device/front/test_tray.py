"""The tray's client speaks to the tray that ships, and says when nobody answers."""

import asyncio
from pathlib import Path

import pytest

from device.simulated.card.tray import Tray
from device.simulated.control import controlled
from device.simulated.tray import SocketTray, TrayRefusedError, TrayUnreachableError


async def serve(path: Path, *answers: bytes) -> asyncio.Server:
    """A tray that gives these lines, one per connection."""
    waiting = list(answers)

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readline()
        writer.write(waiting.pop(0))
        writer.close()
        await writer.wait_closed()

    return await asyncio.start_unix_server(answer, path)


async def test_the_tray_that_ships_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "tray.sock"
    async with controlled(Tray({}), path):
        tray = SocketTray(path)
        assert await tray.look() is None
        await tray.take()
        with pytest.raises(TrayRefusedError, match="no such card"):
            await tray.put("sato-hanako")


async def test_nobody_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TrayUnreachableError, match="does not answer"):
        await SocketTray(tmp_path / "none.sock").put("sato-hanako")


@pytest.mark.parametrize("junk", [b"", b"half a li", b"not json\n", b"[1]\n"])
async def test_an_answer_that_is_none_is_an_error(tmp_path: Path, junk: bytes) -> None:
    async with await serve(tmp_path / "tray.sock", junk):
        with pytest.raises(TrayUnreachableError):
            await SocketTray(tmp_path / "tray.sock").take()


async def test_a_refusal_is_told_in_the_trays_words(tmp_path: Path) -> None:
    line = b'{"error": "no such card on this tray", "card": null}\n'
    async with await serve(tmp_path / "tray.sock", line):
        tray = SocketTray(tmp_path / "tray.sock")
        with pytest.raises(TrayRefusedError, match="no such card"):
            await tray.put("nobody")
    assert tray.card is None


async def test_put_and_take_are_remembered(tmp_path: Path) -> None:
    lines = b'{"card": "sato-hanako", "cards": []}\n', b'{"card": null, "cards": []}\n'
    async with await serve(tmp_path / "tray.sock", *lines):
        tray = SocketTray(tmp_path / "tray.sock")
        await tray.put("sato-hanako")
        assert tray.card == "sato-hanako"
        await tray.take()
        assert tray.card is None
