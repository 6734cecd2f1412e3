"""An event loop whose time jumps to the next timer when nobody has anything to do.

Nothing sleeps: 120 seconds of a patient who does not come back take no time at all.
Work in threads is waited for in real time, because no timer knows when it ends.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")
START = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


class EverythingWaitsError(Exception):
    """No timer, no thread, no socket: the test would hang."""


class JumpingSelector(selectors.DefaultSelector):
    jumped = 0.0
    busy = 0

    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.busy:
            return super().select(0.05)
        if timeout is None:
            raise EverythingWaitsError
        self.jumped += timeout
        return []


class JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.jumper = JumpingSelector()
        super().__init__(self.jumper)

    def time(self) -> float:
        return self.jumper.jumped

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        future = super().run_in_executor(executor, func, *args)
        self.jumper.busy += 1
        future.add_done_callback(self._rested)
        return future

    def _rested(self, _: asyncio.Future[Any]) -> None:
        self.jumper.busy -= 1

    async def shutdown_default_executor(
        self,
        timeout: float | None = None,  # noqa: ASYNC109 (asyncio's own signature)
    ) -> None:
        self.jumper.busy += 1
        try:
            await super().shutdown_default_executor()
        finally:
            self.jumper.busy -= 1


class LoopClock:
    """device.ports.Clock that follows the running loop."""

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


def run_jumping(story: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(story)
