"""What screens share: the four steps, the corners, keys, choices, the one message."""

from collections.abc import Sequence
from dataclasses import dataclass

from ui_eink import icons
from ui_eink.fonts import Script, Weight
from ui_eink.icons import Sign
from ui_eink.layout import Block, Box
from ui_eink.paper import Align, Paper
from ui_eink.strings import LANGUAGE_KEY
from ui_eink.theme import (
    BLACK,
    BODY,
    CHOICE,
    FOOTER_HEIGHT,
    GAP,
    HEADLINE,
    MARGIN,
    NOTE,
    SMALL,
    STEP,
    STEPS_HEIGHT,
    STROKE,
    TITLE_HEIGHT,
    WHITE,
)
from ui_eink.words import Saying, Words

BOLD = Weight.BOLD
_CAP = 68
CONSENT_STEP = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """One key and what it does."""

    key: str
    label: str
    sign: Sign | None = None
    note: str = ""


def steps(paper: Paper, words: Words, now: int, consent_open: bool = False) -> None:
    """The four steps; `now` counts from 0, and 4 means all are done.

    A consent that nobody was asked for, or did not answer, is not ticked.
    """
    row = paper.whole.top(STEPS_HEIGHT)
    for i, (box, name) in enumerate(zip(row.columns(4, 0), words.steps, strict=True)):
        ink = BLACK
        if i == now:
            paper.bar(box)
            ink = WHITE
        done = i < now and not (consent_open and i == CONSENT_STEP)
        sign = icons.tick if done else None
        _step_name(paper, box, name, sign, ink)
    paper.bar(Box(0, STEPS_HEIGHT - 4, row.w, 4))


def _step_name(paper: Paper, box: Box, name: str, sign: Sign | None, ink: int) -> None:
    weight = BOLD if ink == WHITE or sign else Weight.REGULAR
    room = Box(box.x + 6, box.y, box.w - 12, box.h - 4)
    block = paper.fit(name, room.inset(16, 0), STEP, weight)
    mark = 30 if sign else 0
    x = room.x + (room.w - block.width - mark) // 2
    if sign:
        paper.sign(sign, Box(x, room.y, 22, room.h), ink)
    paper.block(block, Box(x + mark, room.y, block.width, room.h), ink=ink, middle=True)


def language_corner(paper: Paper, ink: int = BLACK) -> None:
    """Small, bottom left, on every screen: the language key."""
    row = Box(MARGIN, paper.whole.h - FOOTER_HEIGHT, 300, FOOTER_HEIGHT)
    paper.sign(icons.globe, Box(row.x, row.y + 4, 24, 28), ink)
    room = Box(row.x + 34, row.y, row.w - 34, row.h - 4)
    script = Script.JAPANESE
    paper.text(LANGUAGE_KEY, room, SMALL, ink=ink, middle=True, script=script)


def simulated_corner(paper: Paper, words: Words) -> None:
    """Small, bottom right: this reader is not a real one."""
    block = paper.fit(words.simulated, Box(0, 0, 240, 30), SMALL, BOLD)
    width = block.width + 24
    box = Box(paper.whole.w - width - GAP, paper.whole.h - FOOTER_HEIGHT + 2, width, 32)
    paper.plate(box, BLACK, 8)
    paper.block(block, box, "centre", WHITE, middle=True)


def corner_note(paper: Paper, text: str) -> None:
    """A neutral fact at the bottom, in the middle third."""
    box = Box(286, paper.whole.h - FOOTER_HEIGHT, 258, FOOTER_HEIGHT - 4)
    paper.text(text, box, NOTE, align="centre", middle=True)


def title_band(paper: Paper) -> Box:
    """A black band under the current step: they read as one tab. Its inside."""
    band = Box(0, STEPS_HEIGHT, paper.whole.w, TITLE_HEIGHT)
    paper.bar(band)
    return band.inset(MARGIN, 0)


def body_area(paper: Paper, with_steps: bool = True) -> Box:
    """Between the steps and the corners."""
    top = STEPS_HEIGHT if with_steps else 0
    return Box(0, top, paper.whole.w, paper.whole.h - FOOTER_HEIGHT - top)


