"""The documented surfaces of picamera2 0.3 and OpenCV 4, each with a camera behind.

Strict where the libraries are: no frame before `start`, one owner of the camera.
`see` is called whenever the sensor is read, so that a test can look at the light.
"""

from collections.abc import Callable
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

RED = (200, 10, 20)
"""What stands before both cameras, R, G, B."""


class Hardware:
    """The one sensor behind the libraries."""

    def __init__(self) -> None:
        self.streaming = False
        self.there = True
        self.stuck = False
        """Its stream cannot be stopped."""
        self.see: Callable[[], None] = lambda: None

    def read(self, size: tuple[int, int]) -> NDArray[np.uint8]:
        if not self.there:
            raise RuntimeError("camera frontend has timed out")
        assert self.streaming
        self.see()
        return np.full((size[1], size[0], 3), RED, dtype=np.uint8)

    def begin(self) -> None:
        self.streaming = True

    def end(self) -> None:
        if self.stuck:
            raise RuntimeError("the stream does not stop")
        self.streaming = False


def picamera2(hardware: Hardware) -> ModuleType:
    class Picamera2:
        def __init__(self, camera_num: int = 0) -> None:
            if not hardware.there:
                raise IndexError("list index out of range")
            self._configured: dict[str, tuple[int, int]] | None = None

        def create_video_configuration(
            self, main: dict[str, object]
        ) -> dict[str, object]:
            assert main["format"] == "BGR888"
            return {"main": main, "use_case": "video"}

        def configure(
            self, camera_config: dict[str, dict[str, tuple[int, int]]]
        ) -> None:
            self._configured = camera_config["main"]

        def start(self) -> None:
            if self._configured is None:
                raise RuntimeError("Camera must be configured before starting")
            hardware.begin()

        def capture_array(self, name: str = "main") -> NDArray[np.uint8]:
            assert name == "main"
            assert self._configured is not None
            return hardware.read(self._configured["size"])

        def stop(self) -> None:
            hardware.end()

        def close(self) -> None:
            assert not hardware.streaming or hardware.stuck

    made = ModuleType("picamera2")
    made.__dict__["Picamera2"] = Picamera2
    return made


def cv2(hardware: Hardware) -> ModuleType:
    class VideoCapture:
        def __init__(self, which: int | str, api: int) -> None:
            assert api == 200
            self._opened = hardware.there
            self._size = {3: 640, 4: 480}
            if self._opened:
                hardware.begin()

        def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
            return self._opened

        def set(self, what: int, value: float) -> bool:
            self._size[what] = int(value)
            return True

        def read(self) -> tuple[bool, NDArray[np.uint8] | None]:
            try:
                seen = hardware.read((self._size[3], self._size[4]))
            except RuntimeError:
                return False, None
            return True, seen[:, :, ::-1]

        def release(self) -> None:
            hardware.end()

    made = ModuleType("cv2")
    made.__dict__.update(
        VideoCapture=VideoCapture,
        CAP_V4L2=200,
        CAP_PROP_FRAME_WIDTH=3,
        CAP_PROP_FRAME_HEIGHT=4,
    )
    return made
