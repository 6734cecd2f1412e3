"""Which requests have their answer ready: what a restart must know, and no more.

One small file each in the reader's home, named by the request's key.
"""

from collections.abc import Collection
from pathlib import Path

from device.bridge.disk import sync_folder, write_through


class Journal:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder

    def extension(self, key: str) -> str | None:
        """Of the answer that is ready; None: there is none."""
        try:
            return (self._folder / key).read_text("ascii")
        except FileNotFoundError:
            return None

    def note(self, key: str, extension: str) -> None:
        hidden = self._folder / f".{key}"
        write_through(hidden, extension.encode("ascii"))
        hidden.replace(self._folder / key)
        sync_folder(self._folder)

    def forget(self, key: str) -> None:
        (self._folder / key).unlink(missing_ok=True)

    def keep_only(self, keys: Collection[str]) -> None:
        """Those of requests that are gone are of no use."""
        for file in self._folder.iterdir():
            if file.name not in keys:
                file.unlink(missing_ok=True)
