"""What the reader needs from the world. Adapters and simulators satisfy these.

Every part that is opened is an async context manager; closing twice is fine.
"""

from collections.abc import AsyncIterator, Awaitable, Generator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from device.card.apdu import Command, Response
from device.face.model import Sighting
from protocol.messages import (
    Answer,
    ConsentReceipt,
    ConsentRequest,
    RegistrationRequest,
    VerificationAnswer,
    VerificationRequest,
)
from ui_eink.panels import Panel as PanelCost
from ui_eink.refresh import Plan

T = TypeVar("T")
Frame = NDArray[np.uint8]
"""One camera picture: height x width x 3, RGB. Whoever uses it last overwrites it."""
CardPhoto = bytes | bytearray
"""The photo as the card has it: JPEG 2000."""


class PartError(Exception):
    """A part of the reader failed; `code` is a catalogue code."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code


class CardLostError(PartError):
    """The card left, or tore the exchange; what was asked may have happened."""


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...


class CardSlot(Protocol):
    """Where the card lies: nfcpy, PC/SC, or direct in tests."""

    name: str
    """Which transport this is, as the self-test and log say it."""

    async def wait_for_card(self) -> None: ...

    async def wait_for_removal(self) -> None: ...

    async def perform(self, dialog: Generator[Command, Response, T]) -> T:
        """Run a dialog against the present card, exclusively.

        Raises CardLostError when the card goes; what the dialog raises passes.
        """
        ...


class PrintedNumber(Protocol):
    """照合番号B as printed on the card's face (14 digits)."""

    async def verification_number_b(self) -> str | None: ...


class Camera(Protocol):
    def watch(self) -> AbstractAsyncContextManager["FrameSource"]:
        """The camera is on exactly while this is open; so is its light."""
        ...


class CameraLight(Protocol):
    """Lit exactly while a camera may see; behind the lens's rim, by a wire of its own.

    Raises PartError D704.
    """

    def on(self) -> None: ...

    def off(self) -> None: ...


class FrameSource(Protocol):
    async def frame(self) -> Frame: ...


class Panel(Protocol):
    async def show(self, picture: Image.Image, name: str) -> None:
        """Show an 800x480 1-bit picture; `name` is the view's name, for records."""
        ...


class Paper(Protocol):
    """E-paper and its controller. Does what the plan says; the plan was made elsewhere.

    Every call blocks until it is done: seconds, so in a thread. All raise PartError
    D704 for a panel that does not answer; what it shows is unknown then.
    """

    name: str
    panel: PanelCost
    """How it can be updated, and what that takes."""

    @property
    def wiring(self) -> str:
        """Which pins, and what to switch on: for who looks for the fault."""
        ...

    def check(self) -> None:
        """Wake the panel, so that one that is not there is found. Draws nothing."""
        ...

    def draw(self, plan: Plan) -> None:
        """Wakes a panel that sleeps. NONE does nothing."""
        ...

    def sleep(self) -> None:
        """Take the power off the panel; it keeps its picture. Twice is fine."""
        ...

    def close(self) -> None:
        """Sleep, and let the pins go. Twice is fine."""
        ...


class Key(StrEnum):
    """The keypad's keys; ENTER is green, CANCEL red, CLEAR yellow."""

    K0 = "0"
    K1 = "1"
    K2 = "2"
    K3 = "3"
    K4 = "4"
    K5 = "5"
    K6 = "6"
    K7 = "7"
    K8 = "8"
    K9 = "9"
    ENTER = "enter"
    CANCEL = "cancel"
    CLEAR = "clear"
    LANGUAGE = "language"
    STAFF = "staff"
    """A key switch or badge behind the counter: a member of staff confirms, once."""


class VoiceKey(StrEnum):
    """Keys of the voice alone; the visit never hears of them."""

    REPEAT = "repeat"
    LOUDER = "louder"
    SOFTER = "softer"


class Keypad(Protocol):
    async def key(self) -> Key | VoiceKey: ...


class Light(Enum):
    """What the LED ring says; colour never carries it alone."""

    OFF = "off"
    READY = "ready"
    BUSY = "busy"
    CAMERA = "camera"
    YES = "yes"
    NO = "no"
    ALARM = "alarm"


class Lights(Protocol):
    async def set(self, light: Light) -> None: ...


class Sound(Enum):
    TICK = "tick"
    """Any key: the same for every digit."""
    CARD = "card"
    DONE = "done"
    ERROR = "error"
    ALARM = "alarm"
    """A burst of beeps, then quiet: whoever wants more of them plays it again."""
    STOP = "stop"
    """Silence, at once."""


