"""The Pi's camera by picamera2, a package of the system (apt, not pip).

Only documented calls: the constructor with a camera's number,
`create_video_configuration`, `configure`, `start`, `capture_array`, `stop`, `close`.
Its "BGR888" gives arrays in the order R, G, B.
"""

import importlib
from typing import Any

import numpy as np

from device.adapters.wiring import CAMERA
from device.ports import Frame, PartError
from protocol.catalogue import Code


class Picamera2Driver:
    """Satisfies device.camera_stream.Driver."""

    def __init__(self, number: int, size: tuple[int, int]) -> None:
        self._number = number
        self._size = size
        self._camera: Any = None

    def open(self) -> None:
        try:
            library = importlib.import_module("picamera2")
        except ImportError as error:
            raise _lost("picamera2 is not installed") from error
        try:
            self._camera = library.Picamera2(self._number)
            main = {"size": self._size, "format": "BGR888"}
            self._camera.configure(self._camera.create_video_configuration(main=main))
            self._camera.start()
        except (RuntimeError, IndexError, OSError) as error:
            raise _lost(f"camera {self._number} does not open ({error})") from error

    def frame(self) -> Frame:
        if self._camera is None:
            raise PartError(Code.CAMERA_MISSING, "the camera is off")
        try:
            seen = self._camera.capture_array("main")
        except (RuntimeError, OSError) as error:
            raise _lost(f"camera {self._number} was lost ({error})") from error
        return np.array(seen[:, :, :3], dtype=np.uint8)

    def close(self) -> None:
        camera, self._camera = self._camera, None
        if camera is None:
            return
        try:
            camera.stop()
        finally:
            camera.close()


def _lost(what: str) -> PartError:
    return PartError(Code.CAMERA_MISSING, f"camera: {what}. Wiring: {CAMERA}")
