"""A webcam by V4L2 through OpenCV (an extra: pip install shikaku[webcam]).

Only `VideoCapture(which, CAP_V4L2)`, `isOpened`, `set`, `read` and `release`.
"""

import importlib
from typing import Any

import numpy as np

from device.adapters.wiring import WEBCAM
from device.ports import Frame, PartError
from protocol.catalogue import Code


class V4l2Driver:
    """Satisfies device.camera_stream.Driver."""

    def __init__(self, device: str, size: tuple[int, int]) -> None:
        """`device`: a number, or a path as /dev/video0."""
        self._device = int(device) if device.isdigit() else device
        self._size = size
        self._capture: Any = None

    def open(self) -> None:
        try:
            cv2 = importlib.import_module("cv2")
        except ImportError as error:
            raise self._lost("OpenCV is not installed") from error
        self._capture = cv2.VideoCapture(self._device, cv2.CAP_V4L2)
        if not self._capture.isOpened():
            raise self._lost("does not open")
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._size[0])
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size[1])

    def frame(self) -> Frame:
        if self._capture is None:
            raise PartError(Code.CAMERA_MISSING, "the camera is off")
        taken, seen = self._capture.read()
        if not taken:
            raise self._lost("gives no frame")
        # OpenCV's order is B, G, R.
        return np.array(seen[:, :, ::-1], dtype=np.uint8)

    def close(self) -> None:
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()

    def _lost(self, what: str) -> PartError:
        return PartError(
            Code.CAMERA_MISSING, f"camera {self._device}: {what}. Wiring: {WEBCAM}"
        )
