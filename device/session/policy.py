"""How long, how often: every number of a visit, in one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from device.session.state import State
from ui_eink.views import Lang

WAITS_S: Mapping[State, float] = MappingProxyType(
    {
        State.READING_CARD: 10.0,
        State.CHOOSING: 60.0,
        State.ENTERING_NUMBER: 60.0,
        State.LOOKING: 40.0,
        State.NOT_MATCHED: 30.0,
        State.FACE_SUPPORTED: 60.0,
        State.ENTERING_PIN: 30.0,
        State.PIN_BLOCKED: 30.0,
        State.CALLING_STAFF: 120.0,
        State.SIGNING: 15.0,
        State.CHECKING: 8.0,
        State.OFFERING_REGISTRATION: 60.0,
        State.CONSENTING: 60.0,
        State.SENDING_CONSENT: 8.0,
        State.RECOGNISING: 10.0,
        State.RENEWAL: 10.0,
        State.TAKE_CARD: 10.0,
        State.STOPPED: 10.0,
        State.THANK_YOU: 4.0,
        State.PROBLEM: 12.0,
    }
)
"""Seconds a visit may rest in a state; AWAY counts by itself (resume_window_s)."""


@dataclass(frozen=True, slots=True)
class Policy:
    waits_s: Mapping[State, float] = field(default_factory=lambda: WAITS_S)
    resume_window_s: float = 120.0
    """How long a verified visit is kept for the card that left."""
    countdown_step_s: float = 10.0
    """How often the seconds left are drawn anew: e-paper is slow and flickers."""
    gone_pace_s: float = 4.0
    """How long a problem stays on the screen once its card is gone."""
    page_wait_s: float = 20.0
    """How long the last screen shows the link of the patient's page: time to find the
    phone. A card that is put down, or CANCEL, ends it at once."""
    warning_s: float = 22.0
    """Before a wait of a person is over: how long "do you need more time?" stands
    (WCAG 2.2.1: at least 20 s). E-paper takes up to 2 s until it is seen."""
    most_extensions: int = 10
    """How often one wait can be given anew (WCAG 2.2.1: at least ten times). Then it
    ends as it would have done, and no warning promises more."""
    slow_after: float = 0.5
    """Who used more than this share of a wait, or needed the warning, is given more."""
    pace_step: float = 1.5
    pace_most: float = 3.0
    """Each later wait of a person in this visit is so much longer, up to so much."""
    listening_pace: float = 2.0
    """At least, while headphones are in: speech takes longer than reading."""
    alarm_after_s: float = 3.0
    """From "take your card" to the first alarm."""
    alarm_every_s: float = 15.0
    face_attempts: int = 3
    photo_wait_s: float = 15.0
    """How long a look waits for the card's photo; with it, LOOKING's own time begins.
    About 3 s are expected (device/card/README.md)."""
    read_attempts: int = 3
    """A card in motion tears; reading it again is safe, nothing counts tries."""
    number_attempts: int = 2
    """How often 照合番号B may be typed in a visit: the card counts wrong ones."""
    pin_digits: int = 4
    pin_tries: int = 3
    mode: str = "auto"
    """"auto": a match identifies. "assist": PIN or staff must confirm it."""
    terminal: bool = True
    """A terminal authenticator is there: the card can sign without a PIN."""
    lang: Lang = Lang.JA
    """In which every visit begins."""
    language_wait_s: float = 30.0
    """How long a language chosen before the visit waits for a card."""
    simulated: bool = False
