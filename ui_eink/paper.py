"""A sheet of 800x480 black or white dots, and what may be put on it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from PIL import Image, ImageDraw

from ui_eink import ruby
from ui_eink.fonts import Script, Weight, font
from ui_eink.icons import OVERSAMPLING, Sign, mask
from ui_eink.layout import Block, Box, fit, length, reading_size, token_length
from ui_eink.theme import BLACK, HEIGHT, RADIUS, STROKE, WHITE, WIDTH

Align = Literal["left", "centre", "right"]
_EM_BASELINE = 0.88  # where the letters of both typefaces stand in their em square


@lru_cache(maxsize=64)
def _plate(width: int, height: int, radius: int) -> Image.Image:
    """A rounded rectangle with even corners; Pillow's own 1-bit arcs are ragged."""
    k = OVERSAMPLING
    large = Image.new("L", (width * k, height * k), 0)
    ends = (0, 0, width * k - 1, height * k - 1)
    ImageDraw.Draw(large).rounded_rectangle(ends, radius * k, fill=255)
    small = large.resize((width, height), Image.Resampling.BOX)
    return small.point(lambda level: 255 if level > 127 else 0, mode="1")


class Paper:
    """Letters are of `script` unless a text says otherwise."""

    def __init__(self, ground: int = WHITE, script: Script = Script.JAPANESE) -> None:
        self.script = script
        self.blocks: list[Block] = []
        """What was written, for whoever checks that it can be read."""
        self.image = Image.new("1", (WIDTH, HEIGHT), ground)
        self._draw = ImageDraw.Draw(self.image)

    @property
    def whole(self) -> Box:
        return Box(0, 0, WIDTH, HEIGHT)

    def bar(self, box: Box, ink: int = BLACK) -> None:
        self._draw.rectangle(box.corners, fill=ink)

    def plate(self, box: Box, ink: int = BLACK, radius: int = RADIUS) -> None:
        self.image.paste(ink, (box.x, box.y), _plate(box.w, box.h, radius))

    def frame(
        self, box: Box, stroke: int = STROKE, radius: int = RADIUS, ink: int = BLACK
    ) -> None:
        self.plate(box, ink, radius)
        self.plate(box.inset(stroke), 1 - ink, max(1, radius - stroke))

    def sign(self, draw: Sign, box: Box, ink: int = BLACK) -> None:
        """An icon, as large as the box allows, in its middle."""
        square = box.square(min(box.w, box.h))
        self.image.paste(ink, (square.x, square.y), mask(draw, square.w))

    def modules(self, rows: Sequence[bytes], box: Box) -> None:
        """A QR code with its quiet zone, in whole dots, in the middle of the box."""
        count = len(rows)
        size = min(box.w, box.h) // count
        place = box.square(size * count)
        code = Image.frombytes("L", (count, count), b"".join(rows))
        dots = code.point(lambda dark: 255 * dark, mode="1")
        large = dots.resize((place.w, place.h), Image.Resampling.NEAREST)
        self.image.paste(BLACK, (place.x, place.y), large)

    def block(
        self,
        block: Block,
        box: Box,
        align: Align = "left",
        ink: int = BLACK,
        middle: bool = False,
    ) -> int:
        """Put fitted lines into the box; returns the y below the last line."""
        y = box.y + ((box.h - block.height) // 2 if middle else 0)
        self.blocks.append(block)
        for line in block.lines:
            width = round(length(line, block.weight, block.size, block.script))
            x = box.x + {"left": 0, "centre": (box.w - width) // 2}.get(
                align, box.w - width
            )
            y += block.over(line)
            self._line(line, (x, y + round(block.size * _EM_BASELINE)), block, ink)
            y += block.line_height
        return y - block.line_height + block.size

    def _line(self, line: str, at: tuple[int, int], block: Block, ink: int) -> None:
        face = font(block.weight, block.size, block.script)
        if ruby.OPEN not in line:
            self._draw.text(at, line, ink, face, anchor="ls")
            return
        x = float(at[0])
        for token in ruby.tokens(line):
            width = token_length(token, block.weight, block.size, block.script)
            middle = round(x + width / 2)
            self._draw.text((middle, at[1]), token.base, ink, face, anchor="ms")
            if token.reading:
                small = font(Weight.REGULAR, reading_size(block.size), block.script)
                over = at[1] - round(block.size * _EM_BASELINE) - 2
                self._draw.text((middle, over), token.reading, ink, small, anchor="ms")
            x += width

    def fit(self, text: str, box: Box, sizes: tuple[int, ...], weight: Weight) -> Block:
        """As layout.fit, in this paper's letters."""
        return fit(text, box, sizes, weight, self.script)

    def text(
        self,
        text: str,
        box: Box,
        sizes: tuple[int, ...],
        weight: Weight = Weight.REGULAR,
        align: Align = "left",
        ink: int = BLACK,
        middle: bool = False,
        script: Script | None = None,
    ) -> int:
        """Fit and put. Raises DoesNotFitError. Returns the y below the text."""
        block = fit(text, box, sizes, weight, script or self.script)
        return self.block(block, box, align, ink, middle)

    def glyph(self, text: str, box: Box, size: int, ink: int = BLACK) -> None:
        """A bold digit or letter exactly in the middle of the box, by its own ink."""
        face = font(Weight.BOLD, size)
        x0, y0, x1, y1 = face.getbbox(text, anchor="ls")
        x = box.x + (box.w - (x1 - x0)) / 2 - x0
        y = box.y + (box.h - (y1 - y0)) / 2 - y0
        self._draw.text((round(x), round(y)), text, ink, face, anchor="ls")
