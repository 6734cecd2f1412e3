"""A panel of e-paper: plans each update, has the paper do it, and lets it rest.

Satisfies device.ports.Panel. What the paper shows after a failure is unknown, so the
next picture is a full update. Makers' libraries wait for ever for a panel that is not
there; here nobody does.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Self

from PIL import Image

from device.ports import Clock, Paper, PartError
from protocol.catalogue import Code
from ui_eink.refresh import Shown, due, plan, sleep_after_s

LOOK_AGAIN_S = 1.0
ANSWER_S = 10.0
"""Besides the time of a full update, for whatever is asked of the paper."""


class EinkPanel:
    """Open while the reader runs; on leaving, the paper sleeps."""

    def __init__(
        self,
        paper: Callable[[], Paper],
        clock: Clock,
        tend_s: float = LOOK_AGAIN_S,
        answer_s: float = ANSWER_S,
    ) -> None:
        """`paper` opens the panel. Raises PartError D704 when this is entered."""
        self._answer_s = answer_s
        self._stuck = threading.Event()
        """A call has not come back yet."""
        self._open = paper
        self._clock = clock
        self._tend_s = tend_s
        self._paper: Paper | None = None
        self._shown: Shown | None = None
        self._picture: Image.Image | None = None
        self._drawn_at: float | None = None
        """None: the paper sleeps, or was never drawn on."""
        self._turn = asyncio.Lock()
        self._tending: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._paper = await asyncio.to_thread(self._open)
        await self._done(self._paper, self._paper.check)
        self._tending = asyncio.create_task(self._tend())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._tending is not None:
            self._tending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._tending
        async with self._turn:
            if self._paper is not None:
                with contextlib.suppress(PartError):
                    await self._done(self._paper, self._paper.close)
            self._paper = None

    async def show(self, picture: Image.Image, name: str) -> None:
        """Raises ValueError for another kind of picture, PartError D704."""
        async with self._turn:
            self._picture = picture.copy()
            await self._draw(picture, name)

    async def rest(self) -> None:
        """What time alone asks for: wipe shadows at rest, take the power off."""
        async with self._turn:
            now, shown = self._clock.monotonic(), self._shown
            if shown is None or self._picture is None:
                return
            at = due(shown)
            quiet = None if self._drawn_at is None else now - self._drawn_at
            if at is not None and now >= at:
                await self._draw(self._picture, shown.view)
            elif quiet is not None and quiet >= sleep_after_s(shown):
                self._drawn_at = None
                paper = self._opened()
                await self._done(paper, paper.sleep)

    async def _draw(self, picture: Image.Image, name: str) -> None:
        paper, now = self._opened(), self._clock.monotonic()
        asleep = self._drawn_at is None
        planned = plan(
            self._shown, picture, name, now=now, panel=paper.panel, asleep=asleep
        )
        self._shown = None
        await self._done(paper, partial(paper.draw, planned))
        self._shown = planned.shown
        if planned.box.w:
            self._drawn_at = self._clock.monotonic()

    async def _done(self, paper: Paper, work: Callable[[], None]) -> None:
        """In a thread that nobody waits for when it does not come back."""
        if self._stuck.is_set():
            raise _silent(paper)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[None] = loop.create_future()

        def told(error: BaseException | None) -> None:
            if answer.done():
                return
            if error is None:
                answer.set_result(None)
            else:
                answer.set_exception(error)

        def run() -> None:
            error: BaseException | None = None
            try:
                work()
            except Exception as caught:
                error = caught
            self._stuck.clear()
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(told, error)

        self._stuck.set()
        threading.Thread(target=run, name="panel", daemon=True).start()
        try:
            async with asyncio.timeout(self._answer_s + paper.panel.full_ms / 1000):
                await answer
        except TimeoutError as error:
            raise _silent(paper) from error

    def _opened(self) -> Paper:
        if self._paper is None:
            raise PartError(Code.SELFTEST_FAILED, "panel: closed")
        return self._paper

    async def _tend(self) -> None:
        while True:
            await asyncio.sleep(self._tend_s)
            # The next picture meets the same failure, and is heard.
            with contextlib.suppress(PartError):
                await self.rest()


def _silent(paper: Paper) -> PartError:
    what = f"{paper.name} does not answer (BUSY stays)"
    return PartError(Code.SELFTEST_FAILED, f"panel: {what}. Wiring: {paper.wiring}")
