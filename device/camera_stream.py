"""A camera and its light as one: lit before the first frame, dark after the last.

Satisfies device.ports.Camera for every driver. The light goes out when the driver says
that the stream is closed, and not before: a camera that cannot be closed stays lit.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar

from device.ports import CameraLight, Frame, PartError
from protocol.catalogue import Code

T = TypeVar("T")
FRAME_S = 3.0
"""A camera that gives no frame for so long has stopped."""


class Driver(Protocol):
    """One opening of a camera, in a thread of its own. All raise PartError F201."""

    def open(self) -> None: ...

    def frame(self) -> Frame:
        """Height x width x 3, RGB, and ours alone."""
        ...

    def close(self) -> None:
        """The stream has ended when this returns. Unopened and twice is fine."""
        ...


class NoLight:
    """Satisfies device.ports.CameraLight where a desk has none (simulated only)."""

    def on(self) -> None: ...

    def off(self) -> None: ...


class StreamCamera:
    """Satisfies device.ports.Camera."""

    def __init__(
        self,
        driver: Callable[[], Driver],
        light: CameraLight,
        frame_s: float = FRAME_S,
    ) -> None:
        self._driver = driver
        self._light = light
        self._frame_s = frame_s
        self._open = 0

    @asynccontextmanager
    async def watch(self) -> AsyncIterator["Stream"]:
        """Raises PartError F201 for a camera that does not open."""
        driver, worker = self._driver(), ThreadPoolExecutor(1, "camera")
        self._open += 1
        try:
            self._light.on()
            stream = Stream(driver, worker, self._frame_s)
            await stream.run(driver.open)
            yield stream
        finally:
            closing = worker.submit(driver.close)
            loop = asyncio.get_running_loop()
            closed: asyncio.Future[None] = loop.create_future()
            closing.add_done_callback(
                lambda done: loop.call_soon_threadsafe(self._ended, done, closed)
            )
            worker.shutdown(wait=False)
            # Whoever is cancelled twice leaves; the light follows the stream.
            await asyncio.shield(closed)

    def _ended(self, closing: "Future[None]", closed: "asyncio.Future[None]") -> None:
        error = closing.exception()
        if error is None:
            self._open -= 1
            if self._open <= 0:
                self._light.off()
        if closed.cancelled():
            return
        if error is None:
            closed.set_result(None)
        else:
            closed.set_exception(error)


class Stream:
    """Satisfies device.ports.FrameSource."""

    def __init__(
        self, driver: Driver, worker: ThreadPoolExecutor, frame_s: float
    ) -> None:
        self._driver = driver
        self._worker = worker
        self._frame_s = frame_s

    async def frame(self) -> Frame:
        """Raises PartError F201: closed, lost, or silent for too long."""
        try:
            async with asyncio.timeout(self._frame_s):
                return await self.run(self._driver.frame)
        except TimeoutError as error:
            what = f"no frame within {self._frame_s:g} s"
            raise PartError(Code.CAMERA_MISSING, what) from error

    async def run(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._worker, work)
        except RuntimeError as error:
            # The worker takes nothing more once the stream is closed.
            raise PartError(Code.CAMERA_MISSING, "the camera is off") from error