def say(
    paper: Paper,
    saying: Saying,
    box: Box,
    ink: int = BLACK,
    sizes: tuple[int, ...] = HEADLINE,
    align: Align = "left",
) -> None:
    """The headline and what helps, together in the middle of the box's height."""
    box = box.inset(0, 14)
    head, body = _both(paper, saying, box, sizes)
    gap = 22 if body else 0
    total = head.height + gap + (body.height if body else 0)
    y = box.y + (box.h - total) // 2
    paper.block(head, Box(box.x, y, box.w, head.height), align, ink)
    if body:
        y += head.height + gap
        paper.block(body, Box(box.x, y, box.w, body.height), align, ink)


def _both(
    paper: Paper, saying: Saying, box: Box, sizes: tuple[int, ...]
) -> tuple[Block, Block | None]:
    if not saying.body:
        return paper.fit(saying.headline, box, sizes, BOLD), None
    body = paper.fit(
        saying.body, Box(box.x, box.y, box.w, box.h // 2), BODY, Weight.REGULAR
    )
    left = Box(box.x, box.y, box.w, box.h - body.height - 22)
    return paper.fit(saying.headline, left, sizes, BOLD), body


def poster(
    paper: Paper, sign: Sign, saying: Saying, area: Box, ink: int = BLACK
) -> None:
    """A large sign on the left, the message on the right."""
    paper.sign(sign, area.left(300).inset(36, 20), ink)
    say(paper, saying, Box(area.x + 300, area.y, area.w - 300 - MARGIN, area.h), ink)


def key_cap(paper: Paper, box: Box, key: str, ink: int = BLACK) -> None:
    """A digit key as it looks under the finger."""
    paper.plate(box, ink, box.h // 5)
    paper.glyph(key, box, round(box.h * 0.72), 1 - ink)


def choices(paper: Paper, row: Box, options: Sequence[Choice]) -> None:
    """Equal plates, left to right as the keys lie on the keypad."""
    boxes = row.columns(len(options), GAP)
    size = _common_size(paper, [_label_room(boxes[0])] * len(options), options)
    for box, option in zip(boxes, options, strict=True):
        paper.plate(box)
        white = box.after(_CAP).inset(0, STROKE)
        paper.plate(Box(white.x, white.y, white.w - STROKE, white.h), WHITE, 14)
        paper.glyph(option.key, box.left(_CAP), 60, WHITE)
        _label(paper, _label_room(box), option, size)


def _label_room(box: Box) -> Box:
    """One line of words, right of the key."""
    room = box.after(_CAP + 10)
    return Box(room.x, room.y + (room.h - 66) // 2, room.w - 14, 66)


def _label(paper: Paper, room: Box, option: Choice, size: int) -> None:
    align: Align = "centre"
    if option.note:
        paper.text(
            option.note, Box(room.x, room.bottom - 14, room.w, 30), SMALL, align=align
        )
        room = Box(room.x, room.y - 16, room.w, room.h)
    paper.text(option.label, room, (size,), BOLD, align, middle=True)


def _common_size(paper: Paper, rooms: Sequence[Box], options: Sequence[Choice]) -> int:
    """One size for all, so that no answer looks weightier than another."""
    pairs = zip(rooms, options, strict=True)
    return min(paper.fit(o.label, room, CHOICE, BOLD).size for room, o in pairs)


def tiles(paper: Paper, row: Box, options: Sequence[Choice]) -> None:
    """Tall choices with their signs."""
    boxes = row.columns(len(options), GAP)
    room = Box(0, 0, boxes[0].w - 32, 66)
    size = _common_size(paper, [room] * len(options), options)
    for box, option in zip(boxes, options, strict=True):
        paper.frame(box)
        cap = Box(box.x + 16, box.y + 16, 64, 64)
        key_cap(paper, cap, option.key)
        lift = 34 if option.note else 0
        if option.sign:
            picture = Box(box.x + 84, box.y + 22, box.w - 100, box.h - 104 - lift)
            paper.sign(option.sign, picture)
        line = Box(box.x + 16, box.bottom - 72 - lift, box.w - 32, 66)
        paper.text(option.label, line, (size,), BOLD, "centre", middle=True)
        if option.note:
            note = Box(box.x + 16, line.bottom - 8, box.w - 32, 32)
            paper.text(option.note, note, NOTE, align="centre")
