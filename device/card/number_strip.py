"""The seven numbers of a straight card as one line of print, prepared in two ways.

The two differ in scale and in how ink is told from paper, and each is made from its
own frame: noise, blur and a badly placed threshold seldom mislead both alike.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from device.card.printed_layout import Layout
from device.card.reading import Reading
from device.card.tray_view import (
    Grey,
    cut,
    era_is_kanji,
    find_card,
    inked,
    straightened,
)

Pair = tuple[NDArray[np.uint8], NDArray[np.uint8]]
"""Two frames of the tray, each height x width x 3."""

_GAP = 40
_BORDER = 30
_TRIM = 3
_CLEAR = 2
"""Pixels at each edge of a number's place that must be white."""
_WINDOW = 15
_DARKER = 0.13
"""Ink is so much darker than its surroundings, paper being 1."""
_LARGER = 1.4
_PAPER = 0.82
"""Lighter than this is paper."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as an OCR engine gives it; x in pixels of the picture it was given."""

    text: str = field(repr=False)
    middle: float
    sure: float
    """0 to 100."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A line to be read, and where on it each of the numbers stands."""

    picture: Image.Image
    fields: tuple[tuple[float, float], ...]
    """Left and right of each, in pixels."""
    whole: bool
    """Every place has ink, and none at its edges: nothing is missing or cut off."""

    def reading(self, letters: list[Letter]) -> Reading:
        """Each letter to the field it stands in; one between two fields spoils all."""
        found = ["" for _ in self.fields]
        placed = 0
        for letter in sorted(letters, key=lambda one: one.middle):
            for at, (left, right) in enumerate(self.fields):
                if left <= letter.middle <= right:
                    found[at] += letter.text
                    placed += 1
        good = self.whole and placed == len(letters) and all(found)
        sure = min(letter.sure for letter in letters) if good else 0.0
        return Reading(tuple(found), sure)


def strips(pictures: Pair, layout: Layout) -> tuple[Strip, Strip] | None:
    """Two pictures of one card, each prepared in its own way.

    None: no card, or its birth date is not in an era's years.
    """
    cards = []
    for picture in pictures:
        found = find_card(picture)
        if found is None:
            return None
        card = straightened(picture, found, layout)
        if not era_is_kanji(card, layout):
            return None
        cards.append(card)
    return grey_strip(cards[0], layout), ink_strip(cards[1], layout)


def grey_strip(card: Grey, layout: Layout) -> Strip:
    """As the camera saw it, evenly lit; the OCR engine finds its own threshold."""
    line = _Line(card, layout)
    # Patterns of the paper go white; strokes keep all their greys.
    picture = line.picture.point(lambda grey: min(255, round(grey / _PAPER)))
    return Strip(picture, tuple(line.fields), line.whole)


def ink_strip(card: Grey, layout: Layout) -> Strip:
    """Black and white by a local threshold, and larger."""
    line = _Line(card, layout)
    size = round(line.picture.width * _LARGER), round(line.picture.height * _LARGER)
    large = line.picture.filter(ImageFilter.MedianFilter(3)).resize(
        size, Image.Resampling.BICUBIC
    )
    around = large.filter(ImageFilter.BoxBlur(_WINDOW))
    darker = np.asarray(around, np.int16) - np.asarray(large, np.int16)
    ink = Image.fromarray(np.where(darker > _DARKER * 255, 0, 255).astype(np.uint8))
    fields = tuple((left * _LARGER, right * _LARGER) for left, right in line.fields)
    return Strip(ink, fields, line.whole)


class _Line:
    """The numbers side by side, with white between them."""

    def __init__(self, card: Grey, layout: Layout) -> None:
        places = [cut(card, place) for place in layout.digits]
        self.whole = all(map(_stands_clear, places))
        parts = [_trimmed(place) for place in places]
        height = parts[0].shape[0]
        width = sum(part.shape[1] + _GAP for part in parts) + _GAP
        line = np.ones((height + 2 * _BORDER, width), np.float32)
        self.fields: list[tuple[float, float]] = []
        x = _GAP
        for part in parts:
            line[_BORDER : _BORDER + height, x : x + part.shape[1]] = part
            self.fields.append((float(x), float(x + part.shape[1])))
            x += part.shape[1] + _GAP
        self.picture = Image.fromarray((line * 255).astype(np.uint8))


def _stands_clear(part: Grey) -> bool:
    """Half an 8 is a 3, and an engine reads letters into white paper."""
    across, down = inked(part), inked(part.T)
    if not across.any():
        return False
    edges = (across[:_CLEAR], across[-_CLEAR:], down[:_CLEAR], down[-_CLEAR:])
    return not any(edge.any() for edge in edges)


def _trimmed(part: Grey) -> Grey:
    """Without the white around it: a lone digit far from all others is misread."""
    at = np.flatnonzero(inked(part))
    if not len(at):
        return part
    return part[:, max(0, at[0] - _TRIM) : at[-1] + 1 + _TRIM]
