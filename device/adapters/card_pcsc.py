"""CardSlot over PC/SC: readers that pcscd drives, contactless or not.

The card is held exclusively from the moment it is found until it is removed. What a
VERIFY opened is closed again, by a power cycle, before its dialog returns.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from device.adapters.card_pcsc_link import Daemon, HeldCard, PcscError, choose
from device.card.apdu import Command, Dialog, Response
from device.card.dialog import run
from device.ports import CardLostError, PartError
from protocol.catalogue import Code

T = TypeVar("T")
POLL_S = 0.1
"""Between two looks at the reader's state; pcscd itself looks every 0.4 s."""
SETTLE_S = 0.5
"""After a card broke off: until pcscd has looked, it believes in the old one."""


class PcscSlot:
    def __init__(self, part: str, *, virtual: bool) -> None:
        self.name = f"pcsc {part}".strip()
        self._part = part
        self._virtual = virtual
        # PC/SC blocks; everything that touches it runs in this one thread.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="card")
        self._daemon: Daemon | None = None
        self._reader = ""
        self._card: HeldCard | None = None
        self._torn = False
        self._open = False
        self._exclusive = asyncio.Lock()

    @classmethod
    def open(cls, name_part: str, *, virtual: bool = False) -> "PcscSlot":
        """`async with PcscSlot.open("RC-S300") as slot`; "" where there is but one.

        `virtual` admits vsmartcard's virtual reader. Entering raises PartError D704
        when no daemon runs, or none or several readers fit.
        """
        return cls(name_part, virtual=virtual)

    async def __aenter__(self) -> Self:
        self._open = True
        try:
            await self._in_thread(self._connected)
        except PartError:
            await self.close()
            raise
        self.name = f"pcsc {self._reader}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._open:
            self._open = False
            await self._in_thread(self._disconnect)
            self._thread.shutdown(wait=False)

    async def wait_for_card(self) -> None:
        """Raises PartError D704 while the reader itself is gone; ask again later."""
        if self._torn:
            await asyncio.sleep(SETTLE_S)
        await self._poll(self._find)

    async def wait_for_removal(self) -> None:
        await self._poll(self._gone)

    async def perform(self, dialog: Dialog[T]) -> T:
        """Raises CardLostError. A cancelled dialog stops before its next command."""
        stop = threading.Event()
        try:
            return await self._exclusively(lambda: self._run(dialog, stop))
        finally:
            stop.set()

    def _run(self, dialog: Dialog[T], stop: threading.Event) -> T:
        spent = False

        def transmit(command: Command) -> Response:
            nonlocal spent
            if stop.is_set():
                raise CardLostError(Code.CARD_TORN, "cancelled")
            spent = spent or command.once
            return self._transmit(command)

        try:
            return run(dialog, transmit)
        finally:
            if spent:
                self._forget()

    def _transmit(self, command: Command) -> Response:
        if self._card is None:
            raise CardLostError(Code.CARD_TORN)
        try:
            return self._card.transmit(command)
        except PcscError as error:
            self._drop()
            raise CardLostError(Code.CARD_TORN) from error

    def _forget(self) -> None:
        try:
            if self._card is not None:
                self._card.forget()
        except PcscError:
            # Whatever it was, the card is not powered for us any more.
            self._drop()

    def _find(self) -> bool:
        if self._card is not None and self._card.present():
            return True
        self._drop()
        daemon = self._connected()
        try:
            if daemon.occupied(self._reader):
                self._card = daemon.connect(self._reader)
                if self._torn:
                    self._card.forget()
                self._torn = False
        except PcscError as error:
            self._drop()
            if not error.no_card:
                raise self._lost(error) from error
        return self._card is not None

    def _gone(self) -> bool:
        if self._card is not None and self._card.present():
            return False
        # A card that broke off may still lie there; it counts, but is not used again.
        self._drop()
        daemon = self._connected()
        try:
            gone = not daemon.occupied(self._reader)
        except PcscError as error:
            raise self._lost(error) from error
        self._torn = self._torn and not gone
        return gone

    def _connected(self) -> Daemon:
        """Connect anew after an error. Raises PartError D704."""
        if not self._open:
            raise RuntimeError("the card slot is not open")
        if self._daemon is not None:
            return self._daemon
        try:
            self._daemon = Daemon()
            readers = self._daemon.readers()
        except PcscError as error:
            raise self._lost(error) from error
        try:
            self._reader = choose(readers, self._part, virtual=self._virtual)
        except PartError:
            self._disconnect()
            raise
        return self._daemon

    def _lost(self, error: PcscError) -> PartError:
        if error.held:
            detail = f"another program holds the card on {self._reader}"
        else:
            self._disconnect()
            detail = f"{self.name}: PC/SC says: {error}"
        return PartError(Code.SELFTEST_FAILED, detail)

    def _drop(self) -> None:
        card, self._card = self._card, None
        if card is not None:
            self._torn = True
            card.abandon()

    def _disconnect(self) -> None:
        card, self._card = self._card, None
        if card is not None:
            card.release()
        daemon, self._daemon = self._daemon, None
        if daemon is not None:
            daemon.release()

    async def _poll(self, job: Callable[[], bool]) -> None:
        while True:
            if await self._exclusively(job):
                return
            await asyncio.sleep(POLL_S)

    async def _exclusively(self, job: Callable[[], T]) -> T:
        async with self._exclusive:
            return await self._in_thread(job)

    async def _in_thread(self, job: Callable[[], T]) -> T:
        try:
            at_work = self._thread.submit(job)
        except RuntimeError as error:
            raise RuntimeError("the card slot is not open") from error
        return await asyncio.wrap_future(at_work)
