"""Every state of a visit, every event: what the machine does, as text."""

from collections.abc import Iterator
from dataclasses import replace

from device.face.model import Hint
from device.ports import Key
from device.session.effects import Play as PlaySound
from device.session.effects import SetLight, Show
from device.session.events import (
    Answered,
    AskFailed,
    AskKept,
    AskRefused,
    CardFailed,
    CardGone,
    CardIdentified,
    CardPut,
    ConsentRecorded,
    DeadlinePassed,
    DeliveryFailed,
    Event,
    Hinted,
    KeyPressed,
    ListeningChanged,
    Looked,
    NumberTyped,
    NumberUnread,
    PhotoRead,
    PinTyped,
    PinWrong,
    ServiceChanged,
    SightFailed,
    Signed,
)
from device.session.machine import handle
from device.session.policy import Policy
from device.session.session import Session
from device.session.state import Condition, Renewal, Service, State, Ticket
from protocol.catalogue import Code
from protocol.codes import Outcome
from tests.support.visits import ASKS, CARD, OTHER_CARD, RETURNING, Play

RENEWAL = Renewal(expired=False, months_left=2)
OUT = Service(Condition.OUT, Code.SELFTEST_FAILED)
OFFLINE = Service(Condition.OFFLINE, Code.BROKER_UNREACHABLE)


def states() -> dict[State, Play]:
    """One usual visit resting in each state."""
    found = {State.READY: Play()}

    def rest(play: Play) -> None:
        found[play.state()] = play

    reading = Play()
    reading(CardPut())
    rest(reading)
    rest(Play().to_choosing())
    rest(Play().to_entering_number())
    rest(Play().to_looking())
    for policy, matched in ((Policy(), False), (Policy(mode="assist"), True)):
        looked = Play(policy).to_looking()
        looked(Looked(looked.session.ticket, matched))
        rest(looked)
    pin = Play().to_choosing()
    pin.keys(Key.K2)
    for digits in range(1, 5):
        pin(PinTyped(digits))
    rest(pin)
    blocked = Play().to_choosing()
    blocked.keys(Key.K2)
    blocked.type_pin()
    rest(blocked)
    after = replace_play(blocked)
    after(PinWrong(after.session.ticket, 0))
    rest(after)
    staff = Play().to_choosing()
    staff.keys(Key.K3)
    rest(staff)
    rest(Play().to_checking())
    register = Play().to_checking()
    register.answer(Outcome.REGISTRATION_NEEDED)
    rest(register)
    rest(Play().to_consenting())
    sending = Play().to_consenting()
    sending.keys(Key.K1, Key.K3, Key.K1)
    rest(sending)
    away = Play().to_consenting()
    away(CardGone())
    rest(away)
    back = replace_play(away)
    back(CardPut())
    rest(back)
    take = Play().to_checking()
    take.answer(asks=())
    rest(take)
    left = replace_play(take)
    left.wait()
    rest(left)
    renewal = Play().to_checking()
    renewal.answer(asks=(), renewal=RENEWAL)
    rest(renewal)
    thanks = replace_play(take)
    thanks(CardGone())
    rest(thanks)
    stopped = Play().to_choosing()
    stopped.keys(Key.CANCEL)
    rest(stopped)
    problem = Play()
    problem(CardPut())
    problem(CardFailed(problem.session.ticket, Code.NOT_MY_NUMBER_CARD))
    rest(problem)
    return found


def replace_play(play: Play) -> Play:
    other = Play(play.policy, play.now)
    other.session = play.session
    return other


