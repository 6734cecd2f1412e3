"""Screens of step two: who is it? Face, PIN, or a member of staff."""

from ui_eink import icons
from ui_eink.fonts import Weight
from ui_eink.layout import Box
from ui_eink.paper import Paper
from ui_eink.parts import (
    Choice,
    body_area,
    choices,
    corner_note,
    poster,
    say,
    steps,
    tiles,
    title_band,
)
from ui_eink.theme import BLACK, BODY, HEADING, HEADLINE, MARGIN, TITLE_HEIGHT, WHITE
from ui_eink.views import (
    Checking,
    ChooseMethod,
    EnterPin,
    FaceHint,
    FaceNotMatched,
    FaceSupported,
    Look,
    PinBlocked,
)
from ui_eink.words import Saying, Words

PIN_DIGITS = 4
_ROW = 100


def choose_method(view: ChooseMethod, words: Words) -> Paper:
    paper = second_step(words)
    options = []
    if view.face:
        options.append(Choice("1", words.face, icons.face))
    if view.pin:
        left = view.pin_tries_left
        note = "" if left is None else words.tries_left.of(left)
        options.append(Choice("2", words.pin, icons.keypad, note))
    options.append(Choice("3", words.staff, icons.person))
    head = title_band(paper)
    sizes = HEADING
    paper.text(words.choose, head, sizes, Weight.BOLD, ink=WHITE, middle=True)
    rest = body_area(paper).below(TITLE_HEIGHT + 18)
    tiles(paper, Box(head.x, rest.y, head.w, rest.h - 6), options)
    return paper


_TURNS = {
    FaceHint.TURN_LEFT: icons.face_turning_left,
    FaceHint.TURN_RIGHT: icons.face_turning_right,
}


def look(view: Look, words: Words) -> Paper:
    """Points to the camera, and says the one thing to do now.

    The other ways stay in sight: not everybody can turn the head or bare the face.
    """
    paper = second_step(words)
    saying = words.hints[view.hint] if view.hint else words.look
    sign = _TURNS.get(view.hint or FaceHint.FRONT, icons.face_and_camera)
    _ask(paper, saying, sign, _other_ways(view.pin, words))
    if view.attempts > 1:
        text = words.attempt.format(n=view.attempt, total=view.attempts)
        corner_note(paper, text)
    return paper


def face_not_matched(view: FaceNotMatched, words: Words) -> Paper:
    paper = second_step(words)
    options = []
    if view.attempts_left > 0:
        note = words.attempts_left.of(view.attempts_left)
        options.append(Choice("1", words.again, note=note))
    if view.pin:
        options.append(Choice("2", words.pin))
    options.append(Choice("3", words.staff))
    return _ask(paper, words.not_matched, icons.face, options)


def face_supported(view: FaceSupported, words: Words) -> Paper:
    """Staff confirm behind the counter, with their own key; the PIN is offered."""
    paper = second_step(words)
    if not view.pin:
        poster(paper, icons.done, words.supported, body_area(paper))
        return paper
    saying = Saying(words.supported.headline, words.supported_pin)
    return _ask(paper, saying, icons.done, [Choice("2", words.pin)])


def pin_blocked(view: PinBlocked, words: Words) -> Paper:
    paper = second_step(words)
    options = [Choice("1", words.face)] if view.face else []
    options.append(Choice("3", words.staff))
    return _ask(paper, words.pin_blocked, icons.lock, options)


def enter_pin(view: EnterPin, words: Words) -> Paper:
    """Filled circles only: neither the digits nor which key was pressed."""
    paper = second_step(words)
    area = body_area(paper)
    saying = words.pin_again if view.wrong_before else words.enter_pin
    left = Box(MARGIN, area.y + 14, 510, 150)
    say(paper, saying, left, sizes=HEADLINE[2:6])
    _circles(paper, Box(MARGIN, area.y + 176, 510, 96), view.digits)
    last = Box(MARGIN, area.y + 288, 510, 90)
    text = words.shield_pin
    if view.tries_left is not None:
        text = words.tries_left.of(view.tries_left)
    weight = Weight.REGULAR if view.tries_left is None else Weight.BOLD
    paper.text(text, last, BODY[-2:], weight)
    keypad_map(paper, Box(566, area.y + 20, 204, area.h - 30), words, words.cancel_key)
    return paper


def checking(view: Checking, words: Words) -> Paper:
    paper = second_step(words)
    poster(paper, icons.hourglass, words.checking, body_area(paper))
    return paper


def second_step(words: Words) -> Paper:
    paper = Paper(script=words.script)
    steps(paper, words, 1)
    return paper


def _other_ways(pin: bool, words: Words) -> list[Choice]:
    ways = [Choice("2", words.pin)] if pin else []
    return [*ways, Choice("3", words.staff)]


def _ask(
    paper: Paper, saying: Saying, sign: icons.Sign, options: list[Choice]
) -> Paper:
    """A message, and the keys that lead on."""
    area = body_area(paper)
    poster(paper, sign, saying, Box(area.x, area.y, area.w, area.h - _ROW - 8))
    row = Box(MARGIN, area.bottom - _ROW - 8, area.w - 2 * MARGIN, _ROW)
    choices(paper, row, options)
    return paper


def _circles(paper: Paper, row: Box, filled: int) -> None:
    for i in range(PIN_DIGITS):
        box = Box(row.x + i * 120, row.y, 92, 92)
        paper.plate(box, BLACK, 46)
        if i >= filled:
            paper.plate(box.inset(6), WHITE, 40)


def keypad_map(paper: Paper, box: Box, words: Words, cancel: str) -> None:
    """The three keys that stop, clear and confirm, in their order on the keypad."""
    keys = (
        (icons.cross, cancel),
        (icons.key_clear, words.clear_key),
        (icons.key_enter, words.enter_key),
    )
    height = box.h // 3
    for i, (sign, label) in enumerate(keys):
        cap = Box(box.x, box.y + i * height + (height - 76) // 2, 76, 76)
        paper.plate(cap, BLACK, 16)
        paper.sign(sign, cap.inset(16), WHITE)
        room = Box(cap.right + 14, cap.y, box.right - cap.right - 14, cap.h)
        paper.text(label, room, BODY[-1:], Weight.BOLD, middle=True)
