"""What the README shows as a configuration is one."""

import re
import tomllib
from pathlib import Path

import pytest

import device
from device.config import parse
from device.config_front import (
    DEFAULT_LAYOUT,
    CameraSection,
    KeypadSection,
    LightsSection,
    PanelSection,
    SoundSection,
    pins_of,
)
from tests.device.config.test_front import real

README = Path(device.__file__).parent / "README.md"
HEADER = dict(
    zip(
        (2, 3, 4, 14, 15, 17, 18, 27, 22, 23, 24, 10, 25, 11, 8, 5, 6, 12, 13, 19, 16),
        (
            3,
            5,
            7,
            8,
            10,
            11,
            12,
            13,
            15,
            16,
            18,
            19,
            22,
            23,
            24,
            29,
            31,
            32,
            33,
            35,
            36,
        ),
        strict=True,
    )
) | {26: 37, 20: 38, 21: 40}
"""BCM number -> place on the 40-pin header (Raspberry Pi documentation)."""


def test_the_example_of_the_readme_is_accepted() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    config = parse(tomllib.loads(text), text, README)
    assert config.reader.simulated
    assert config.policy.resume_window_s == 120.0


DOCS = README.parent.parent / "docs"


def tables(page: str) -> list[list[list[str]]]:
    """Rows of cells of each table; the first row is its head."""
    text = (DOCS / page).read_text("utf-8").replace("\\|", "")
    blocks = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    split = [
        [
            [cell.strip() for cell in line.split("|")[1:-1]]
            for line in block.splitlines()
        ]
        for block in blocks
    ]
    return [[rows[0], *rows[2:]] for rows in split]


@pytest.mark.parametrize("page", ["wiring.md", "wiring.ja.md"])
def test_the_wiring_pages_show_the_pins_of_the_usual_configuration(page: str) -> None:
    shown = {
        int(row[at]): int(row[at + 1])
        for head, *rows in tables(page)
        for at, name in enumerate(head)
        for row in rows
        if name == "GPIO" and row[at].isdigit()
    }
    sections = (
        PanelSection(driver="waveshare"),
        KeypadSection(),
        LightsSection(),
        CameraSection(source="picamera2"),
        SoundSection(voice=Path("voice")),
    )
    wired = {pin for section in sections for pin in pins_of(section).values()}
    assert shown == {pin: HEADER[pin] for pin in wired}


def test_the_wiring_page_shows_the_usual_layout() -> None:
    (keys,) = (rows for rows in tables("wiring.md") if rows[0][1] == "column 1")
    shown = [[(cell.split() or [""])[0] for cell in row[1:]] for row in keys[1:]]
    assert shown == [list(row) for row in DEFAULT_LAYOUT]


def test_the_front_of_the_readme_is_one() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line == "# [panel]")
    front = "\n".join(
        line.removeprefix("# ") for line in lines[start:] if line.startswith("# ")
    )
    assert real("\n" + front).sound is not None
