"""Bulk files: many questions in one document, or in a ZIP that holds just that.

Read and written one row at a time. A ZIP is bounded by what comes out of it, while it
comes out: what its directory says of sizes is not believed.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, Final

from protocol.catalogue import Code
from protocol.oqs.document import Element, leaves
from protocol.oqs.errors import OqsError

SEARCH: Final = "QualificationConfirmSearchInfo"
UNIT: Final = "BulkConfirmUnit"
LIMIT_BYTES: Final = 64 * 1024 * 1024
"""Of the document, unpacked: 100,000 rows of 670 bytes."""
NORMAL, ERROR = "1", "2"
"""OQSCD004."""
_ZIP: Final = b"PK"
_END: Final = b"PK\x05\x06"
_END_BYTES: Final = 22
_LOCATOR: Final = b"PK\x06\x07"
_LOCATOR_BYTES: Final = 20
"""Of a ZIP beyond 4 GB; it points at another directory."""
_DIRECTORY_BYTES: Final = 4096
"""Of a ZIP with one file; more is a directory made to fill memory."""


@contextmanager
def document(source: BinaryIO) -> Iterator[IO[bytes]]:
    """The XML in the file, whichever it is. Raises OqsError B153 for a bad ZIP."""
    first = source.read(len(_ZIP))
    source.seek(0)
    if first != _ZIP:
        yield source
        return
    _one_entry(source)
    try:
        with zipfile.ZipFile(source) as archive:
            (info,) = archive.infolist()
            name = info.filename
            if "/" in name or "\\" in name or not name.lower().endswith(".xml"):
                raise OqsError(Code.OQS_ARCHIVE, "name")
            if info.flag_bits & 1 or info.file_size > LIMIT_BYTES:
                raise OqsError(Code.OQS_ARCHIVE, "size")
            with archive.open(info) as inner:
                yield inner
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError):
        raise OqsError(Code.OQS_ARCHIVE, "content") from None
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        raise OqsError(Code.OQS_ARCHIVE, "content") from None


def _one_entry(source: BinaryIO) -> None:
    """Before the library reads the whole directory into memory."""
    size = source.seek(0, io.SEEK_END)
    source.seek(max(0, size - _END_BYTES - _LOCATOR_BYTES))
    tail = source.read()
    end = tail[-_END_BYTES:]
    source.seek(0)
    here = int.from_bytes(end[10:12], "little")
    directory = int.from_bytes(end[12:16], "little")
    plain = end.startswith(_END) and len(end) == _END_BYTES
    if (
        not plain
        or tail.startswith(_LOCATOR)
        or here != 1
        or directory > _DIRECTORY_BYTES
    ):
        raise OqsError(Code.OQS_ARCHIVE, "directory")


def unit(
    search: Iterable[tuple[str, str]],
    *,
    code: str = "",
    message: str = "",
    validity: str = "",
    results: Iterable[Element] = (),
) -> Element:
    """One row's answer: what was asked, whether it could be answered, the answer.

    Results stand in the unit itself: a list is the single answer's form.
    """
    held = tuple(results)
    return Element(
        UNIT,
        "",
        (
            *leaves(
                ("ProcessingResultStatus", ERROR if code else NORMAL),
                ("ProcessingResultCode", code),
                ("ProcessingResultMessage", message),
            ),
            Element(SEARCH, "", leaves(*search)),
            *leaves(("QualificationValidity", validity)),
            *held,
        ),
    )
