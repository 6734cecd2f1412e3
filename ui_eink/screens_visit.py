"""Screens of coming and going: the card, the end, and when people must help."""

from collections import Counter

from ui_eink import icons, signs_service
from ui_eink.fonts import Script, Weight
from ui_eink.layout import Box
from ui_eink.paper import Paper
from ui_eink.parts import Choice, body_area, choices, poster, say, steps
from ui_eink.qr import modules
from ui_eink.screens_consent import ANSWER_SIGN
from ui_eink.theme import BLACK, BODY, FIGURE, GAP, MARGIN, MESSAGE, NOTE, STAFF, WHITE
from ui_eink.views import (
    CallStaff,
    CardLeft,
    ChosenAnswer,
    MoreTime,
    Problem,
    PutCardBack,
    ReadingCard,
    Ready,
    Receipt,
    RenewalNotice,
    TakeCard,
    ThankYou,
)
from ui_eink.words import Saying, Words

RECEIPT_WIDTH = 304
"""Of the column with the QR code, its right margin too."""
ITEMS_BY_NAME = 3
"""So many names fit beside each other."""


def ready(view: Ready, words: Words) -> Paper:
    paper = Paper(script=words.script)
    steps(paper, words, 0)
    area = body_area(paper)
    band = Box(0, area.y, 308, paper.whole.h - area.y)
    paper.bar(band)
    paper.sign(icons.card_on_reader, band.inset(40), WHITE)
    say(paper, words.ready, Box(334, area.y, area.w - 334 - 16, area.h))
    return paper


def reading_card(view: ReadingCard, words: Words) -> Paper:
    paper = Paper(script=words.script)
    steps(paper, words, 0)
    poster(paper, icons.card_read, words.reading, body_area(paper))
    return paper


def more_time(view: MoreTime, words: Words) -> Paper:
    """Unlike every question, so that whoever looks up sees that it is none."""
    paper = Paper(script=words.script)
    band = Box(0, 0, 300, paper.whole.h)
    paper.bar(band)
    paper.sign(signs_service.clock, band.inset(48), WHITE)
    area = body_area(paper, with_steps=False)
    say(paper, words.more_time, Box(332, area.y, area.w - 332 - MARGIN, area.h))
    return paper


def put_card_back(view: PutCardBack, words: Words) -> Paper:
    """Black, so that it is seen from the door; the seconds are the largest thing."""
    paper = Paper(BLACK, words.script)
    area = body_area(paper, with_steps=False)
    left = area.left(300)
    paper.sign(icons.card_on_reader, Box(left.x + 60, 40, 190, 190), WHITE)
    text = str(view.seconds_left)
    figure = Box(left.x + 20, 226, 270, 150)
    paper.text(text, figure, FIGURE, Weight.BOLD, "centre", WHITE, middle=True)
    unit = Box(left.x + 20, 376, 270, 44)
    paper.text(
        words.seconds.of(view.seconds_left), unit, NOTE, ink=WHITE, align="centre"
    )
    say(paper, words.put_back, Box(320, area.y, 800 - 320 - MARGIN, area.h), WHITE)
    return paper


def renewal_notice(view: RenewalNotice, words: Words) -> Paper:
    """Calm: the card was good today. Where to go, and how long there is."""
    paper = Paper(script=words.script)
    saying = words.renewal_expired
    if not view.expired:
        left = words.renewal_left.of(view.months_left)
        left = left if view.months_left else words.renewal_last_month
        saying = Saying(words.renewal, f"{left}\n{words.renewal_where}")
    area = body_area(paper, with_steps=False)
    row = 96
    upper = Box(area.x, area.y, area.w, area.h - row - 8)
    poster(paper, signs_service.calendar, saying, upper)
    keys = Box(300, area.bottom - row - 4, area.w - 300 - MARGIN, row)
    choices(paper, keys, (Choice("1", words.understood),))
    return paper


def take_card(view: TakeCard, words: Words) -> Paper:
    paper = Paper(script=words.script)
    answers = [answer for _, answer in view.decisions]
    unasked = view.records_withheld or view.pending
    steps(paper, words, 4, unasked or ChosenAnswer.UNANSWERED in answers)
    area = body_area(paper)
    lines = words.withheld if view.records_withheld else ()
    if view.pending:
        lines = words.pending
    foot = 66 * bool(view.decisions) + 50 * len(lines)
    upper = Box(area.x, area.y, area.w, area.h - foot)
    poster(paper, icons.card_taken, words.take_card, upper)
    y = upper.bottom
    for line in lines:
        box = Box(MARGIN, y, area.w - 2 * MARGIN, 46)
        paper.text(line, box, BODY[-1:], Weight.BOLD, "centre", middle=True)
        y += 50
    if view.decisions:
        _decided(paper, Box(MARGIN, y, area.w - 2 * MARGIN, 54), view, words)
    return paper


