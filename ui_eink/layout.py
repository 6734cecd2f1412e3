"""Boxes, and text that fits them or is an error.

Lines break between words, and in Japanese between characters under the kinsoku
rules (JIS X 4051: no closing mark begins a line, no opening one ends it), at the
end of a phrase where there is one. A sentence may carry its own phrase marks, "|":
then it breaks only there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ui_eink import ruby
from ui_eink.fonts import Script, Weight, advance
from ui_eink.theme import LINE, RUBY

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
    script: Script = Script.JAPANESE

    def over(self, line: str) -> int:
        """Room above a line for its readings, if it has any."""
        return reading_size(self.size) + 2 if ruby.OPEN in line else 0

    @property
    def line_height(self) -> int:
        """From line to line where there are no readings."""
        return round(self.size * LINE)

    @property
    def height(self) -> int:
        readings = sum(self.over(line) for line in self.lines)
        return self.size + self.line_height * (len(self.lines) - 1) + readings

    @property
    def width(self) -> int:
        longs = (length(x, self.weight, self.size, self.script) for x in self.lines)
        return max((round(long) for long in longs), default=0)


Measured = tuple[str, float, float]
"""A piece of text, how long it is, and how long at the end of a line."""


def reading_size(size: int) -> int:
    """How large the furigana over letters of `size` are."""
    return max(RUBY, size // 2)


def length(text: str, weight: Weight, size: int, script: Script) -> float:
    """How long a line is; a reading may be longer than what it stands above."""
    if ruby.OPEN not in text:
        return sum(advance(char, weight, size, script) for char in text)
    return sum(token_length(t, weight, size, script) for t in ruby.tokens(text))


def token_length(token: ruby.Token, weight: Weight, size: int, script: Script) -> float:
    under = length(token.base, weight, size, script)
    over = length(token.reading, Weight.REGULAR, reading_size(size), script)
    return max(under, over)


def plain(text: str) -> str:
    """The sentence without its phrase marks and readings."""
    return ruby.base(text.replace(PHRASE, ""))


def _is_wide(char: str) -> bool:
    """A line may end beside it. Korean is written in words, with spaces."""
    return ord(char) >= 0x2E80 and not "가" <= char <= "힣"


_IN_WORDS = re.compile(r"[ぁ-ヿ、。》] [ぁ-ヿ一-鿿｜]")
"""Japanese written with spaces between its words, as for children."""


def _pieces(text: str, phrases: bool) -> Iterator[str]:
    """The smallest pieces a line may be broken between; spaces end a piece."""
    if PHRASE in text:
        yield from (piece for piece in text.split(PHRASE) if piece)
        return
    if _IN_WORDS.search(text):
        yield from _words(text)
        return
    piece = ""
    for token, after in pairwise((*ruby.tokens(text), ruby.Token("\0"))):
        piece += str(token)
        end, begin = token.base[-1], after.base[0]
        if begin == "\0" or _may_break(piece, end, begin, phrases):
            yield piece
            piece = ""


def _words(text: str) -> Iterator[str]:
    """Where there are spaces, with kinsoku all the same."""
    piece = ""
    for word in re.findall(r"\S+ *|^ +", text):
        if (
            piece
            and word[0] not in NEVER_FIRST
            and piece.rstrip()[-1:] not in NEVER_LAST
        ):
            yield piece
            piece = ""
        piece += word
    yield piece


def _may_break(piece: str, char: str, after: str, phrases: bool) -> bool:
    if after in NEVER_FIRST or piece.rstrip()[-1:] in NEVER_LAST or after == " ":
        return False
    if char == " " or not phrases:
        return char == " " or _is_wide(char) or _is_wide(after)
    # A phrase ends in hiragana or a mark, and the next begins with something else.
    return (_is_hiragana(char) and not _is_hiragana(after)) or char in "。、」"


def _is_hiragana(char: str) -> bool:
    return "ぁ" <= char <= "ゟ"


def _greedy(pieces: Sequence[Measured], width: int) -> list[str] | None:
    lines: list[str] = []
    line, long = "", 0.0
    for piece, whole, bare in pieces:
        if line and long + bare > width:
            lines.append(line)
            line, long = "", 0.0
        if long + bare > width:
            return None
        line += piece
        long += whole
    return [text.strip() for text in (*lines, line)]


def _balanced(pieces: Sequence[Measured], width: int) -> list[str] | None:
    """As few lines as greedy breaking needs, and as even as they can be."""
    best = _greedy(pieces, width)
    if best is None or len(best) == 1:
        return best
    low, high = width // len(best) - 1, width
    while high - low > 4:
        middle = (low + high) // 2
        tried = _greedy(pieces, middle)
        if tried is not None and len(tried) == len(best):
            best, high = tried, middle
        else:
            low = middle
    return best


def break_lines(
    text: str,
    weight: Weight,
    size: int,
    width: int,
    phrases: bool = True,
    script: Script = Script.JAPANESE,
) -> list[str] | None:
    """Lines no wider than `width`, or None where a single piece is wider.

    Without `phrases`, Japanese may break between any characters that kinsoku allows.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        pieces = [
            (
                piece,
                length(piece, weight, size, script),
                length(piece.rstrip(), weight, size, script),
            )
            for piece in _pieces(paragraph, phrases)
        ]
        part = _balanced(pieces, width)
        if part is None:
            return None
        lines += part
    return lines


def fit(
    text: str,
    box: Box,
    sizes: tuple[int, ...],
    weight: Weight,
    script: Script = Script.JAPANESE,
) -> Block:
    """The text at the largest of `sizes` that fits, in two lines if it can be.

    Whole phrases come before size. Raises DoesNotFitError.
    """
    block = _fitted(text, box.w, box.h, sizes, weight, script)
    if block is None:
        size = f"{box.w}x{box.h} at {sizes[-1]} px"
        raise DoesNotFitError(f"{plain(text)!r} in {size}")
    return block


@lru_cache(maxsize=4096)
def _fitted(
    text: str,
    width: int,
    height: int,
    sizes: tuple[int, ...],
    weight: Weight,
    script: Script,
) -> Block | None:
    for phrases in (True, False):
        largest = None
        for size in sizes:
            lines = break_lines(text, weight, size, width, phrases, script)
            block = Block(tuple(lines or ()), size, weight, script)
            if lines is None or block.height > height:
                continue
            if len(lines) <= 2:
                return block
            largest = largest or block
        if largest is not None:
            return largest
    return None
