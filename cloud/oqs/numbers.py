"""照会番号 by file: one at once (OQSsiimm01), many in two steps (OQSmuimm01 and 02).

A file of many is registered when it is handed in; its result waits, sealed, for whoever
comes with the reception number.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from cloud.access.linking import AT_ONCE, Linking, Wanted
from cloud.bulk.model import ROWS, Reception, reception
from cloud.bulk.sealing import JobSeal
from cloud.eligibility.inquiry import NumberQuery
from cloud.oqs.holders import Holders, Printed
from cloud.oqs.request import RECEPTION, Request
from cloud.registry.model import Entry
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from protocol.oqs.bulk import document
from protocol.oqs.document import BODY, Element, Reading, leaves, written
from protocol.oqs.errors import OqsError
from protocol.oqs.reply import DONE, FAILED, Segment, Sender, header, line, status
from protocol.oqs.values import jst_time

INFO: Final = "ReferenceNumberRegistrationInfo"
UNIT: Final = "BulkRegistrationUnit"
KEEP_MS: Final = 7 * 24 * 60 * 60 * 1000
_NAME_DIGITS: Final = 20


@dataclass(frozen=True, slots=True)
class Numbers:
    linking: Linking
    holders: Holders
    secret: bytes
    folder: Path
    """Results, sealed; nobody else may read it."""
    random: Callable[[int], bytes]

    # -- one -------------------------------------------------------------------------
    def single(self, request: Request, sender: Sender, now_ms: int) -> bytes:
        """Raises OqsError."""
        found = request.body.all(INFO)
        if len(found) > 1:
            raise OqsError(Code.OQS_DUPLICATE, f"{BODY}/{INFO}")
        if not found:
            raise OqsError(Code.OQS_VALUE, f"{BODY}/{INFO}")
        (code,) = self._registered(sender.facility, found, now_ms)
        body = _told(found[0], code)
        return written(header(sender, now_ms, Segment.ENDED), body, sender.encoding)

    # -- many ------------------------------------------------------------------------
    def upload(self, request: Request, sender: Sender, now_ms: int) -> bytes:
        """The answer with its reception number. Raises OqsError; then none is linked.

        Sent again it registers the same again, which changes nothing.
        """
        self.sweep(now_ms)
        rows = _rows(request)
        codes = self._registered(sender.facility, rows, now_ms)
        name = reception(jst_time(now_ms), self.random(8))
        wrong = sum(code is not None for code in codes)
        counts = (
            ("NumberOfProcessingResult", str(len(codes))),
            ("NumberOfNormalProcessing", str(len(codes) - wrong)),
            ("NumberOfError", str(wrong)),
        )
        numbered = ((RECEPTION, name),)
        top = header(sender, now_ms, Segment.ENDED, before=numbered, after=counts)
        units = (
            Element(UNIT, "", _told(row, code))
            for row, code in zip(rows, codes, strict=True)
        )
        self._keep(sender.facility, name, written(top, units, sender.encoding))
        top = header(sender, now_ms, Segment.ENDED)
        return written(top, leaves((RECEPTION, name)), sender.encoding)

    def download(self, request: Request, sender: Sender, now_ms: int) -> bytes:
        """As it was made, in the encoding of its upload. Raises OqsError."""
        self.sweep(now_ms)
        name = request.body.get(RECEPTION)
        if not (name.isascii() and name.isdigit() and len(name) == _NAME_DIGITS):
            raise OqsError(Code.NOT_THERE, f"{BODY}/{RECEPTION}")
        file = self.folder / sender.facility / name
        if not file.is_file():
            raise OqsError(Code.NOT_THERE, f"{BODY}/{RECEPTION}")
        return self._seal(Reception(name)).open_head(file.read_bytes())

    def sweep(self, now_ms: int) -> None:
        for file in self.folder.glob("*/*"):
            if file.stat().st_mtime * 1000 < now_ms - KEEP_MS:
                file.unlink(missing_ok=True)

    def _registered(
        self, facility: FacilityCode, rows: Sequence[Element], now_ms: int
    ) -> list[Code | None]:
        codes: list[Code | None] = []
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            held = self.holders.all([_printed(row) for row in part])
            wanted = [_wanted(*each) for each in zip(part, held, strict=True)]
            codes += self.linking.by_numbers(facility, wanted, now_ms)
        return codes

    def _keep(self, facility: FacilityCode, name: Reception, content: bytes) -> None:
        place = self.folder / facility
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        hidden = place / f".{name}"
        handle = os.open(hidden, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(self._seal(name).head(content))
            out.flush()
            os.fsync(out.fileno())
        hidden.rename(place / name)

    def _seal(self, name: Reception) -> JobSeal:
        return JobSeal(self.secret, name, self.random)


def _rows(request: Request) -> list[Element]:
    """All of them before the first is registered. Raises OqsError."""
    rows: list[Element] = []
    with request.file.open("rb") as raw, document(raw) as source:
        reading = iter(Reading(source, limit=request.name.kind.limit))
        next(reading)
        for element in reading:
            if element.name != INFO:
                raise OqsError(Code.OQS_VALUE, f"{BODY}/{INFO}")
            rows.append(element)
            if len(rows) > ROWS:
                raise OqsError(Code.BULK_TOO_MANY)
    return rows


def _printed(row: Element) -> Printed:
    return Printed(
        row.get("InsurerNumber").strip(" "),
        row.get("InsuredCardSymbol"),
        row.get("InsuredIdentificationNumber"),
        row.get("InsuredBranchNumber"),
    )


def _wanted(row: Element, holder: Entry | None) -> Wanted:
    """The file has no birth date: it is the holder's, or nobody's."""
    printed = _printed(row)
    born = holder.person.birth_date if holder else date.min
    query = NumberQuery(
        printed.insurer, printed.symbol, printed.number, born, printed.branch
    )
    return Wanted(query, row.get("ReferenceNumber"))


def _told(row: Element, code: Code | None) -> tuple[Element, ...]:
    """What was asked for, and what became of it."""
    said = status(FAILED, code.value, line(code)) if code else status(DONE)
    return (Element(INFO, "", row.parts), *said)
