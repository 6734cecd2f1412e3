"""Every screen as a picture, a sheet of all per language, and the docs' contact sheet.

python -m ui_eink.gallery --out var/gallery
"""

import argparse
import sys
from pathlib import Path

from PIL import Image, ImageDraw

from ui_eink.fonts import Weight, font
from ui_eink.render import render
from ui_eink.samples import kept, samples
from ui_eink.theme import HEIGHT, WIDTH
from ui_eink.views import Lang

COLUMNS = 4
_SMALL = (WIDTH // 2, HEIGHT // 2)
_TINY = (WIDTH // 3, HEIGHT // 3)
_EDGE, _CAPTION = 20, 30
_GAP, _GREY = 8, 216
_LEVELS = 4
CONTACT = Path(__file__).parents[1] / "docs" / "screens.png"
FLOW = (
    "ready",
    "choose-method",
    "look-closer",
    "enter-pin-again",
    "call-staff",
    "ask-registration",
    "ask-consent-operation",
    "consent-help",
    "confirm-consent-some",
    "more-time",
    "renewal-soon",
    "take-card-decided",
    "thank-you",
    "problem",
    "offline",
    "out-of-service",
)
"""A visit and its troubles, for the contact sheet: a row each, a language a column."""


def sheet(pictures: dict[str, Image.Image]) -> Image.Image:
    """All pictures at half size with their names, four in a row."""
    rows = -(-len(pictures) // COLUMNS)
    step_x, step_y = _SMALL[0] + _EDGE, _SMALL[1] + _CAPTION + _EDGE
    paper = Image.new("L", (COLUMNS * step_x + _EDGE, rows * step_y + _EDGE), _GREY)
    draw = ImageDraw.Draw(paper)
    for i, (name, picture) in enumerate(pictures.items()):
        x, y = _EDGE + i % COLUMNS * step_x, _EDGE + i // COLUMNS * step_y
        small = picture.convert("L").resize(_SMALL, Image.Resampling.LANCZOS)
        paper.paste(small, (x, y))
        draw.text((x, y + _SMALL[1] + 6), name, 0, font(Weight.REGULAR, 18))
    return paper


def contact_sheet() -> Image.Image:
    """The flow in every language at a third of the size, in four greys."""
    across, down = _TINY[0] + _GAP, _TINY[1] + _GAP
    size = (len(Lang) * across + _GAP, (len(FLOW) + 1) * down + _GAP)
    paper = Image.new("L", size, 170)
    for column, lang in enumerate(Lang):
        views = samples(lang)
        for row, name in enumerate(("choose-language", *FLOW)):
            picture = render(views[name], lang).convert("L")
            small = picture.resize(_TINY, Image.Resampling.BOX)
            paper.paste(small, (_GAP + column * across, _GAP + row * down))
    step = 255 / (_LEVELS - 1)
    return paper.point([round(round(level / step) * step) for level in range(256)])


def write(folder: Path) -> list[Path]:
    """One PNG per screen and language, and sheet-<language>.png. The paths written."""
    written = []
    for lang in Lang:
        home = folder / lang.value
        home.mkdir(parents=True, exist_ok=True)
        pictures = {name: render(view, lang) for name, view in kept(lang).items()}
        for name, picture in pictures.items():
            picture.save(home / f"{name}.png", optimize=True)
            written.append(home / f"{name}.png")
        sheet(pictures).save(folder / f"sheet-{lang.value}.png", optimize=True)
        written.append(folder / f"sheet-{lang.value}.png")
    return written


def write_contact(path: Path) -> None:
    """Four greys in two bits a dot: a picture of the docs may not weigh much."""
    grey = contact_sheet()
    colours = grey.quantize(_LEVELS + 1, dither=Image.Dither.NONE)
    colours.save(path, optimize=True, bits=4)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ui_eink.gallery",
        description="Draw every screen of the reader in every language as PNG.",
        epilog="Example: python -m ui_eink.gallery --out tests/golden/screens "
        "--contact docs/screens.png",
    )
    parser.add_argument("--out", type=Path, default=Path("var/gallery"), metavar="DIR")
    parser.add_argument("--contact", type=Path, metavar="PNG", help="the contact sheet")
    wanted = parser.parse_args()
    written = write(wanted.out)
    if wanted.contact:
        write_contact(wanted.contact)
        written.append(wanted.contact)
    sys.stdout.write(f"{len(written)} pictures under {wanted.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