def _decided(paper: Paper, row: Box, view: TakeCard, words: Words) -> None:
    """What was answered, item by item: sign, then name; of many, how many."""
    told = [(words.items[item].short, answer) for item, answer in view.decisions]
    if len(told) > ITEMS_BY_NAME:
        counted = Counter(answer for _, answer in view.decisions)
        told = [(f"{words.answers[one]}: {n}", one) for one, n in counted.items()]
    columns = row.columns(len(told), GAP)
    for box, (text, answer) in zip(columns, told, strict=True):
        paper.frame(box, 2, 10)
        paper.sign(ANSWER_SIGN[answer], Box(box.x + 12, box.y, 30, box.h))
        room = Box(box.x + 52, box.y, box.w - 60, box.h)
        paper.text(text, room, NOTE, middle=True)


def card_left(view: CardLeft, words: Words) -> Paper:
    paper = Paper(BLACK, words.script)
    area = body_area(paper, with_steps=False)
    poster(paper, icons.card_lying, words.card_left, area, WHITE)
    return paper


def thank_you(view: ThankYou, words: Words) -> Paper:
    paper = Paper(script=words.script)
    steps(paper, words, 4, view.unanswered)
    saying = words.thanks
    if view.receipt:
        saying = Saying(saying.headline, words.receipt.body)
    if view.unanswered:
        saying = Saying(saying.headline, words.thanks_unanswered)
    area = body_area(paper)
    if view.receipt is None:
        poster(paper, icons.chair, saying, area)
        return paper
    say(paper, saying, Box(MARGIN, area.y, 800 - RECEIPT_WIDTH - 2 * MARGIN, area.h))
    column = Box(800 - RECEIPT_WIDTH, area.y, RECEIPT_WIDTH - MARGIN, area.h)
    _receipt(paper, column, view.receipt, words)
    return paper


def _receipt(paper: Paper, column: Box, receipt: Receipt, words: Words) -> None:
    """What it is, the code, and below it the number, in two groups of three."""
    title = Box(column.x, column.y + 14, column.w, 34)
    paper.text(words.receipt.headline, title, NOTE, Weight.BOLD, "centre", middle=True)
    side = Box(column.x, title.bottom, column.w, column.w)
    paper.modules(modules(receipt.url, side.w), side)
    number = f"{receipt.word[:3]} {receipt.word[3:]}"
    row = Box(column.x, side.bottom, column.w, 54)
    line = f"{words.receipt_number} {number}"
    paper.text(line, row, BODY, Weight.BOLD, "centre", middle=True)


def problem(view: Problem, words: Words) -> Paper:
    """The patient's line large; below a bar, what staff should know and do."""
    paper = Paper(script=words.script)
    area = body_area(paper, with_steps=False)
    upper = area.top(240)
    paper.sign(icons.bell, upper.left(188).square(124))
    room = Box(184, upper.y + 14, area.w - 204, upper.h - 28)
    paper.text(view.patient, room, MESSAGE, Weight.BOLD, middle=True)
    bar = Box(0, upper.bottom, area.w, 40)
    paper.bar(bar)
    inner = bar.inset(MARGIN, 0)
    paper.text(words.for_staff, inner, NOTE, Weight.BOLD, ink=WHITE, middle=True)
    paper.text(view.code, inner, NOTE, Weight.BOLD, "right", WHITE, middle=True)
    _for_staff(paper, area.below(bar.bottom + 12).inset(MARGIN, 0), view)
    return paper


def _for_staff(paper: Paper, box: Box, view: Problem) -> None:
    here = Script.JAPANESE
    below = paper.text(view.staff, box.top(box.h // 2), STAFF, script=here) + 10
    rest = box.below(below - box.y)
    paper.text(f"→ {view.action}", rest, STAFF, Weight.BOLD, script=here)


def call_staff(view: CallStaff, words: Words) -> Paper:
    paper = Paper(script=words.script)
    area = body_area(paper, with_steps=False)
    poster(paper, icons.bell, words.call_staff, area)
    return paper
