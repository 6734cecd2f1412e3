"""The timeline tells what happened and when, of whose visit, and nothing of anybody."""

import asyncio
from dataclasses import dataclass, field
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.face.model import Hint
from device.pads import Pads
from device.ports import Key, Light, Sound
from device.session.effects import Effect, Play, Record, SetLight, Show
from device.session.events import (
    CardGone,
    CardPut,
    ConsentRecorded,
    DeadlinePassed,
    Event,
    KeyPressed,
    Looked,
    NumberTyped,
    PinTyped,
    Signed,
)
from device.session.machine import handle, start
from device.session.policy import Policy
from device.session.session import Session
from device.session.state import PATIENT_THINKS, Ask, Ending, State, Ticket
from device.timeline import LONGEST, Course, Row, Timeline
from device.timeline_words import Kind
from device.visit_log import VisitFact
from protocol.catalogue import Code
from protocol.codes import Decision, Method
from tests.device.session.test_any_history import POLICIES, STEP, Witness
from tests.support.jumping_loop import run_jumping
from tests.support.reader_bench import Bench
from tests.support.visits import RETURNING
from tests.support.visits import Play as Playing
from ui_eink import views
from ui_eink.views import FaceHint, name_of

EVENTS = {
    *("card put", "card gone", "key", "digit", "deadline passed"),
    *("card identified", "card failed", "PIN wrong", "number unread", "photo read"),
    *("face matched", "face not matched", "look failed", "signed", "hint: well"),
    *(f"hint: {hint.value.replace('_', ' ')}" for hint in Hint),
    *("question kept", "question not kept", "question refused"),
    *("answer: accepted", "answer: refused", "answer: registration needed"),
    *("consents recorded", "delivery failed"),
    *("service: open", "service: offline", "service: out of service"),
}
ERRANDS = {
    *("identify", "look", "look, number typed", "stop", "sign", "deliver"),
    *("ask verification", "ask registration", "send consents"),
}
SCREENS = {
    *(name_of(views.Look(hint)) for hint in (None, *FaceHint)),
    *(f"{name}-{n}" for name in ("ask_consent", "consent_help") for n in (1, 2, 3)),
    *("ready", "offline", "out_of_service", "choose_language", "reading_card"),
    *("choose_method", "face_not_matched", "face_supported", "enter_pin"),
    *("enter_number_b", "pin_blocked", "call_staff", "checking", "take_card"),
    *("ask_registration", "confirm_consent", "put_card_back", "renewal_notice"),
    *("card_left", "thank_you", "problem"),
}
NAMES = {
    Kind.EVENT: EVENTS,
    Kind.STATE: {state.value for state in State},
    Kind.SCREEN: SCREENS,
    Kind.LIGHT: {light.value for light in Light},
    Kind.SOUND: {sound.value for sound in Sound},
    Kind.ERRAND: ERRANDS,
    Kind.RECORD: {ending.value for ending in Ending},
}
_CODES = {code.value for code in Code}
_METHODS = {method.value for method in Method}
DETAILS = {
    *("", "enter", "clear", "cancel", "language", "staff", "no line"),
    *_CODES,
    *_METHODS,
    *(f"{method} {code}" for method, code in product(_METHODS, _CODES)),
}
DIGIT_KEYS = [key for key in Key if key.value.isdigit()]


@dataclass(slots=True)
class Told(Playing):
    """A story, and its timeline."""

    timeline: Timeline = field(default_factory=Timeline)

    def __call__(self, event: Event, after: float = 0.1) -> tuple[Effect, ...]:
        was = self.session
        effects = Playing.__call__(self, event, after)
        self.timeline.told(was, event, self.session, effects, self.now)
        return effects

    @property
    def course(self) -> Course:
        course = self.timeline.latest
        assert course is not None
        return course

    def names(self, kind: Kind = Kind.EVENT) -> list[str]:
        return [row.name for row in self.course.rows if row.kind is kind]


# -- whose visit -------------------------------------------------------------------


def test_before_a_card_lies_there_is_nothing_to_tell() -> None:
    play = Told()
    play.keys(Key.LANGUAGE, Key.K3, Key.STAFF)
    play.wait()
    assert play.timeline.latest is None
    assert play.timeline.rows_ever == 0


def test_a_visit_counts_its_milliseconds_from_its_card() -> None:
    play = Told()
    play.keys(Key.LANGUAGE, Key.K3)
    play.to_consenting()
    assert play.course.rows[0] == Row(0, Kind.EVENT, "card put", "", person=True)
    assert play.course.rows[1] == Row(0, Kind.STATE, "reading card", "", person=False)
    assert [(step.state, step.ms, step.person) for step in play.course.steps] == [
        ("reading card", 100, False),
        ("choosing", 100, True),
        ("looking", 200, False),
        ("signing", 100, False),
        ("checking", 100, False),
    ]
    assert play.names() == [
        *("card put", "card identified", "key", "photo read", "face matched"),
        *("signed", "answer: accepted"),
    ]


