"""The screen on which 照合番号B is typed, in the three groups of the card's face."""

from ui_eink.fonts import Weight
from ui_eink.layout import Box
from ui_eink.paper import Paper
from ui_eink.parts import body_area, say
from ui_eink.screens_identity import keypad_map, second_step
from ui_eink.theme import BLACK, HEADING, MARGIN, STEP, WHITE
from ui_eink.views import EnterNumberB
from ui_eink.words import Words

GROUPS = (6, 4, 4)
_CELL, _STEP, _ROW = 42, 54, 78


def enter_number_b(view: EnterNumberB, words: Words) -> Paper:
    """Filled cells only: e-paper keeps its picture, also without power."""
    paper = second_step(words)
    area = body_area(paper)
    saying = words.number_again if view.wrong_before else words.enter_number
    say(paper, saying, Box(MARGIN, area.y - 4, 520, 166), sizes=HEADING)
    typed = view.digits
    for row, (size, name) in enumerate(zip(GROUPS, words.number_groups, strict=True)):
        top = area.y + 154 + row * _ROW
        paper.text(name, Box(MARGIN, top, 520, 36), STEP, Weight.BOLD)
        _cells(paper, Box(MARGIN, top + 34, _CELL, _CELL), size, typed)
        typed = max(0, typed - size)
    keypad_map(paper, Box(566, area.y + 20, 204, area.h - 30), words, words.back_key)
    return paper


def _cells(paper: Paper, first: Box, size: int, filled: int) -> None:
    for at in range(size):
        cell = Box(first.x + at * _STEP, first.y, first.w, first.h)
        paper.plate(cell, BLACK, 10)
        if at >= filled:
            paper.plate(cell.inset(4), WHITE, 7)
