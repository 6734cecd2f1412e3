"""Every screen as a picture, and a sheet of all per language.

python -m ui_eink.gallery --out var/gallery
"""

import argparse
import sys
from pathlib import Path

from PIL import Image, ImageDraw

from ui_eink.fonts import Weight, font
from ui_eink.render import render
from ui_eink.samples import samples
from ui_eink.theme import HEIGHT, WIDTH
from ui_eink.views import Lang

COLUMNS = 4
_SMALL = (WIDTH // 2, HEIGHT // 2)
_EDGE, _CAPTION = 20, 30


def sheet(pictures: dict[str, Image.Image]) -> Image.Image:
    """All pictures at half size with their names, four in a row."""
    rows = -(-len(pictures) // COLUMNS)
    step_x, step_y = _SMALL[0] + _EDGE, _SMALL[1] + _CAPTION + _EDGE
    paper = Image.new("L", (COLUMNS * step_x + _EDGE, rows * step_y + _EDGE), 216)
    draw = ImageDraw.Draw(paper)
    for i, (name, picture) in enumerate(pictures.items()):
        x, y = _EDGE + i % COLUMNS * step_x, _EDGE + i // COLUMNS * step_y
        small = picture.convert("L").resize(_SMALL, Image.Resampling.LANCZOS)
        paper.paste(small, (x, y))
        draw.text((x, y + _SMALL[1] + 6), name, 0, font(Weight.REGULAR, 18))
    return paper


def write(folder: Path) -> list[Path]:
    """One PNG per screen and language, and sheet-<language>.png. The paths written."""
    written = []
    for lang in Lang:
        home = folder / lang.value
        home.mkdir(parents=True, exist_ok=True)
        pictures = {name: render(view, lang) for name, view in samples(lang).items()}
        for name, picture in pictures.items():
            picture.save(home / f"{name}.png", optimize=True)
            written.append(home / f"{name}.png")
        sheet(pictures).save(folder / f"sheet-{lang.value}.png", optimize=True)
        written.append(folder / f"sheet-{lang.value}.png")
    return written


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ui_eink.gallery",
        description="Draw every screen of the reader in every language as PNG.",
    )
    parser.add_argument("--out", type=Path, default=Path("var/gallery"), metavar="DIR")
    folder = parser.parse_args().out
    written = write(folder)
    sys.stdout.write(f"{len(written)} pictures under {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
