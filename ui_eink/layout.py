"""Boxes, and text that fits them or is an error.

Lines break between words, and in Japanese between characters under the kinsoku
rules (JIS X 4051: no closing mark begins a line, no opening one ends it), at the
end of a phrase where there is one. A sentence may carry its own phrase marks, "|":
then it breaks only there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from PIL import ImageFont

from ui_eink.fonts import Weight, font
from ui_eink.theme import LINE

PHRASE = "|"
NEVER_FIRST = frozenset(
    "、。，．・：；？！?!,.:;)]}）］｝」』】〉》ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ々…%"
)
NEVER_LAST = frozenset("([{（［｛「『【〈《")


class DoesNotFitError(ValueError):
    """A text is too long for its box at the smallest allowed size."""


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        return self.x + self.w

    @property
    def bottom(self) -> int:
        return self.y + self.h

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """Inclusive corners, as Pillow draws."""
        return self.x, self.y, self.right - 1, self.bottom - 1

    def inset(self, dx: int, dy: int | None = None) -> "Box":
        dy = dx if dy is None else dy
        return Box(self.x + dx, self.y + dy, self.w - 2 * dx, self.h - 2 * dy)

    def top(self, height: int) -> "Box":
        return Box(self.x, self.y, self.w, height)

    def below(self, height: int) -> "Box":
        return Box(self.x, self.y + height, self.w, self.h - height)

    def left(self, width: int) -> "Box":
        return Box(self.x, self.y, width, self.h)

    def after(self, width: int) -> "Box":
        return Box(self.x + width, self.y, self.w - width, self.h)

    def columns(self, count: int, gap: int) -> tuple["Box", ...]:
        width = (self.w - gap * (count - 1)) // count
        return tuple(
            Box(self.x + i * (width + gap), self.y, width, self.h) for i in range(count)
        )

    def square(self, side: int) -> "Box":
        """A square of `side` in the middle."""
        return Box(
            self.x + (self.w - side) // 2, self.y + (self.h - side) // 2, side, side
        )


@dataclass(frozen=True, slots=True)
class Block:
    """Text that fits: its lines, all of one size."""

    lines: tuple[str, ...]
    size: int
    weight: Weight

    @property
    def line_height(self) -> int:
        return round(self.size * LINE)

    @property
    def height(self) -> int:
        return self.size + self.line_height * (len(self.lines) - 1)

    @property
    def width(self) -> int:
        face = font(self.weight, self.size)
        return max((round(face.getlength(line)) for line in self.lines), default=0)


def plain(text: str) -> str:
    """The sentence without its phrase marks."""
    return text.replace(PHRASE, "")


def _is_wide(char: str) -> bool:
    return ord(char) >= 0x2E80


def _pieces(text: str, phrases: bool) -> Iterator[str]:
    """The smallest pieces a line may be broken between; spaces end a piece."""
    if PHRASE in text:
        yield from (piece for piece in text.split(PHRASE) if piece)
        return
    piece = ""
    for char, after in pairwise(f"{text}\0"):
        piece += char
        if after == "\0" or _may_break(piece, after, phrases):
            yield piece
            piece = ""


def _may_break(piece: str, after: str, phrases: bool) -> bool:
    char = piece[-1]
    if after in NEVER_FIRST or piece.rstrip()[-1:] in NEVER_LAST or after == " ":
        return False
    if char == " " or not phrases:
        return char == " " or _is_wide(char) or _is_wide(after)
    # A phrase ends in hiragana or a mark, and the next begins with something else.
    return (_is_hiragana(char) and not _is_hiragana(after)) or char in "。、」"


def _is_hiragana(char: str) -> bool:
    return "ぁ" <= char <= "ゟ"


def _greedy(
    paragraph: str, face: ImageFont.FreeTypeFont, width: int, phrases: bool
) -> list[str] | None:
    lines = [""]
    for piece in _pieces(paragraph, phrases):
        if face.getlength((lines[-1] + piece).rstrip()) > width and lines[-1]:
            lines.append("")
        lines[-1] += piece
        if face.getlength(lines[-1].rstrip()) > width:
            return None
    return [line.strip() for line in lines]


def _balanced(
    paragraph: str, face: ImageFont.FreeTypeFont, width: int, phrases: bool
) -> list[str] | None:
    """As few lines as greedy breaking needs, and as even as they can be."""
    best = _greedy(paragraph, face, width, phrases)
    if best is None or len(best) == 1:
        return best
    low, high = width // len(best) - 1, width
    while high - low > 4:
        middle = (low + high) // 2
        tried = _greedy(paragraph, face, middle, phrases)
        if tried is not None and len(tried) == len(best):
            best, high = tried, middle
        else:
            low = middle
    return best


def break_lines(
    text: str, weight: Weight, size: int, width: int, phrases: bool = True
) -> list[str] | None:
    """Lines no wider than `width`, or None where a single piece is wider.

    Without `phrases`, Japanese may break between any characters that kinsoku allows.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        part = _balanced(paragraph, font(weight, size), width, phrases)
        if part is None:
            return None
        lines += part
    return lines


def fit(text: str, box: Box, sizes: tuple[int, ...], weight: Weight) -> Block:
    """The text at the largest of `sizes` that fits, in two lines if it can be.

    Whole phrases come before size. Raises DoesNotFitError.
    """
    block = _fitted(text, box.w, box.h, sizes, weight)
    if block is None:
        size = f"{box.w}x{box.h} at {sizes[-1]} px"
        raise DoesNotFitError(f"{plain(text)!r} in {size}")
    return block


@lru_cache(maxsize=512)
def _fitted(
    text: str, width: int, height: int, sizes: tuple[int, ...], weight: Weight
) -> Block | None:
    for phrases in (True, False):
        largest = None
        for size in sizes:
            lines = break_lines(text, weight, size, width, phrases)
            block = Block(tuple(lines or ()), size, weight)
            if lines is None or block.height > height:
                continue
            if len(lines) <= 2:
                return block
            largest = largest or block
        if largest is not None:
            return largest
    return None
