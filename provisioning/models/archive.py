"""Unpack a model pack's archive (zip or tar) into a folder; it may be hostile.

Only plain files of one level (below one common folder, if there is one) with plain
names come out, so that nothing can point elsewhere. How much comes out is counted while
it comes, not believed.
"""

import bz2
import gzip
import lzma
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, cast

FILES_MOST = 32
BYTES_MOST = 128 * 1024 * 1024
"""Unpacked, in all. The recommended pack has 2.3 MB, the shipped one 14 MB."""
_CHUNK = 64 * 1024
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class ArchiveError(Exception):
    """One line that says what is wrong with the archive."""


def unpack(archive: Path, into: Path, longest: int = BYTES_MOST) -> None:
    """Raises ArchiveError; `into` may then hold a part, which nobody must use."""
    budget = _Budget(longest)
    seen: set[str] = set()
    folders: set[str] = set()
    try:
        for path, source in _members(archive, longest):
            folder, name = _plain(path)
            folders.add(folder)
            if name in seen or len(folders) > 1:
                raise ArchiveError("the archive is not one flat folder of files")
            seen.add(name)
            if len(seen) > FILES_MOST:
                raise ArchiveError(f"the archive holds more than {FILES_MOST} files")
            with source, (into / name).open("xb") as target:
                while chunk := source.read(_CHUNK):
                    budget.spend(len(chunk))
                    target.write(chunk)
    except (
        tarfile.TarError,
        zipfile.BadZipFile,
        zlib.error,
        gzip.BadGzipFile,
        lzma.LZMAError,
        EOFError,
        NotImplementedError,
        ValueError,
    ) as error:
        raise ArchiveError("the archive is damaged or of an unknown kind") from error


def _members(archive: Path, longest: int) -> Iterator[tuple[str, IO[bytes]]]:
    if zipfile.is_zipfile(archive):
        yield from _zip_members(archive)
    else:
        yield from _tar_members(archive, longest)


def _zip_members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            if entry.is_dir():
                continue
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if kind not in (0, stat.S_IFREG):
                raise ArchiveError(f"{entry.filename!r} is not a plain file")
            if entry.flag_bits & 1:
                raise ArchiveError("the archive is locked by a password")
            yield entry.filename, opened.open(entry)


def _tar_members(archive: Path, longest: int) -> Iterator[tuple[str, IO[bytes]]]:
    with (
        _decompressed(archive) as raw,
        tarfile.open(
            fileobj=cast(IO[bytes], _Limited(raw, longest)), mode="r|"
        ) as opened,
    ):
        for entry in opened:
            if entry.isdir():
                continue
            content = opened.extractfile(entry) if entry.isreg() else None
            if content is None or entry.issparse():
                raise ArchiveError(f"{entry.name!r} is not a plain file")
            yield entry.name, content


def _decompressed(archive: Path) -> IO[bytes]:
    with archive.open("rb") as file:
        head = file.read(6)
    if head.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.open(archive))
    if head.startswith(b"BZh"):
        return cast(IO[bytes], bz2.open(archive))
    if head.startswith(b"\xfd7zXZ\x00"):
        return cast(IO[bytes], lzma.open(archive))
    return archive.open("rb")


def _plain(path: str) -> tuple[str, str]:
    """Folder ("" or one) and name. Raises ArchiveError for anything else."""
    parts = [each for each in PurePosixPath(path).parts if each != "."]
    if not 1 <= len(parts) <= 2 or not all(_NAME.fullmatch(each) for each in parts):
        raise ArchiveError(f"{path!r} is not a plain name")
    return "/".join(parts[:-1]), parts[-1]


class _Budget:
    """Ends the unpacking of an archive that unpacks to too much."""

    def __init__(self, longest: int) -> None:
        self._longest = self._left = longest

    def spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            size = self._longest // (1024 * 1024)
            raise ArchiveError(f"the archive unpacks to more than {size} MB")


class _Limited:
    """What tarfile reads for itself (long headers) is counted as well."""

    def __init__(self, source: IO[bytes], longest: int) -> None:
        # Headers and padding of small files come on top of the files.
        self._source, self._budget = source, _Budget(2 * longest)

    def read(self, count: int) -> bytes:
        content = self._source.read(count)
        self._budget.spend(len(content))
        return content
