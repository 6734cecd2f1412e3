"""python -m device.simulated.heads.gallery OUT.png: all patients on one sheet."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from PIL import Image, ImageDraw

from device.simulated.heads import (
    Head,
    Light,
    Occluder,
    Scene,
    card_picture,
    render,
)
from device.simulated.persona import Persona, personas

_LIVE = Scene(distance_cm=44)
VIEWS = (
    _LIVE,
    replace(_LIVE, yaw=30, light=Light.LEFT),
    replace(_LIVE, yaw=-12, pitch=6, smile=1, light=Light.TOP),
    replace(_LIVE, occluder=Occluder.MASK),
)
_CELL = (240, 180)
_CARD = (135, 180)
_ROWS = 6
_GAP = 12


def row(persona: Persona) -> Image.Image:
    """Card photo, then live, turned, smiling and masked."""
    head = Head(persona.head)
    width = _CARD[0] + len(VIEWS) * _CELL[0]
    strip = Image.new("RGB", (width, _CELL[1]), "white")
    strip.paste(card_picture(head).resize(_CARD), (0, 0))
    for column, view in enumerate(VIEWS):
        seen = Image.fromarray(render(head, view)).resize(_CELL)
        strip.paste(seen, (_CARD[0] + column * _CELL[0], 0))
    label = f"{persona.id}, {persona.age}"
    ImageDraw.Draw(strip).text((_CARD[0] + 6, 4), label, fill="white")
    return strip


def sheet(people: tuple[Persona, ...]) -> Image.Image:
    strips = [row(persona) for persona in people]
    rows = min(len(strips), _ROWS)
    columns = -(-len(strips) // _ROWS)
    width, height = strips[0].width + _GAP, strips[0].height + _GAP
    whole = Image.new("RGB", (columns * width - _GAP, rows * height - _GAP), "white")
    for index, strip in enumerate(strips):
        whole.paste(strip, (index // _ROWS * width, index % _ROWS * height))
    return whole


def main(
    out: Annotated[Path, typer.Argument(help="PNG to write, e.g. patients.png")],
) -> None:
    """Draw every fictitious patient: card photo, live, turned, smiling, masked."""
    if out.suffix.lower() != ".png":
        raise typer.BadParameter("the sheet is a PNG: name it so, e.g. patients.png")
    sheet(personas()).save(out)
    typer.echo(f"{out}: {len(personas())} fictitious patients")


if __name__ == "__main__":
    typer.run(main)
