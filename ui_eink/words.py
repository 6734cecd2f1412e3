"""What a language must say. A language that lacks a sentence does not type-check."""

from dataclasses import dataclass

from ui_eink.fonts import Script
from ui_eink.views import ChosenAnswer, FaceHint


@dataclass(frozen=True, slots=True)
class Saying:
    """The one message of a screen, and what helps."""

    headline: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """A sentence with a number; `{n}` stands for it."""

    one: str
    many: str

    def of(self, n: int) -> str:
        return (self.one if n == 1 else self.many).format(n=n)


@dataclass(frozen=True, slots=True)
class ItemWords:
    """One consent question."""

    title: str
    question: str
    purpose: str
    short: str
    """For the list of what was decided."""
    help: str
    """What exactly is shared, for whoever asks."""


@dataclass(frozen=True, slots=True)
class Words:
    script: Script
    steps: tuple[str, str, str, str]
    simulated: str

    starting: Saying
    testing: Saying
    tested: str
    """`{n}` parts of `{total}` are tried."""
    updating: Saying
    out_of_service: Saying
    offline: Saying
    ready: Saying
    reading: Saying
    more_time: Saying
    choose: str
    face: str
    pin: str
    staff: str
    tries_left: Count

    look: Saying
    hints: dict[FaceHint, Saying]
    attempt: str
    not_matched: Saying
    again: str
    attempts_left: Count
    supported: Saying
    supported_pin: str

    enter_pin: Saying
    pin_again: Saying
    shield_pin: str
    enter_key: str
    clear_key: str
    cancel_key: str
    pin_blocked: Saying

    enter_number: Saying
    number_again: Saying
    number_groups: tuple[str, str, str]
    """What each group of digits is called on the card."""
    back_key: str

    checking: Saying
    register: Saying
    register_yes: str
    register_no: str

    items: dict[str, ItemWords]
    question_of: str
    agree: str
    disagree: str
    last_time: str
    help_key: str
    help_note: str
    """Who says no is treated all the same."""
    same_as_last: str
    """The question, when every answer is that of last time."""
    confirm: str
    """The question, when some were asked."""
    same: str
    """Beside an answer that was not asked again."""
    send: str
    change: str
    answers: dict[ChosenAnswer, str]

    renewal: str
    renewal_left: Count
    renewal_last_month: str
    renewal_where: str
    renewal_expired: Saying
    understood: str

    put_back: Saying
    seconds: Count
    take_card: Saying
    withheld: tuple[str, ...]
    """Why only the insurance was shared."""
    pending: tuple[str, ...]
    """Why there is no result yet, and who will get it."""
    card_left: Saying
    thanks: Saying
    thanks_unanswered: str
    receipt: Saying
    """What the QR code is, short; what it is for."""
    receipt_number: str

    problems: dict[str, str]
    """The patient's line by code, where the catalogue has none in this language."""
    problem_other: str
    """For a code that this release does not know. Empty with `problems`."""
    for_staff: str
    call_staff: Saying
