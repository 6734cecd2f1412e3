"""CardSlot over nfcpy: a contactless reader on USB, or its udp stand-in.

One activation is one visit: a card that left, or was exchanged, is lost until it has
been waited for again, so two cards never answer within one dialog or one patient.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Literal, Self, TypeVar

import nfc.clf

from device.adapters.card_nfcpy_link import (
    CardLink,
    LinkLostError,
    offered_rates,
    open_frontend,
    sense,
)
from device.card.apdu import Command, Dialog, Response
from device.card.dialog import run
from device.card.long_reads import CHUNK
from device.ports import CardLostError, PartError
from protocol.catalogue import Code

T = TypeVar("T")
Rate = Literal["auto", 106, 212, 424]
SLOWEST = 106
PROVEN = ("udp:",)
"""Where "auto" means 424 kbit/s. No silicon has been measured: a reader that loses
frames at speed would look like patients who lift their cards."""
POLL_S = 0.1
"""Between two looks for a card, and between two presence checks."""


class NfcSlot:
    def __init__(self, path: str, rate: Rate = "auto", longest: int = CHUNK) -> None:
        self.name = f"nfcpy {path}"
        self._longest = longest
        self._rate = rate
        self._path = path
        # nfcpy blocks; everything that touches it runs in this one thread.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="card")
        self._frontend: nfc.clf.ContactlessFrontend | None = None
        self._link: CardLink | None = None
        self._unplugged = False
        self._slow_only = False
        self._exclusive = asyncio.Lock()

    @classmethod
    def open(
        cls, device_path: str, rate: Rate = "auto", longest_read: int = CHUNK
    ) -> "NfcSlot":
        """`async with NfcSlot.open("usb:054c:06c3") as slot`; or "udp:HOST:PORT".

        `rate`: the fastest in kbit/s that is asked of a card; cards that offer less,
        or do not answer at it, are read more slowly. `longest_read`: bytes of one
        answer (long_reads.py); 251 needs no chaining, on any reader. Entering raises
        PartError D704 when there is no such reader.
        """
        return cls(device_path, rate, longest_read)

    @property
    def rate(self) -> int | None:
        """kbit/s of the card that lies there; None without one."""
        return None if self._link is None else self._link.rate

    async def __aenter__(self) -> Self:
        try:
            self._frontend = await self._in_thread(lambda: open_frontend(self._path))
        except (OSError, ValueError) as error:
            self._thread.shutdown(wait=False)
            raise PartError(Code.SELFTEST_FAILED, f"no reader at {self._path}") from (
                error
            )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        frontend, self._frontend, self._link = self._frontend, None, None
        if frontend is not None:
            await self._in_thread(frontend.close)
            self._thread.shutdown(wait=False)

    async def wait_for_card(self) -> None:
        """Raises PartError D704 while the reader itself is gone; ask again later."""
        await self._poll(self._find)

    async def wait_for_removal(self) -> None:
        await self._poll(self._gone)

    async def perform(self, dialog: Dialog[T]) -> T:
        """Raises CardLostError. A cancelled dialog stops before its next command."""
        stop = threading.Event()

        def transmit(command: Command) -> Response:
            if stop.is_set():
                raise CardLostError(Code.CARD_TORN, "cancelled")
            return self._transmit(command)

        try:
            return await self._exclusively(lambda: run(dialog, transmit, self._longest))
        finally:
            stop.set()

    def _find(self) -> bool:
        if self._link is not None and self._link.present():
            return True
        self._link = None
        atqb = self._sense()
        if atqb is None:
            return False
        rate = self._best(atqb)
        try:
            self._link = CardLink(self._opened(), atqb, rate)
        except LinkLostError:
            # Perhaps the reader cannot do it: the next look at this card asks for less.
            self._slow_only |= rate != SLOWEST
            return False
        return True

    def _best(self, atqb: bytes) -> int:
        if self._slow_only:
            return SLOWEST
        proven = 424 if self._path.startswith(PROVEN) else SLOWEST
        fastest = proven if self._rate == "auto" else self._rate
        return max(rate for rate in offered_rates(atqb) if rate <= fastest)

    def _gone(self) -> bool:
        if self._link is not None and self._link.present():
            return False
        # A card that broke off may still lie there; it counts, but is not used again.
        self._link = None
        left = self._sense() is None
        if left:
            self._slow_only = False
        return left

    def _sense(self) -> bytes | None:
        frontend = self._opened()
        try:
            if self._unplugged:
                frontend.close()
                frontend = self._frontend = open_frontend(self._path)
                self._unplugged = False
            return sense(frontend)
        except OSError as error:
            # An empty field is no error; this is the reader itself, unplugged.
            self._unplugged = True
            raise PartError(Code.SELFTEST_FAILED, f"lost {self.name}") from error

    def _transmit(self, command: Command) -> Response:
        if self._link is None:
            raise CardLostError(Code.CARD_TORN)
        try:
            return self._link.transmit(command)
        except LinkLostError as error:
            self._link = None
            raise CardLostError(Code.CARD_TORN) from error

    def _opened(self) -> nfc.clf.ContactlessFrontend:
        if self._frontend is None:
            raise RuntimeError("the card slot is not open")
        return self._frontend

    async def _poll(self, job: Callable[[], bool]) -> None:
        """A field announces nothing: ask, rest, ask again."""
        while True:
            if await self._exclusively(job):
                return
            await asyncio.sleep(POLL_S)

    async def _exclusively(self, job: Callable[[], T]) -> T:
        async with self._exclusive:
            return await self._in_thread(job)

    async def _in_thread(self, job: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, job)
