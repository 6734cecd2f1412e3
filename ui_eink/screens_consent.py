"""Screens of step three: one question, two answers of the same weight."""

from collections import Counter
from collections.abc import Sequence

from ui_eink import icons, signs_consent
from ui_eink.fonts import Weight
from ui_eink.layout import Box
from ui_eink.paper import Paper
from ui_eink.parts import (
    Choice,
    body_area,
    choices,
    corner_note,
    key_cap,
    poster,
    steps,
    title_band,
)
from ui_eink.theme import BODY, CHOICE, GAP, MARGIN, TITLE, TITLE_HEIGHT, WHITE
from ui_eink.views import (
    AskConsent,
    AskRegistration,
    ChosenAnswer,
    ConfirmConsent,
    ConsentHelp,
    Told,
)
from ui_eink.words import Words

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
ANSWER_SIGN = {
    ChosenAnswer.GRANTED: icons.tick,
    ChosenAnswer.REFUSED: icons.cross,
    ChosenAnswer.UNANSWERED: icons.dash,
}
BOLD = Weight.BOLD
_ANSWERS = 88
_LINE = 38
_NAMES_IN_A_COLUMN = 3


def ask_registration(view: AskRegistration, words: Words) -> Paper:
    paper = Paper(script=words.script)
    steps(paper, words, 1)
    area = body_area(paper)
    upper = Box(area.x, area.y, area.w, area.h - _ANSWERS - 10)
    poster(paper, icons.register, words.register, upper)
    _two(paper, area, words.register_yes, words.register_no)
    return paper


def ask_consent(view: AskConsent, words: Words) -> Paper:
    """Nothing is chosen beforehand; the last answer is told, not offered."""
    item = words.items[view.item]
    paper, room = _question(view, words, words.help_key)
    below = paper.text(item.question, room.top(130), BODY, Weight.BOLD)
    rest = Box(room.x, below + 14, room.w, room.bottom - below - 14)
    paper.text(item.purpose, rest, BODY[-1:])
    if view.standing is not None:
        answer = words.answers[view.standing]
        corner_note(paper, words.last_time.format(answer=answer))
    return paper


def consent_help(view: ConsentHelp, words: Words) -> Paper:
    """What the item is; key 2 leads back, and both answers stay where they were."""
    paper, room = _question(view, words, words.back_key)
    below = paper.text(words.items[view.item].help, room.top(104), BODY)
    rest = Box(room.x, below + 14, room.w, room.bottom - below - 14)
    paper.text(words.help_note, rest, BODY[-1:], Weight.BOLD)
    return paper


def _question(
    view: AskConsent | ConsentHelp, words: Words, second: str
) -> tuple[Paper, Box]:
    """The item as the title, the two answers; the room between them."""
    paper = Paper(script=words.script)
    steps(paper, words, 2)
    area = body_area(paper)
    _title(paper, title_band(paper), view, words, second)
    top = TITLE_HEIGHT + 16
    height = area.h - top - _ANSWERS - 18
    _two(paper, area, words.agree, words.disagree)
    return paper, Box(MARGIN, area.y + top, area.w - 2 * MARGIN, height)


def _title(
    paper: Paper, row: Box, view: AskConsent | ConsentHelp, words: Words, second: str
) -> None:
    paper.sign(ITEM_SIGN[view.item], row.left(64), WHITE)
    label = paper.fit(second, Box(0, 0, 240, row.h), CHOICE[-1:], Weight.BOLD)
    key = Box(row.right - label.width - 58, row.y + (row.h - 48) // 2, 48, 48)
    key_cap(paper, key, "2", WHITE)
    words_of_key = Box(key.right + 10, row.y, label.width, row.h)
    paper.block(label, words_of_key, ink=WHITE, middle=True)
    count = words.question_of.format(n=view.index, total=view.total)
    number = Box(key.x - 128, row.y, 112, row.h)
    paper.text(count, number, BODY[-1:], align="right", ink=WHITE, middle=True)
    name = Box(row.x + 84, row.y, number.x - row.x - 84, row.h)
    title = words.items[view.item].title
    paper.text(title, name, TITLE, Weight.BOLD, ink=WHITE, middle=True)


def confirm_consent(view: ConfirmConsent, words: Words) -> Paper:
    """What will be sent, item by item; what was not asked again is one line."""
    paper = Paper(script=words.script)
    steps(paper, words, 2)
    area = body_area(paper)
    asked = [told for told in view.told if not told.same]
    question = words.confirm if asked else words.same_as_last
    head = title_band(paper)
    paper.text(question, head, TITLE, Weight.BOLD, ink=WHITE, middle=True)
    top = TITLE_HEIGHT + 6
    rows = Box(MARGIN, area.y + top, head.w, area.h - top - _ANSWERS - 12)
    same = [told for told in view.told if told.same]
    if asked and same:
        line = Box(rows.x, rows.bottom - _LINE, rows.w, _LINE)
        _same(paper, line, same, words)
        rows = rows.top(rows.h - _LINE - 4)
    _answers(paper, rows, asked or same, words)
    _two(paper, area, words.send, words.change)
    return paper


def _answers(paper: Paper, room: Box, told: Sequence[Told], words: Words) -> None:
    """By name; of more than fit, how many of each answer."""
    names = [(words.items[one.item].short, one.answer) for one in told]
    if len(names) > 2 * (room.h // _LINE):
        names = [(f"{words.answers[a]}: {n}", a) for a, n in _counted(told)]
    across = 1 if len(names) <= _NAMES_IN_A_COLUMN else 2
    down = -(-len(names) // across)
    height = min(room.h // down, 60)
    top = room.y + (room.h - height * down) // 2
    for at, (name, answer) in enumerate(names):
        column, row = divmod(at, down)
        line = Box(room.x, top + row * height, room.w, height)
        cell = line.columns(across, GAP)[column]
        paper.sign(ANSWER_SIGN[answer], Box(cell.x, cell.y, 34, cell.h))
        text = name if across > 1 else f"{name}: {words.answers[answer]}"
        if name.startswith(words.answers[answer]):
            text = name
        wide = Box(cell.x + 50, cell.y, cell.w - 50, cell.h)
        sizes = CHOICE if across == 1 else CHOICE[-1:]
        paper.text(text, wide, sizes, Weight.BOLD, middle=True)


def _same(paper: Paper, line: Box, same: Sequence[Told], words: Words) -> None:
    paper.bar(Box(line.x, line.y - 2, line.w, 2))
    label = paper.fit(words.same, Box(0, 0, line.w // 2, line.h), BODY[-1:], BOLD)
    paper.block(label, line, middle=True)
    x = line.x + label.width + 40
    for answer, count in _counted(same):
        paper.sign(ANSWER_SIGN[answer], Box(x, line.y, 34, line.h))
        number = Box(x + 44, line.y, 60, line.h)
        paper.text(str(count), number, BODY[-1:], BOLD, middle=True)
        x += 130


def _counted(told: Sequence[Told]) -> list[tuple[ChosenAnswer, int]]:
    return list(Counter(one.answer for one in told).items())


def _two(paper: Paper, area: Box, yes: str, no: str) -> None:
    row = Box(MARGIN, area.bottom - _ANSWERS - 4, area.w - 2 * MARGIN, _ANSWERS)
    choices(paper, row, (Choice("1", yes), Choice("3", no)))