def test_who_comes_next_has_a_timeline_of_their_own() -> None:
    play = Told()
    play.to_checking()
    play.answer(asks=())
    first = play.course
    play(CardGone())
    play(CardPut())
    assert (first.visit, play.course.visit) == (1, 2)
    assert play.names() == ["card put"]
    earlier = play.timeline.of(1)
    assert earlier is not None
    assert [row.name for row in earlier.rows][: len(first.rows)] == [
        row.name for row in first.rows
    ]
    assert earlier.steps[-1].state == "thank you"


def test_an_answer_that_comes_late_is_told_with_its_own_visit() -> None:
    play = Told()
    play.to_checking()
    asked = play.session.asked
    assert asked is not None
    play.wait()
    play(CardGone())
    play.wait()
    play(CardPut())
    play(ConsentRecorded(asked))
    assert play.names() == ["card put"]
    earlier = play.timeline.of(1)
    assert earlier is not None
    assert [row.name for row in earlier.rows][-2:] == ["consents recorded", "deliver"]


def test_a_deadline_that_was_overdue_is_told_before_the_event() -> None:
    play = Told()
    play.to_choosing()
    play(CardGone(), after=500.0)
    assert play.names()[-2:] == ["deadline passed", "card gone"]


def test_what_changes_nothing_is_no_row_and_a_press_always_is() -> None:
    play = Told()
    play.to_looking()
    rows = len(play.course.rows)
    play(Looked(Ticket(play.session.tap, 0), matched=True))
    play(Signed(play.session.ticket))
    assert len(play.course.rows) == rows
    play.keys(Key.K9)
    assert play.names()[-1] == "key"


def test_only_the_last_visits_are_kept_and_of_each_the_last_rows() -> None:
    play = Told()
    for _ in range(30):
        play(CardPut())
        play(CardGone())
        play.wait()
    assert play.timeline.of(10) is None
    assert play.timeline.of(11) is not None
    play.to_choosing()
    play.keys(*[Key.K9] * LONGEST)
    assert len(play.course.rows) == LONGEST
    assert play.timeline.rows_ever > LONGEST


# -- presses -------------------------------------------------------------------------


def test_a_patient_who_comes_again_presses_at_most_three_keys() -> None:
    standing = tuple(ask.standing or Decision.GRANTED for ask in RETURNING)
    for new in range(3):
        asks = tuple(
            Ask(ask.item, None if at < new else said)
            for at, (ask, said) in enumerate(zip(RETURNING, standing, strict=True))
        )
        play = Told()
        play.to_consenting(asks)
        play.keys(*[Key.K1] * new)
        assert play.state() is State.CONSENTING
        play.keys(Key.K1)
        play(ConsentRecorded(play.session.ticket))
        assert play.state() is State.TAKE_CARD
        assert play.course.presses == new + 1 <= 3


def test_presses_before_identity_and_after_the_end_do_not_count() -> None:
    play = Told()
    play.to_choosing()
    play.keys(Key.K2)
    play.type_pin()
    play(Signed(play.session.ticket))
    assert play.course.presses == 0
    play.keys(Key.K9)
    play.answer(asks=())
    play.keys(Key.K1, Key.K1)
    assert play.course.presses == 1


# -- nothing of anybody --------------------------------------------------------------


@dataclass(slots=True)
class Listener(Witness):
    """Any history, with its timeline and the machine's time as the shell counts it."""

    timeline: Timeline = field(default_factory=Timeline)
    machine: dict[int, float] = field(default_factory=dict)
    decided: list[tuple[Course, float]] = field(default_factory=list)

    def step(self, event: Event, after: float) -> None:
        was = self.session
        Witness.step(self, event, after)
        session, effects = handle(was, event, self.now)
        if was.state not in PATIENT_THINKS:
            self.machine[was.tap] = self.machine.get(was.tap, 0.0) + after
        self.timeline.told(was, event, session, effects, self.now)
        for effect in effects:
            if isinstance(effect, Record):
                course = self.timeline.of(effect.tap)
                assert course is not None
                self.decided.append((course, self.machine[effect.tap]))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(POLICIES), st.booleans(), st.lists(STEP, max_size=60))
def test_after_any_history_the_words_are_closed_and_the_steps_add_up(
    policy: Policy, again: bool, steps: list[tuple[int, float, int]]
) -> None:
    listener = Listener(start(policy)[0])
    if again:
        listener.comes_again()
    for number, after, kind in steps:
        choices = listener.choices(kind)
        listener.step(choices[number % len(choices)], after)
    for visit in range(listener.session.tap + 1):
        course = listener.timeline.of(visit)
        for row in course.rows if course else ():
            assert row.name in NAMES[row.kind], row
            assert row.detail in DETAILS, row
            assert row.ms >= 0
    for course, machine_s in listener.decided:
        told = sum(step.ms for step in course.steps if not step.person)
        # Each state's ends are rounded, half a millisecond at most.
        assert abs(told - machine_s * 1000) <= len(course.steps)


