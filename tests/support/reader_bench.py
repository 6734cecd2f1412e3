"""A whole reader on the bench: virtual card, everything else in ten lines each."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from device.face import lockout
from device.face.lockout import Book
from device.face.model import FaceSeen, Hint, HintSeen, Sighting, TurnBegun
from device.health import Health
from device.ports import CardPhoto, Key, Light, PartError, Sound
from device.requests import Asking
from device.runtime import Reader
from device.session.policy import Policy
from device.session.state import State
from device.simulated.card.contents import CardContents
from device.simulated.card.direct import DirectSlot
from device.simulated.card.issue import CardKeys, Holder, Issuer, issue
from device.simulated.card.terminal import FictitiousTerminal
from device.simulated.card.virtual import VirtualCard
from protocol.catalogue import Code
from protocol.codec import decode_body, encode
from protocol.codes import Decision, Outcome, Validity
from protocol.exchange import request_hash
from protocol.ids import ReaderId, RequestId, VisitId
from protocol.messages import (
    Answer,
    ConsentAsk,
    ConsentGrant,
    ConsentReceipt,
    ConsentRequest,
    RegistrationRequest,
    Request,
    VerificationAnswer,
    VerificationBody,
    VerificationRequest,
)
from tests.support.jumping_loop import START, LoopClock

READER = ReaderId("rd-bench-1")
PIN = "8642"
TERMINAL_KEY = ec.derive_private_key(17, ec.SECP256R1())
ITEMS = ("diagnosis_and_drugs", "operation", "checkup")
HASH = bytes(32)


def steady(seed: str = "bench") -> Callable[[int], bytes]:
    """Bytes that look random and are the same in every run."""
    drawn = 0

    def draw(count: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return hashlib.shake_256(f"{seed} {drawn}".encode()).digest(count)

    return draw


@cache
def _issuer() -> Issuer:
    return Issuer.found(TERMINAL_KEY.public_key(), START)


@cache
def contents(serial: int = 1) -> CardContents:
    holder = Holder(
        label=f"bench-{serial}",
        name="架空 花子",
        address="架空県架空市",
        birth=date(1970, 5, 5),
        sex="2",
        expiry=date(2031, 5, 5),
        security_code="1234",
        pin=PIN,
        photo=b"\x00\x00\x00\x0cjP  " + bytes(500),
        serial=serial,
    )
    return issue(holder, CardKeys.generate(), _issuer(), START)


def card(serial: int = 1) -> VirtualCard:
    return VirtualCard(contents(serial), steady(f"card {serial}"))


class Printed:
    def __init__(self) -> None:
        self.number: str | None = contents().number_b.decode()
        self.takes_s = 0.0

    async def verification_number_b(self) -> str | None:
        if self.takes_s:
            await asyncio.sleep(self.takes_s)
        return self.number


@dataclass(slots=True)
class ScriptedSight:
    """Matches by list; "dead" is a camera that is not there. "live" turns the head
    when that is asked for, "still" is a picture that does not."""

    mode: str = "auto"
    looks: list[bool | str] = field(default_factory=lambda: [True])
    takes_s: float = 1.5
    open: bool = False

    async def look(self, photo: Awaitable[CardPhoto]) -> AsyncIterator[Sighting]:
        if self.looks[:1] == ["dead"]:
            self.looks.pop(0)
            raise PartError(Code.CAMERA_MISSING)
        self.open = True
        try:
            yield HintSeen(Hint.CLOSER)
            await asyncio.sleep(self.takes_s)
            assert await photo
            if self.looks[0] in ("live", "still"):
                yield TurnBegun()
                yield HintSeen(Hint.TURN_LEFT)
                await asyncio.sleep(self.takes_s)
            yield self._end(self.looks.pop(0))
        finally:
            self.open = False

    def _end(self, result: bool | str) -> FaceSeen:
        matched = result in (True, "live")
        live = {"live": True, "still": False}.get(str(result))
        return FaceSeen(matched, "bench", "bench", self.mode, 3, 0.5, live=live)


@dataclass(slots=True)
class ScriptedUplink:
    """A cloud that accepts everything, after `takes_s`; None: it stays silent."""

    reachable: bool = True
    takes_s: float | None = 0.2
    asked: list[Request] = field(default_factory=list)
    reply: "Callable[[Request], Answer] | None" = None
    full: bool = False
    _answers: asyncio.Queue[Answer] = field(default_factory=asyncio.Queue)
    _turned: asyncio.Event = field(default_factory=asyncio.Event)

    def turn(self, *, reachable: bool) -> None:
        """The line is lost, or is back."""
        self.reachable = reachable
        self._turned.set()

    async def turned(self) -> None:
        await self._turned.wait()
        self._turned.clear()

    async def ask(self, request: Request) -> None:
        if self.full:
            raise PartError(Code.OUTBOX_FULL)
        self.asked.append(request)
        if self.takes_s is not None:
            loop = asyncio.get_running_loop()
            loop.call_later(self.takes_s, self.answer_now, request)

    def answer_now(self, request: Request) -> None:
        self.say((self.reply or accepting)(request))

    def say(self, answer: Answer) -> None:
        self._answers.put_nowait(answer)

    async def answer(self) -> Answer:
        return await self._answers.get()

    def bodies(self) -> list[VerificationBody]:
        return [
            decode_body(r.body)
            for r in self.asked
            if isinstance(r, VerificationRequest)
        ]


def accepted(
    request_id: RequestId, visit_id: VisitId, items: tuple[str, ...] = ITEMS
) -> VerificationAnswer:
    return VerificationAnswer(
        request_id=request_id,
        request_hash=HASH,
        reader_id=READER,
        answered_at=1,
        visit_id=visit_id,
        outcome=Outcome.ACCEPTED,
        validity=Validity.VALID,
        consent_asks=tuple(ConsentAsk(item=item) for item in items),
    )


def accepting(request: Request) -> Answer:
    match request:
        case VerificationRequest(body=body):
            asked = decode_body(body)
            return accepted(asked.request_id, asked.visit_id)
        case RegistrationRequest():
            return accepted(request.request_id, request.visit_id)
        case ConsentRequest():
            return receipt(request)


def receipt(request: ConsentRequest) -> ConsentReceipt:
    grants = tuple(
        ConsentGrant(item=one.item, decision=one.decision, decided_at=2)
        for one in request.decisions
    )
    return ConsentReceipt(
        request_id=request.request_id,
        request_hash=request_hash(encode(request)),
        reader_id=READER,
        answered_at=2,
        grants=grants,
    )


@dataclass(slots=True)
class ListDesk:
    delivered: list[tuple[VerificationAnswer, ConsentReceipt | None]] = field(
        default_factory=list
    )
    broken: bool = False
    takes_s: float = 0.05
    """A folder on the network is not written at once."""

    async def deliver(
        self, answer: VerificationAnswer, receipt: ConsentReceipt | None
    ) -> Path:
        if self.broken:
            raise PartError(Code.FACILITY_FOLDER)
        await asyncio.sleep(self.takes_s)
        self.delivered.append((answer, receipt))
        return Path("delivered.xml")

    def granted(self) -> set[str]:
        """Items that the facility was told are granted, by the last delivery."""
        _, last = self.delivered[-1]
        grants = last.grants if last else ()
        return {g.item for g in grants if g.decision is Decision.GRANTED}


@dataclass(slots=True)
class ListPanel:
    names: list[str] = field(default_factory=list)
    broken: bool = False

    async def show(self, picture: Image.Image, name: str) -> None:
        assert picture.size == (800, 480)
        if self.broken:
            raise PartError(Code.SELFTEST_FAILED)
        self.names.append(name)


class ListLights:
    def __init__(self) -> None:
        self.said: list[Light] = []

    async def set(self, light: Light) -> None:
        self.said.append(light)


class ListSpeaker:
    def __init__(self) -> None:
        self.played: list[Sound] = []

    async def play(self, sound: Sound) -> None:
        self.played.append(sound)


class QueueKeypad:
    def __init__(self) -> None:
        self._keys: asyncio.Queue[Key] = asyncio.Queue()

    def press(self, *keys: Key) -> None:
        for key in keys:
            self._keys.put_nowait(key)

    async def key(self) -> Key:
        return await self._keys.get()


class MemoryLockout:
    """The rule without a disk."""

    def __init__(self, clock: LoopClock) -> None:
        self._clock = clock
        self._since: float | None = None
        self.book: Book = {}
        self.full = False
        """The disk, if there were one."""

    def locked(self, card: bytes) -> bool:
        if self.full:
            raise PartError(Code.DISK_FULL)
        self._live()
        return lockout.locked(self.book, card)

    def begun(self, card: bytes) -> None:
        self._live()
        self.book = lockout.begun(self.book, card)

    def passed(self, card: bytes) -> None:
        self.book = lockout.passed(self.book, card)

    def _live(self) -> None:
        now = self._clock.monotonic()
        self.book = lockout.lived(self.book, now - (self._since or now))
        self._since = now


class Bench:
    """Must be made inside a running JumpingLoop."""

    def __init__(
        self,
        *,
        mode: str = "auto",
        policy: Policy | None = None,
        terminal: bool = True,
        slot: DirectSlot | None = None,
    ) -> None:
        self.clock = LoopClock()
        self.slot = slot or DirectSlot()
        self.printed = Printed()
        self.sight = ScriptedSight(mode)
        self.uplink = ScriptedUplink()
        self.desk = ListDesk()
        self.panel = ListPanel()
        self.lights = ListLights()
        self.speaker = ListSpeaker()
        self.keypad = QueueKeypad()
        self.health = Health(self.clock)
        self.lockout = MemoryLockout(self.clock)
        self.reader = Reader(
            clock=self.clock,
            slot=self.slot,
            printed=self.printed,
            sight=self.sight,
            uplink=self.uplink,
            desk=self.desk,
            panel=self.panel,
            lights=self.lights,
            speaker=self.speaker,
            keypad=self.keypad,
            authenticator=FictitiousTerminal.of(TERMINAL_KEY) if terminal else None,
            issuer_keys=[_issuer().photo_key.public_key()],
            asking=Asking(READER),
            random=steady(),
            health=self.health,
            lockout=self.lockout,
            policy=policy or Policy(),
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Bench"]:
        task = asyncio.create_task(self.reader.run())
        try:
            yield self
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def until(self, holds: Callable[[], bool], within_s: float = 300.0) -> None:
        """Time jumps in steps of 10 ms until it holds."""
        end = self.clock.monotonic() + within_s
        while not holds():
            assert self.clock.monotonic() < end, self.reader.session.state
            await asyncio.sleep(0.01)

    async def state(self, state: State) -> None:
        await self.until(lambda: self.reader.session.state is state)

    async def put(self, which: VirtualCard) -> None:
        await self.slot.put(which)

    async def choosing(self, which: VirtualCard | None = None) -> None:
        await self.put(which or card())
        await self.state(State.CHOOSING)

    async def type_pin(self, pin: str = PIN) -> None:
        self.keypad.press(Key.K2)
        await self.state(State.ENTERING_PIN)
        self.keypad.press(*(Key(digit) for digit in pin), Key.ENTER)

    async def consenting(self) -> None:
        await self.choosing()
        self.keypad.press(Key.K1)
        await self.state(State.CONSENTING)

    async def home(self) -> None:
        await self.slot.take()
        await self.state(State.READY)
