"""Installed model packs: <home>/models/NAME, whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from device.adapters.face_tflite import FaceModels, read_pack
from device.adapters.model_folder import shipped_folder
from device.adapters.model_trial import tried
from device.adapters.tflite_network import checked_bytes
from device.face.pack import MANIFEST, Pack


class PackStore:
    """The folder of installed packs under one home."""

    def __init__(self, home: Path) -> None:
        self._root = home / "models"
        self.parts = home / "downloads"
        """What began to come, and goes on at the next try."""

    def folder(self, name: str) -> Path:
        return self._root / name

    def names(self) -> list[str]:
        """Installed packs; what an interrupted installation left is not one."""
        if not self._root.is_dir():
            return []
        return sorted(
            each.name
            for each in self._root.iterdir()
            if not each.name.startswith(".") and (each / MANIFEST).is_file()
        )

    def remove(self, name: str) -> None:
        """Raises KeyError for a pack that is not there."""
        here = self._root.iterdir() if self._root.is_dir() else ()
        if name.startswith(".") or name not in {each.name for each in here}:
            raise KeyError(name)
        gone = Path(tempfile.mkdtemp(prefix=".removed-", dir=self._root))
        self.folder(name).rename(gone / name)
        shutil.rmtree(gone)

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """An empty folder beside the packs; gone afterwards unless it was put."""
        self._root.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".installing-", dir=self._root))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def put(self, staged: Path, name: str) -> Path:
        """Move a staged folder to its place; an older one of the name gives way."""
        target = self.folder(name)
        for each in staged.iterdir():
            _to_disk(each)
        _to_disk(staged)
        staged.chmod(0o755)  # the reader is another user than the installer
        replaced = staged.with_name(staged.name.replace("installing", "replaced"))
        if target.exists():
            target.rename(replaced)
        try:
            staged.rename(target)
        except OSError:
            if replaced.exists():
                replaced.rename(target)
            raise
        shutil.rmtree(replaced, ignore_errors=True)
        _to_disk(self._root)
        return target


def verify(folder: Path) -> Pack:
    """Check every file's hash, load all, run the self-test. Raises PartError F204."""
    pack = read_pack(folder)
    if folder != shipped_folder():
        tried(folder)
    for licence in pack.licences:
        checked_bytes(folder, licence)
    FaceModels.open(folder)
    return pack


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
