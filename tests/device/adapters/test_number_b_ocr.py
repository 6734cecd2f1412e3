"""Tesseract reads the tray, or a person does: never a guess, a file or a leak."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from device.adapters.number_b_keypad import NumberTyped
from device.adapters.number_b_ocr import NumberByCamera, read_number
from device.adapters.tesseract import engine, read_lines
from device.card.printed_layout import SPECIMEN
from device.ports import Frame, PartError
from device.simulated.card_face.fonts import font
from device.simulated.card_face.specimen import Printed, specimen
from device.simulated.card_face.tray_scene import Scene, exposed, still

TODAY = date(2026, 4, 1)
PRINTED = Printed(
    name="架空 太郎",
    address="架空県見本市",
    birth=date(1954, 7, 15),
    sex="1",
    expiry=date(2032, 7, 15),
    security_code="4821",
)
NUMBER = "29071520324821"
needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None,
    reason="Tesseract is not installed (requirements/debian.txt)",
)


class FramesOf:
    """A camera that sees these frames, the last one again and again."""

    def __init__(self, frames: list[Frame]) -> None:
        self.frames = frames
        self.given = 0
        self.open = False

    @asynccontextmanager
    async def watch(self) -> AsyncIterator["FramesOf"]:
        self.open = True
        try:
            yield self
        finally:
            self.open = False

    async def frame(self) -> Frame:
        assert self.open
        self.given += 1
        return self.frames[min(self.given, len(self.frames)) - 1]


def frames(face: Image.Image | None, count: int = 2) -> list[Frame]:
    scene = Scene(turn=5, blur=1.0, shade=0.3)
    lit = still(face, scene)
    return [exposed(lit, scene, seed) for seed in range(count)]


FACE = specimen(PRINTED, Image.new("L", (60, 80), 90))


def plug(camera: FramesOf) -> NumberByCamera:
    return NumberByCamera(camera, SPECIMEN, lambda: TODAY)


async def test_an_empty_tray_is_looked_at_three_times_and_then_left() -> None:
    camera = FramesOf(frames(None))
    assert await plug(camera).verification_number_b() is None
    assert (camera.given, camera.open) == (6, False)


def test_an_engine_that_is_not_there_is_named() -> None:
    with pytest.raises(PartError, match="tesseract-ocr") as caught:
        read_lines([Image.new("L", (100, 40), 255)], command="no-such-engine")
    assert caught.value.code == "D704"


@pytest.mark.parametrize("command", ["false", "true"])
def test_an_engine_that_fails_or_says_nothing_is_named(command: str) -> None:
    with pytest.raises(PartError, match="D704 tesseract"):
        read_lines([Image.new("L", (100, 40), 255)], command=command)


def test_the_self_test_names_an_engine_that_is_not_there() -> None:
    with pytest.raises(PartError, match="D704 tesseract"):
        engine("no-such-engine")


@needs_tesseract
def test_the_self_test_says_which_engine_reads() -> None:
    assert engine().startswith("tesseract ")


def test_nothing_to_read_starts_no_engine() -> None:
    assert read_lines([], command="no-such-engine") == []


@needs_tesseract
def test_two_pages_are_two_answers() -> None:
    pages = [Image.new("L", (260, 70), 255) for _ in range(2)]
    for page, text in zip(pages, ("2032", "4821"), strict=True):
        ImageDraw.Draw(page).text((40, 12), text, 0, font(44))
    found = read_lines(pages)
    assert ["".join(one.text for one in line) for line in found] == ["2032", "4821"]
    assert all(one.sure > 90 for line in found for one in line)


@needs_tesseract
async def test_two_cards_one_after_the_other_are_never_one_number() -> None:
    other = specimen(
        Printed(
            name="架空 次郎",
            address="架空県",
            birth=date(1954, 7, 15),
            sex="1",
            expiry=date(2032, 7, 15),
            security_code="4827",
        ),
        Image.new("L", (60, 80), 90),
    )
    assert read_number((frames(FACE)[0], frames(other)[1]), SPECIMEN, TODAY) is None


@needs_tesseract
async def test_an_expired_card_is_not_read() -> None:
    pair = frames(FACE)
    late = date(2033, 1, 1)
    assert read_number((pair[0], pair[1]), SPECIMEN, late) is None


@needs_tesseract
async def test_the_printed_number_is_read_from_two_frames() -> None:
    camera = FramesOf(frames(FACE))
    assert await plug(camera).verification_number_b() == NUMBER
    assert (camera.given, camera.open) == (2, False)


@needs_tesseract
def test_nothing_is_left_on_the_disk() -> None:
    folder = Path(tempfile.gettempdir())
    before = set(folder.glob("*tess*"))
    first, second = frames(FACE)
    assert read_number((first, second), SPECIMEN, TODAY) == NUMBER
    assert set(folder.glob("*tess*")) == before


async def test_where_only_a_person_reads_the_plug_knows_nothing() -> None:
    assert await NumberTyped().verification_number_b() is None
