"""The QR code on the screen is read back from its pixels, by a reader of our own.

What ISO/IEC 18004 says of a code without damage: finder patterns, format information,
masks, the zigzag of bits, blocks, alphanumeric mode. Shared with segno is nothing.
"""

import re
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from protocol.messages import PatientLink
from ui_eink.layout import DoesNotFitError
from ui_eink.qr import LEAST_PX, QUIET, modules
from ui_eink.render import render
from ui_eink.samples import RECEIPT
from ui_eink.views import Lang, Receipt, ThankYou

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
MASKS: tuple[Callable[[int, int], int], ...] = (
    lambda i, j: (i + j) % 2,
    lambda i, j: i % 2,
    lambda i, j: j % 3,
    lambda i, j: (i + j) % 3,
    lambda i, j: (i // 2 + j // 3) % 2,
    lambda i, j: i * j % 2 + i * j % 3,
    lambda i, j: (i * j % 2 + i * j % 3) % 2,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2,
)
BLOCKS = {
    # Version, level: data codewords of each block (ISO/IEC 18004 table 9).
    (2, "L"): (34,), (2, "M"): (28,), (2, "Q"): (22,), (2, "H"): (16,),
    (3, "L"): (55,), (3, "M"): (44,), (3, "Q"): (17, 17), (3, "H"): (13, 13),
    (4, "L"): (80,), (4, "M"): (32, 32), (4, "Q"): (24, 24), (4, "H"): (9,) * 4,
    (5, "L"): (108,), (5, "M"): (43, 43), (5, "Q"): (15, 15, 16, 16),
    (5, "H"): (11, 11, 12, 12),
}  # fmt: skip
LEVELS = {1: "L", 0: "M", 3: "Q", 2: "H"}
Grid = list[list[int]]


def seen(picture: Image.Image) -> tuple[Grid, int]:
    """The modules in the right part of a screen, and the pixels of one."""
    left = 500
    dark = [
        (x, y)
        for y, x in product(range(picture.height), range(left, picture.width))
        if not picture.getpixel((x, y))
    ]
    # The largest square of ink: below the title, above the number.
    rows = {y for _, y in dark}
    top = max(
        (y for y in rows if y - 1 not in rows and y + 100 in rows),
        default=0,
    )
    run = [x for x, y in dark if y == top]
    x0, wide = min(run), 0
    while x0 + wide in run:
        wide += 1
    px = wide // 7
    size = (max(run) - x0 + 1) // px
    grid = [
        [
            1
            - int(
                bool(picture.getpixel((x0 + j * px + px // 2, top + i * px + px // 2)))
            )
            for j in range(size)
        ]
        for i in range(size)
    ]
    return grid, px


def decoded(grid: Grid) -> str:
    size = len(grid)
    version = (size - 17) // 4
    assert size == 17 + 4 * version
    places = [(8, j) for j in (0, 1, 2, 3, 4, 5, 7, 8)] + [
        (i, 8) for i in (7, 5, 4, 3, 2, 1, 0)
    ]
    bits = int("".join(str(grid[i][j]) for i, j in places), 2) ^ 0b101010000010010
    level, mask = LEVELS[bits >> 13], MASKS[bits >> 10 & 7]
    stream = [
        grid[i][j] ^ (mask(i, j) == 0) for i, j in _zigzag(size) if _data(i, j, size)
    ]
    words = [
        int("".join(map(str, stream[at : at + 8])), 2)
        for at in range(0, len(stream) - 7, 8)
    ]
    return _text(_together(words, BLOCKS[version, level]))


def _zigzag(size: int) -> list[tuple[int, int]]:
    path, upward, j = [], True, size - 1
    while j > 0:
        j -= j == 6
        for step in range(size):
            i = size - 1 - step if upward else step
            path += [(i, j), (i, j - 1)]
        upward, j = not upward, j - 2
    return path


def _data(i: int, j: int, size: int) -> bool:
    corner = (i < 9 and (j < 9 or j >= size - 8)) or (i >= size - 8 and j < 9)
    at = size - 7
    aligned = size > 21 and abs(i - at) <= 2 and abs(j - at) <= 2
    return not (corner or aligned or 6 in {i, j})


def _together(words: list[int], blocks: tuple[int, ...]) -> list[int]:
    parts: list[list[int]] = [[] for _ in blocks]
    taken = iter(words)
    for place in range(max(blocks)):
        for part, length in zip(parts, blocks, strict=True):
            if place < length:
                part.append(next(taken))
    return [word for part in parts for word in part]


def _text(words: list[int]) -> str:
    bits = "".join(f"{word:08b}" for word in words)
    assert bits[:4] == "0010", "not alphanumeric"
    count, at, text = int(bits[4:13], 2), 13, ""
    while len(text) < count - 1:
        pair = int(bits[at : at + 11], 2)
        text += ALPHANUMERIC[pair // 45] + ALPHANUMERIC[pair % 45]
        at += 11
    if len(text) < count:
        text += ALPHANUMERIC[int(bits[at : at + 6], 2)]
    return text


@pytest.mark.parametrize("unanswered", [False, True])
@pytest.mark.parametrize("lang", Lang)
def test_the_code_on_the_last_screen_reads_as_the_link(
    lang: Lang, unanswered: bool
) -> None:
    picture = render(ThankYou(unanswered, RECEIPT), lang, simulated=True)
    grid, px = seen(picture)
    assert decoded(grid) == RECEIPT.url
    assert px >= LEAST_PX


@given(
    host=st.from_regex(r"[A-Z0-9][A-Z0-9.-]{0,62}[A-Z0-9]", fullmatch=True),
    token=st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26),
)
@settings(max_examples=6, deadline=None)
def test_every_link_that_the_wire_allows_can_be_scanned(host: str, token: str) -> None:
    url = f"HTTPS://{host}/R/{token}"
    link = PatientLink(url=url, word="000000", until=0)
    picture = render(ThankYou(receipt=Receipt(link.url, link.word)), Lang.JA)
    grid, px = seen(picture)
    assert decoded(grid) == url
    assert px >= LEAST_PX + 1
    assert _quiet(picture, grid, px)


def _quiet(picture: Image.Image, grid: Grid, px: int) -> bool:
    """Four modules of white on every side of the square."""
    whole = (len(grid) + 2 * QUIET) * px
    return whole <= 304 - 32


def test_a_code_whose_modules_would_be_too_small_is_an_error() -> None:
    text = "HTTPS://PAGE.EXAMPLE/R/" + "0" * 26
    with pytest.raises(DoesNotFitError) as caught:
        modules(text, (29 + 2 * QUIET) * LEAST_PX - 1)
    assert text not in str(caught.value)
    assert len(modules(text, (29 + 2 * QUIET) * LEAST_PX)) == 29 + 2 * QUIET


def test_neither_link_nor_number_is_printed() -> None:
    assert not re.search(r"HTTPS|042917", repr(ThankYou(receipt=RECEIPT)))