def seen(step: tuple[Session, tuple[Effect, ...]]) -> list[object]:
    """What of a step anybody sees who does not know which key it was."""
    session, effects = step
    told: list[object] = [session.state, session.tap, session.deadline is None]
    for effect in effects:
        match effect:
            case Show(view):
                told.append(name_of(view))
            case SetLight(light):
                told.append(light)
            case Play(sound):
                told.append(sound)
            case Record():
                told.append((effect.ending, effect.method, effect.code))
            case _:
                told.append(type(effect))
    return told


@dataclass(slots=True)
class Twin:
    """Whoever presses other digits than somebody else, with the same steps."""

    session: Session
    pads: Pads = field(default_factory=lambda: Pads(4))
    timeline: Timeline = field(default_factory=Timeline)

    def would(self, raw: Event, now: float) -> list[object]:
        return seen(handle(self.session, self._typed(raw), now))

    def _typed(self, raw: Event) -> Event:
        """As the pads tell it, without a digit more in them."""
        digit = isinstance(raw, KeyPressed) and raw.key in DIGIT_KEYS
        if not digit or self.session.choosing_language:
            return raw
        match self.session.state:
            case State.ENTERING_PIN:
                return PinTyped(self.session.digits + 1)
            case State.ENTERING_NUMBER:
                return NumberTyped(self.session.digits + 1)
            case _:
                return raw

    def step(self, raw: Event, now: float) -> None:
        was, event = self.session, self.pads.typed(raw, self.session)
        self.session, effects = handle(was, event, now)
        self.pads.follow(self.session)
        self.timeline.told(was, event, self.session, effects, now)

    def text(self) -> str:
        return repr([self.timeline.of(visit) for visit in range(self.session.tap + 1)])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(POLICIES), st.lists(STEP, max_size=60))
def test_nobody_can_tell_digits_or_menu_keys_apart(
    policy: Policy, steps: list[tuple[int, float, int]]
) -> None:
    """Two histories with other digits and keys but the same steps: the same text."""
    one, two, now = Twin(start(policy)[0]), Twin(start(policy)[0]), 100.0
    witness = Witness(one.session)
    for number, after, kind in steps:
        witness.session, witness.now = one.session, now
        choices = witness.choices(kind)
        event = choices[number % len(choices)]
        now += after
        if isinstance(event, PinTyped | NumberTyped):
            event = KeyPressed(DIGIT_KEYS[number % 10])
        other = event
        if isinstance(event, KeyPressed) and event.key in DIGIT_KEYS:
            at = DIGIT_KEYS.index(event.key)
            keys = [KeyPressed(key) for key in DIGIT_KEYS[at + 1 :] + DIGIT_KEYS[:at]]
            wanted = one.would(event, now)
            other = next((k for k in keys if two.would(k, now) == wanted), event)
        if one.would(event, now) != two.would(other, now):
            break
        one.step(event, now)
        two.step(other, now)
    assert one.text() == two.text()


def pin_and_consents(pin: str, answers: tuple[Key, ...]) -> str:
    play = Told()
    play.to_choosing()
    pads = Pads(4)
    play.keys(Key.K2)
    for digit in pin:
        play(pads.typed(KeyPressed(Key(digit)), play.session))
    play.keys(Key.ENTER)
    play(Signed(play.session.ticket))
    play.answer()
    play.keys(*answers)
    play(ConsentRecorded(play.session.ticket))
    assert play.state() is State.TAKE_CARD
    assert play.names().count("digit") == 4
    return repr(play.course)


def test_two_pins_and_two_wills_leave_the_same_timeline() -> None:
    told = pin_and_consents("1357", (Key.K1, Key.K1, Key.K1))
    assert told == pin_and_consents("8642", (Key.K3, Key.K3, Key.K3))


def test_a_deadline_that_did_not_pass_is_no_row() -> None:
    play = Told()
    play.to_choosing()
    rows = play.course.rows
    play(DeadlinePassed())
    assert play.course.rows == rows


# -- through the shell ---------------------------------------------------------------


@pytest.mark.parametrize("presses", [3, 0])
def test_the_steps_of_a_visit_are_its_machine_time(presses: int) -> None:
    """By face; then every question is answered, or CANCEL sends what there is."""

    async def story() -> VisitFact:
        bench = Bench()
        async with bench.running():
            bench.keypad.press(Key.K1, Key.LANGUAGE, Key.CLEAR)
            await asyncio.sleep(3)
            await bench.consenting()
            await asyncio.sleep(7)
            bench.keypad.press(*([Key.K1] * presses or [Key.CANCEL]))
            await bench.state(State.TAKE_CARD)
            await asyncio.sleep(2)
            await bench.home()
        (fact,) = bench.reader.log.facts()
        return fact

    fact = run_jumping(story())
    told = [step.ms for step in fact.steps if not step.person]
    assert sum(told) == pytest.approx(fact.ms["total_machine"], abs=len(told))
    assert [step.state for step in fact.steps] == [
        *("reading card", "choosing", "looking", "signing", "checking"),
        *("consenting", "sending consent"),
    ]
    assert fact.presses == (presses or 1)
    persons = {step.state: step.ms for step in fact.steps if step.person}
    assert persons["consenting"] == pytest.approx(7000, abs=50)
