"""`req` and `res` served on this machine, without a bridge: one look at a time.

An answer is whole before it has its name, and a request goes only when its answer is
there. What breaks off in between is answered again: nothing is lost.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cloud.oqs.answer import Answer
from protocol.oqs.errors import OqsError
from protocol.oqs.names import request_name


@dataclass(frozen=True, slots=True)
class Served:
    """What passed; the file's own name may say whose it is and is left out."""

    kind: str
    size: int
    outcome: str
    """answered, refused, or left: its name is none of the exchange's."""
    code: str


@dataclass(slots=True)
class Folder:
    folder: Path
    answer: Callable[[str, Path, str], Answer]
    """Of a name, a file and a key that is the same for the same file."""
    _seen: dict[str, tuple[int, int]] = field(init=False, default_factory=dict)
    _left: set[str] = field(init=False, default_factory=set)

    def look(self) -> Iterator[Served]:
        """Answer every request that has not changed since the last look."""
        req, res = self.folder / "req", self.folder / "res"
        now: dict[str, tuple[int, int]] = {}
        for file in sorted(req.iterdir()):
            if file.name.startswith(".") or file.is_symlink() or not file.is_file():
                continue
            stat = file.stat()
            now[file.name] = (stat.st_size, stat.st_mtime_ns)
            if self._seen.get(file.name) == now[file.name]:
                yield from self._served(file, res, stat.st_size, stat.st_mtime_ns)
        self._seen = now

    def _served(
        self, file: Path, res: Path, size: int, modified_ns: int
    ) -> Iterator[Served]:
        try:
            name = request_name(file.name)
        except OqsError as error:
            if file.name not in self._left:
                self._left.add(file.name)
                yield Served("", size, "left", error.code.value)
            return
        key = f"folder-{modified_ns:x}-{size:x}"
        made = self.answer(file.name, file, key)
        _put(made, res)
        file.unlink()
        outcome = "refused" if made.code else "answered"
        yield Served(name.kind.prefix, size, outcome, made.code)


def _put(made: Answer, res: Path) -> None:
    hidden = res / f".{made.name}.part"
    with hidden.open("wb") as out:
        os.fchmod(out.fileno(), 0o640)
        if isinstance(made.content, bytes):
            out.write(made.content)
        else:
            with made.content.open("rb") as large:
                shutil.copyfileobj(large, out)
        out.flush()
        os.fsync(out.fileno())
    hidden.replace(res / made.name)


def written(made: Answer, folder: Path) -> Path:
    """One answer as a file of its name in this folder."""
    _put(made, folder)
    return folder / made.name
