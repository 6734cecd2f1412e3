"""The shell: feeds events to the session and performs the effects it asks for.

One queue, one deadline, one task group. It decides nothing about a visit.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, assert_never

import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from device import requests
from device.card.terminal import TerminalAuthenticator
from device.card_errands import CardErrands
from device.cloud_errands import CloudErrands
from device.health import Health, service_of
from device.line_notice import LineNotice
from device.look_errands import LookErrands
from device.pads import Pads
from device.ports import (
    CardSlot,
    Clock,
    FacilityDesk,
    Keypad,
    Lights,
    Lockout,
    Panel,
    PrintedNumber,
    Sight,
    Speaker,
    Uplink,
)
from device.requests import Asking
from device.session.effects import (
    AskRegistration,
    AskVerification,
    Deliver,
    Effect,
    Identify,
    Look,
    LookWithNumber,
    Play,
    Record,
    SendConsent,
    SetLight,
    Show,
    SignWithPin,
    SignWithTerminal,
    StopErrand,
)
from device.session.events import (
    DeadlinePassed,
    Event,
    ListeningChanged,
    ServiceChanged,
)
from device.session.machine import handle, start
from device.session.policy import Policy
from device.session.session import Session
from device.session.state import ENDED, PATIENT_THINKS, Service, State
from device.showing import Showing
from device.timeline import Timeline
from device.visit import Visit
from device.visit_log import VisitLog, fact_of
from device.voice.guide import Voice
from device.watching import Watching
from protocol.messages import VerificationAnswer

_log = structlog.get_logger(__name__)
Errand = Callable[[], Coroutine[Any, Any, Event]]


@dataclass(slots=True, kw_only=True)
class Reader:
    """A whole reader. `random(n)` gives n random bytes, fit for ids and challenges."""

    clock: Clock
    slot: CardSlot
    printed: PrintedNumber
    sight: Sight
    uplink: Uplink
    desk: FacilityDesk
    panel: Panel
    lights: Lights
    speaker: Speaker
    keypad: Keypad
    authenticator: TerminalAuthenticator | None
    issuer_keys: Sequence[RSAPublicKey]
    asking: Asking
    random: Callable[[int], bytes]
    health: Health
    lockout: Lockout
    policy: Policy = field(default_factory=Policy)
    log: VisitLog = field(default_factory=VisitLog)
    timeline: Timeline = field(default_factory=Timeline)
    voice: Voice | None = None
    session: Session = field(init=False)
    _events: asyncio.Queue[Event] = field(init=False, default_factory=asyncio.Queue)
    _visits: dict[int, Visit] = field(init=False, default_factory=dict)
    _earlier: int = field(init=False, default=0)
    _service: Service = field(init=False, default_factory=Service)
    _since: float = field(init=False, default=0.0)
    _errand: asyncio.Task[None] | None = field(init=False, default=None)
    _pads: Pads = field(init=False)
    _showing: Showing = field(init=False)
    _card: CardErrands = field(init=False)
    _look: LookErrands = field(init=False)
    _cloud: CloudErrands = field(init=False)

    def __post_init__(self) -> None:
        self.policy = replace(
            self.policy,
            mode=self.sight.mode,
            terminal=self.authenticator is not None,
        )
        self.session = Session(policy=self.policy)
        self._pads = Pads(self.policy.pin_digits)
        self._showing = Showing(
            self.panel,
            self.lights,
            self.speaker,
            self.health,
            simulated=self.policy.simulated,
            voice=self.voice,
        )
        self._card = CardErrands(
            clock=self.clock,
            slot=self.slot,
            authenticator=self.authenticator,
            asking=self.asking,
            random=self.random,
            health=self.health,
            lockout=self.lockout,
        )
        self._look = LookErrands(
            card=self._card,
            printed=self.printed,
            sight=self.sight,
            issuer_keys=self.issuer_keys,
            health=self.health,
            lockout=self.lockout,
        )
        self._cloud = CloudErrands(
            clock=self.clock,
            uplink=self.uplink,
            desk=self.desk,
            asking=self.asking,
            health=self.health,
            stamp=self._card.stamp,
            earlier=self._earlier_visit,
        )
        self.health.changed = self._service_changed
        if self.voice is not None:
            self.voice.changed = self._heard

    async def run(self) -> None:
        """Until cancelled. Only what nobody expected ends it by itself."""
        self.session, effects = start(self.policy)
        self._since = self.clock.monotonic()
        try:
            async with asyncio.TaskGroup() as tasks:
                for task in self._standing_tasks():
                    tasks.create_task(task)
                while True:
                    for effect in effects:
                        self._start(effect, tasks)
                    self._tidy()
                    effects = self._handle(await self._next_event())
        finally:
            self._pads.clear()
            self._visits.clear()

    def _standing_tasks(self) -> Sequence[Coroutine[Any, Any, None]]:
        watching = Watching(
            slot=self.slot,
            keypad=self.keypad,
            health=self.health,
            happened=self._events.put_nowait,
            voice_key=self._showing.voice_key,
        )
        return (
            watching.card(),
            watching.keys(),
            self._hear_cloud(),
            self._cloud.deliveries(self._events.put_nowait, self._tidy),
            self._showing.run(),
            LineNotice(self.uplink, self.health, self.clock).run(),
        )

    async def _next_event(self) -> Event:
        due = self.session.due
        wait = None if due is None else due - self.clock.monotonic()
        try:
            async with asyncio.timeout(wait if wait is None else max(0.0, wait)):
                return await self._events.get()
        except TimeoutError:
            return DeadlinePassed()

    def _handle(self, event: Event) -> tuple[Effect, ...]:
        now = self.clock.monotonic()
        self._count_time(now)
        was, event = self.session, self._pads.typed(event, self.session)
        self.session, effects = handle(was, event, now)
        self.timeline.told(was, event, self.session, effects, now)
        return effects

    def _service_changed(self) -> None:
        """Only at rest does the screen say so; a visit meets what fails by itself."""
        service = service_of(self.health.missing())
        if service != self._service:
            self._service = service
            self._events.put_nowait(ServiceChanged(service))

    def _heard(self, plugged: bool) -> None:
        self._events.put_nowait(ListeningChanged(plugged))

    def _count_time(self, now: float) -> None:
        visit = self._visits.get(self.session.tap)
        if visit is not None and self.session.state not in PATIENT_THINKS:
            visit.machine_s += now - self._since
        self._since = now

    # -- effects ---------------------------------------------------------------
    def _start(self, effect: Effect, tasks: asyncio.TaskGroup) -> None:
        match effect:
            case Show(view, lang):
                self._showing.show(view, lang)
            case SetLight(light):
                self._showing.light(light)
            case Play(sound):
                self._showing.play(sound)
            case StopErrand():
                if self._errand is not None:
                    self._errand.cancel()
            case Deliver(tap):
                if tap in self._visits:
                    self._cloud.deliver(self._visits[tap])
            case Record():
                self._record(effect)
            case AskVerification() | AskRegistration() | SendConsent():
                self._visit(effect.ticket.tap).open_asks += 1
                tasks.create_task(self._tell(self._cloud_errand(effect)))
            case (
                Identify()
                | Look()
                | LookWithNumber()
                | SignWithPin()
                | SignWithTerminal()
            ):
                errand = self._card_errand(effect)
                self._errand = tasks.create_task(self._tell(errand))
            case _:
                assert_never(effect)

    async def _tell(self, errand: Errand) -> None:
        self._events.put_nowait(await errand())

    def _card_errand(
        self,
        effect: Identify | Look | LookWithNumber | SignWithPin | SignWithTerminal,
    ) -> Errand:
        ticket = effect.ticket
        visit = self._visit(ticket.tap)
        match effect:
            case Identify():
                return partial(self._card.identify, ticket, visit)
            case Look():
                return partial(self._look.look, ticket, visit, self._events.put_nowait)
            case LookWithNumber():
                return partial(
                    self._look.look,
                    ticket,
                    visit,
                    self._events.put_nowait,
                    self._pads.copy_number(),
                )
            case SignWithPin():
                return partial(
                    self._card.sign_with_pin, ticket, visit, self._pads.take_pin()
                )
            case SignWithTerminal(_, method, reason):
                return partial(
                    self._card.sign_with_terminal, ticket, visit, method, reason
                )

    def _cloud_errand(
        self, effect: AskVerification | AskRegistration | SendConsent
    ) -> Errand:
        ticket = effect.ticket
        visit = self._visit(ticket.tap)
        match effect:
            case AskVerification():
                return partial(self._cloud.verify, ticket, visit)
            case AskRegistration():
                return partial(self._cloud.register, ticket, visit)
            case SendConsent(_, decisions):
                return partial(self._cloud.consent, ticket, visit, decisions)

    def _record(self, effect: Record) -> None:
        course = self.timeline.of(effect.tap)
        fact = fact_of(self._visit(effect.tap), effect, course)
        self.log.add(fact)
        _log.info(
            "visit decided",
            visit=fact.visit_id,
            ending=fact.ending.value,
            method=fact.method,
            code=fact.code,
            presses=fact.presses,
            **fact.ms,
        )

    # -- folders ---------------------------------------------------------------
    def _visit(self, tap: int) -> Visit:
        if tap not in self._visits:
            name = requests.visit_id(self._card.stamp())
            self._visits[tap] = Visit(tap, name)
        return self._visits[tap]

    def _earlier_visit(self, answer: VerificationAnswer) -> Visit:
        """Taps from before the reader was switched on count downwards from -1."""
        self._earlier -= 1
        visit = Visit(self._earlier, answer.visit_id)
        self._visits[self._earlier] = visit
        return visit

    def _tidy(self) -> None:
        """Nothing of a person stays longer than its visit and its delivery need."""
        self._pads.follow(self.session)
        over = self.session.state is State.READY or self.session.state in ENDED
        for visit in list(self._visits.values()):
            past = over or visit.tap != self.session.tap
            if past:
                visit.forget_card()
            # While an event waits, its folder may still be wanted.
            if past and visit.done and self._events.empty():
                del self._visits[visit.tap]

    # -- what happens ------------------------------------------------------------
    async def _hear_cloud(self) -> None:
        while True:
            event = await self._cloud.hear()
            if event is not None:
                self._events.put_nowait(event)