def events(session: Session) -> Iterator[tuple[str, Event]]:
    """Every event, as an answer to what this session last asked for."""
    ticket = session.ticket
    asked = session.asked or ticket
    yield "card put", CardPut()
    yield "card gone", CardGone()
    for key in Key:
        yield f"key {key.value}", KeyPressed(key)
    yield "pin digit", PinTyped(session.digits + 1)
    yield "number digit", NumberTyped(session.digits + 1)
    yield "deadline passed", DeadlinePassed()
    yield "alarm due", DeadlinePassed()
    yield "card identified", CardIdentified(ticket, CARD, face=True)
    yield "other card identified", CardIdentified(ticket, OTHER_CARD, face=True)
    for code in ("C101", "C102", "C103", "C104", "C105"):
        yield f"card failed {code}", CardFailed(ticket, Code(code))
    yield "pin wrong, 2 left", PinWrong(ticket, 2)
    yield "pin wrong, 0 left", PinWrong(ticket, 0)
    yield "number unread", NumberUnread(ticket)
    yield "photo read", PhotoRead(ticket)
    yield "hint", Hinted(ticket, Hint.CLOSER)
    yield "looked, matched", Looked(ticket, matched=True)
    yield "looked, not matched", Looked(ticket, matched=False)
    yield "sight failed F201", SightFailed(ticket, Code.CAMERA_MISSING)
    yield "signed", Signed(ticket)
    yield "ask kept, unreachable", AskKept(asked, reachable=False)
    yield "ask failed N304", AskFailed(asked, Code.OUTBOX_FULL)
    yield "accepted, questions", Answered(asked, Outcome.ACCEPTED, None, ASKS)
    yield "accepted, none", Answered(asked, Outcome.ACCEPTED)
    yield "accepted, asked before", Answered(asked, Outcome.ACCEPTED, None, RETURNING)
    ending = Answered(asked, Outcome.ACCEPTED, renewal=RENEWAL)
    yield "accepted, card ends soon", ending
    for service in (OUT, OFFLINE, Service()):
        yield f"service {service.condition.value}", ServiceChanged(service)
    plug = "out" if session.listening else "in"
    yield f"headphones {plug}", ListeningChanged(not session.listening)
    yield "registration needed", Answered(asked, Outcome.REGISTRATION_NEEDED)
    yield "refused R601", Answered(asked, Outcome.REFUSED, Code.NOT_FOUND)
    yield "consent recorded", ConsentRecorded(asked)
    yield "ask refused M404", AskRefused(asked, Code.STALE)
    yield "delivery failed D703", DeliveryFailed(session.tap, Code.FACILITY_FOLDER)
    stale = Ticket(session.tap, ticket.step - 1)
    yield "stale match", Looked(stale, matched=True)
    yield "stale signature", Signed(stale)
    yield "stale card", CardIdentified(stale, CARD, face=True)
    earlier = Ticket(session.tap - 1, 9)
    yield "answer of an earlier tap", Answered(earlier, Outcome.ACCEPTED, None, ASKS)
    yield "receipt of an earlier tap", ConsentRecorded(earlier)


def warned() -> Iterator[tuple[str, Play]]:
    """Some of the states again, where the person was slow."""
    for state in (State.FACE_SUPPORTED, State.ENTERING_PIN, State.CONSENTING):
        yield f"{state.value}: more time?", states()[state].until_warned()


def matrix() -> str:
    """One paragraph per state; events that change nothing are only counted."""
    lines: list[str] = []
    rested = sorted(states().items(), key=lambda pair: ORDER[pair[0]])
    for title, play in (*((state.value, one) for state, one in rested), *warned()):
        lines.append(f"[{title}]")
        nothing = 0
        for name, event in events(play.session):
            row = _row(play, event, alarm=name == "alarm due")
            nothing += row is None
            if row is not None:
                lines.append(f"  {name:<26} -> {row}")
        lines.extend((f"  ({nothing} other events: nothing)", ""))
    return "\n".join(lines)


ORDER = {state: at for at, state in enumerate(State)}


def _row(play: Play, event: Event, *, alarm: bool) -> str | None:
    was, now = play.session, play.now
    if isinstance(event, DeadlinePassed):
        now = (was.alarm_at if alarm else was.deadline) or now
    session, effects = handle(was, event, now)
    if session == was and not effects:
        return None
    said = [
        type(effect).__name__
        for effect in effects
        if not isinstance(effect, Show | SetLight | PlaySound)
    ]
    shown = [type(e.view).__name__ for e in effects if isinstance(e, Show)]
    sounds = [e.sound.value for e in effects if isinstance(e, PlaySound)]
    only_presence = session == replace(was, card_on=session.card_on)
    where = "(presence only)" if only_presence and not effects else session.state.value
    return " | ".join(filter(None, (where, *shown, *sounds, *said)))
