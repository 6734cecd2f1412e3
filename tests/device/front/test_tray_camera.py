"""The camera over the simulated tray keeps a camera's rules and sees the card there."""

import json
import shutil
from asyncio import StreamReader, StreamWriter, start_unix_server
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from device.adapters.number_b_ocr import NumberByCamera
from device.card.printed_layout import SPECIMEN
from device.ports import PartError
from device.simulated.card.persona_card import holder_of
from device.simulated.card_face.faces import CardFaces
from device.simulated.card_face.tray_camera import TrayCamera
from device.simulated.persona import Persona, personas
from device.simulated.tray import SocketTray

TODAY = date(2026, 4, 1)


@asynccontextmanager
async def camera_over(card: str | None, socket: Path) -> AsyncIterator[TrayCamera]:
    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readline()
        writer.write(json.dumps({"card": card, "cards": []}).encode() + b"\n")
        writer.close()

    async with await start_unix_server(answer, socket):
        yield TrayCamera(SocketTray(socket), CardFaces(lambda: TODAY))


async def test_without_a_tray_the_camera_is_missing(tmp_path: Path) -> None:
    camera = TrayCamera(SocketTray(tmp_path / "none"), CardFaces(lambda: TODAY))
    with pytest.raises(PartError) as caught:
        async with camera.watch():
            pass
    assert caught.value.code == "F201"


async def test_a_closed_camera_gives_no_frame(tmp_path: Path) -> None:
    async with camera_over(None, tmp_path / "s") as camera:
        async with camera.watch() as view:
            assert (await view.frame()).mean() < 40
        with pytest.raises(PartError):
            await view.frame()


async def test_two_frames_differ_by_their_noise_only(tmp_path: Path) -> None:
    async with (
        camera_over(personas()[0].id, tmp_path / "s") as camera,
        camera.watch() as view,
    ):
        one, other = await view.frame(), await view.frame()
    difference = np.abs(one.astype(int) - other.astype(int))
    assert 0 < difference.mean() < 5


@pytest.mark.skipif(
    shutil.which("tesseract") is None,
    reason="Tesseract is not installed (requirements/debian.txt)",
)
@pytest.mark.parametrize("persona", personas()[:3], ids=lambda one: one.id)
async def test_the_number_of_the_card_that_lies_there_is_read(
    persona: Persona, tmp_path: Path
) -> None:
    async with camera_over(persona.id, tmp_path / "s") as camera:
        plug = NumberByCamera(camera, SPECIMEN, lambda: TODAY)
        number = await plug.verification_number_b()
    assert number == holder_of(persona, b"", TODAY).number_b