class Speaker(Protocol):
    async def play(self, sound: Sound) -> None: ...


class Headphones(Protocol):
    def plugged(self) -> bool:
        """A plug is in the jack. Raises PartError D704."""
        ...


class Output(Enum):
    """Where a phrase is heard: by everybody, or by the patient alone."""

    SPEAKER = "speaker"
    HEADPHONES = "headphones"


class Player(Protocol):
    """Plays one recording to its end; cancelled, it is silent at once."""

    async def play(self, recording: Path, output: Output, volume: int) -> None:
        """`volume` 1 to 5. Raises PartError D704."""
        ...


class Signer(Protocol):
    """The reader's P-256 identity key."""

    key_id: bytes

    def sign(self, message: bytes) -> bytes:
        """ECDSA P-256 over SHA-256(message), r||s, 64 bytes (RFC 9053 2.1)."""
        ...


class Transport(Protocol):
    """Messages to and from the cloud; at least once, in no promised order."""

    async def publish(self, payload: bytes) -> None:
        """Returns when the broker has acknowledged; that is not a receipt."""
        ...

    async def incoming(self) -> bytes: ...

    @property
    def connected(self) -> bool: ...

    async def turned(self) -> None:
        """Return once `connected` has changed since this was last awaited."""
        ...


@dataclass(frozen=True, slots=True)
class OutboxRecord:
    request_id: str
    kind: str
    sealed: bytes
    """The request, encrypted at rest under the reader's storage key."""
    created_ms: int
    expires_ms: int
    visit_id: str


class Outbox(Protocol):
    """What must survive a power cut, oldest first. Forgets only on a receipt."""

    def put(self, record: OutboxRecord) -> None:
        """Durable when it returns. Raises PartError D701 or N304."""
        ...

    def pending(self) -> list[OutboxRecord]: ...

    def forget(self, request_id: str) -> None: ...


class FacilityDesk(Protocol):
    """The facility's own computer."""

    async def deliver(
        self, answer: VerificationAnswer, receipt: ConsentReceipt | None
    ) -> Path:
        """Write the result file, whole or not at all. Raises PartError D703/D701."""
        ...


class Sight(Protocol):
    """The camera, the models and the decision, as one look at one patient."""

    mode: str
    """"auto" or "assist"; never changes while the reader runs."""

    def look(self, photo: Awaitable[CardPhoto]) -> AsyncIterator[Sighting]:
        """Compare who stands there with the card's photo (JPEG 2000).

        The photo may come late: the card is read while the camera looks. Yields hints
        while looking and ends with exactly one FaceSeen. The camera is on while the
        iterator is open. Raises PartError F201, F204, and what `photo` raises.
        """
        ...


class Lockout(Protocol):
    """Cards whose holder may not try by face for a while (device/face/lockout.py).

    `card` is the fingerprint of its certificate. A change is durable when it returns;
    raises PartError D701 when it cannot be.
    """

    def locked(self, card: bytes) -> bool: ...

    def begun(self, card: bytes) -> None:
        """A turn is about to be asked for: a failure until it is seen."""
        ...

    def passed(self, card: bytes) -> None: ...


class Uplink(Protocol):
    """The cloud, as the visit sees it."""

    async def ask(
        self, request: VerificationRequest | ConsentRequest | RegistrationRequest
    ) -> None:
        """Durable in the outbox when it returns. Raises PartError D701, N304."""
        ...

    async def answer(self) -> Answer:
        """The next answer: verified, and bound to a request of ours."""
        ...

    @property
    def reachable(self) -> bool:
        """The line to the cloud's broker stands. Not that the cloud answers."""
        ...

    async def turned(self) -> None:
        """Return once `reachable` has changed since this was last awaited."""
        ...


__all__ = [
    "Camera",
    "CameraLight",
    "CardLostError",
    "CardSlot",
    "Clock",
    "FacilityDesk",
    "Frame",
    "FrameSource",
    "Headphones",
    "Key",
    "Keypad",
    "Light",
    "Lights",
    "Lockout",
    "Outbox",
    "OutboxRecord",
    "Output",
    "Panel",
    "Paper",
    "PartError",
    "Player",
    "PrintedNumber",
    "Sight",
    "Signer",
    "Sound",
    "Speaker",
    "Transport",
    "Uplink",
    "VoiceKey",
]
