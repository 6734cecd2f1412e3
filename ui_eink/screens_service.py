"""Screens of the reader itself: its languages, and when it cannot receive as usual."""

from ui_eink import icons, signs_service
from ui_eink.fonts import Weight
from ui_eink.layout import Box
from ui_eink.paper import Paper
from ui_eink.parts import body_area, key_cap, poster, say, steps
from ui_eink.strings import LANGUAGE_KEY, LANGUAGES, WORDS
from ui_eink.theme import BODY, CHOICE, FOOTER_HEIGHT, GAP, MARGIN, NOTE, WHITE
from ui_eink.views import (
    ChooseLanguage,
    Offline,
    OutOfService,
    SelfTest,
    StartingUp,
    Updating,
)
from ui_eink.words import Words

_HEAD = 64
_GAP = 10
_ACROSS = 3
"""As the keys 1 to 9 lie."""


def choose_language(view: ChooseLanguage, words: Words) -> Paper:
    """The same in every language: each name in its own letters."""
    paper = Paper()
    head = paper.whole.top(_HEAD)
    paper.bar(head)
    paper.sign(icons.globe, Box(MARGIN, 8, 48, 48), WHITE)
    room = head.inset(MARGIN + 64, 0)
    paper.text(LANGUAGE_KEY, room, CHOICE, Weight.BOLD, ink=WHITE, middle=True)
    area = Box(14, _HEAD + 12, 772, paper.whole.h - FOOTER_HEIGHT - _HEAD - 18)
    height = (area.h - 2 * _GAP) // 3
    for at, (lang, name) in enumerate(LANGUAGES.items()):
        row, column = divmod(at, _ACROSS)
        line = Box(area.x, area.y + row * (height + _GAP), area.w, height)
        tile = line.columns(_ACROSS, _GAP)[column]
        paper.frame(tile)
        cap = Box(tile.x + 8, tile.y + (height - 44) // 2, 44, 44)
        key_cap(paper, cap, str(at + 1))
        room = Box(cap.right + 8, tile.y + 2, tile.right - cap.right - 14, height - 4)
        script = WORDS[lang].script
        paper.text(name, room, CHOICE[-1:], Weight.BOLD, middle=True, script=script)
    return paper


def offline(view: Offline, words: Words) -> Paper:
    """As when ready, because cards are taken; below it, what is different now."""
    paper = Paper(script=words.script)
    steps(paper, words, 0)
    area = body_area(paper)
    band = Box(0, area.y, 308, paper.whole.h - area.y)
    paper.bar(band)
    paper.sign(icons.card_on_reader, band.inset(40), WHITE)
    right = Box(334, area.y, area.w - 334 - GAP, area.h)
    note = Box(right.x, right.bottom - 178, right.w, 174)
    paper.frame(note)
    paper.sign(signs_service.no_line, Box(note.x + 12, note.y, 60, note.h))
    inside = Box(note.x + 84, note.y + 8, note.w - 96, note.h - 16)
    paper.text(words.offline.body, inside, BODY[-2:], middle=True)
    head = Box(right.x, right.y + 8, right.w, right.h - note.h - 20)
    sizes = (64, 60, 56, 52, 48)
    paper.text(words.offline.headline, head, sizes, Weight.BOLD, middle=True)
    return paper


def out_of_service(view: OutOfService, words: Words) -> Paper:
    paper = Paper(script=words.script)
    area = body_area(paper, with_steps=False)
    poster(paper, signs_service.no_reader, words.out_of_service, area)
    if not view.code:
        return paper
    code = Box(320, paper.whole.h - FOOTER_HEIGHT, 200, FOOTER_HEIGHT - 4)
    paper.text(view.code, code, NOTE, Weight.BOLD, "centre", middle=True)
    return paper


def starting_up(view: StartingUp, words: Words) -> Paper:
    paper = Paper(script=words.script)
    area = body_area(paper, with_steps=False)
    poster(paper, icons.hourglass, words.starting, area)
    return paper


def updating(view: Updating, words: Words) -> Paper:
    paper = Paper(script=words.script)
    area = body_area(paper, with_steps=False)
    poster(paper, signs_service.renewing, words.updating, area)
    return paper


def self_test(view: SelfTest, words: Words) -> Paper:
    """How far it is, as a row of boxes and as a number."""
    paper = Paper(script=words.script)
    area = body_area(paper, with_steps=False)
    paper.sign(signs_service.checklist, area.left(300).inset(36, 20))
    right = Box(300, area.y, area.w - 300 - MARGIN, area.h - 130)
    say(paper, words.testing, right)
    row = Box(right.x, right.bottom + 10, right.w, 44)
    for at, box in enumerate(row.columns(max(1, view.total), 6)):
        paper.bar(box)
        if at >= view.done:
            paper.bar(box.inset(4), WHITE)
    text = words.tested.format(n=view.done, total=view.total)
    paper.text(text, Box(row.x, row.bottom + 12, row.w, 44), BODY, Weight.BOLD)
    return paper
