"""Pictures of a folder as a camera, one after the other: for a simulated reader."""

from itertools import cycle
from pathlib import Path

import numpy as np
from PIL import Image

from device.ports import Frame, PartError
from protocol.catalogue import Code

KINDS = frozenset({".jpg", ".jpeg", ".png"})


class FilesDriver:
    """Satisfies device.camera_stream.Driver; pictures in the order of their names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pictures: cycle[Path] | None = None

    def open(self) -> None:
        try:
            found = sorted(
                path for path in self._folder.iterdir() if path.suffix.lower() in KINDS
            )
        except OSError as error:
            raise self._lost(error.strerror or "not readable") from error
        if not found:
            raise self._lost("no .jpg or .png in it")
        self._pictures = cycle(found)

    def frame(self) -> Frame:
        if self._pictures is None:
            raise PartError(Code.CAMERA_MISSING, "the camera is off")
        try:
            with Image.open(next(self._pictures)) as picture:
                return np.array(picture.convert("RGB"), dtype=np.uint8)
        except OSError as error:
            raise self._lost("a file is no picture") from error

    def close(self) -> None:
        self._pictures = None

    def _lost(self, what: str) -> PartError:
        return PartError(Code.CAMERA_MISSING, f"camera files {self._folder}: {what}")
