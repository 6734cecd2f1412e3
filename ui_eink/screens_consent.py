"""Screens of step three: one question, two answers of the same weight."""

from ui_eink import icons, signs_consent
from ui_eink.fonts import Weight
from ui_eink.layout import Box
from ui_eink.paper import Paper
from ui_eink.parts import (
    Choice,
    body_area,
    choices,
    corner_note,
    poster,
    steps,
    title_band,
)
from ui_eink.theme import BODY, HEADLINE, MARGIN, TITLE_HEIGHT, WHITE
from ui_eink.views import AskConsent, AskRegistration
from ui_eink.words import ItemWords, Words

ITEM_SIGN = {
    "diagnosis_and_drugs": icons.medicine,
    "operation": icons.plaster,
    "checkup": icons.heart,
    "specified_disease": signs_consent.certificate,
    "diagnosis_name": signs_consent.named,
    "infection": signs_consent.germ,
    "allergy": signs_consent.flower,
    "contraindication": signs_consent.crossed_capsule,
    "test_result": signs_consent.tube,
    "prescription": signs_consent.prescription,
}
_ANSWERS = 88


def ask_registration(view: AskRegistration, words: Words) -> Paper:
    paper = Paper()
    steps(paper, words, 1)
    area = body_area(paper)
    upper = Box(area.x, area.y, area.w, area.h - _ANSWERS - 10)
    poster(paper, icons.register, words.register, upper)
    _two(paper, area, words.register_yes, words.register_no)
    return paper


def ask_consent(view: AskConsent, words: Words) -> Paper:
    """Nothing is chosen beforehand; the last answer is told, not offered."""
    paper = Paper()
    steps(paper, words, 2)
    area = body_area(paper)
    item = words.items[view.item]
    _title(paper, title_band(paper), view, item, words)
    top = TITLE_HEIGHT + 16
    rest_height = area.h - top - _ANSWERS - 18
    room = Box(MARGIN, area.y + top, area.w - 2 * MARGIN, rest_height)
    below = paper.text(item.question, room.top(130), BODY, Weight.BOLD)
    rest = Box(room.x, below + 14, room.w, room.bottom - below - 14)
    paper.text(item.purpose, rest, BODY[-1:])
    _two(paper, area, words.agree, words.disagree)
    if view.standing is not None:
        answer = words.answers[view.standing]
        corner_note(paper, words.last_time.format(answer=answer))
    return paper


def _title(
    paper: Paper, row: Box, view: AskConsent, item: ItemWords, words: Words
) -> None:
    paper.sign(ITEM_SIGN[view.item], row.left(64), WHITE)
    count = words.question_of.format(n=view.index, total=view.total)
    name = Box(row.x + 84, row.y, row.w - 84 - 90, row.h)
    paper.text(item.title, name, HEADLINE[-1:], Weight.BOLD, ink=WHITE, middle=True)
    right = row.after(row.w - 90)
    paper.text(count, right, BODY[-1:], align="right", ink=WHITE, middle=True)


def _two(paper: Paper, area: Box, yes: str, no: str) -> None:
    row = Box(MARGIN, area.bottom - _ANSWERS - 4, area.w - 2 * MARGIN, _ANSWERS)
    choices(paper, row, (Choice("1", yes), Choice("3", no)))
