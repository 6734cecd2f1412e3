"""One request file in, one response file out. The rules stand in the rooms beneath.

Whatever is wrong with a file, its sender gets a response file that says so: a program
that polls a folder for its answer must not wait for ever.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cloud.access.asking import Asking
from cloud.access.reading import Reading
from cloud.bulk.service import Bulk
from cloud.consent.gate import ConsentClosedError
from cloud.oqs.bulk import download, upload
from cloud.oqs.numbers import Numbers
from cloud.oqs.once import Once
from cloud.oqs.records import CHECKUP, DRUGS, checkups, drugs, patient, within
from cloud.oqs.request import (
    SEARCH,
    Request,
    confirmation_date,
    number_query,
    opened,
    records_asked,
    search,
)
from cloud.oqs.results import results
from cloud.records.errors import RecordsError
from cloud.records.report import Report
from protocol.catalogue import Code
from protocol.codes import Validity
from protocol.ids import FacilityCode, RequestId
from protocol.oqs.document import Element, written
from protocol.oqs.errors import OqsError
from protocol.oqs.names import Family, FileName, Step, request_name
from protocol.oqs.reply import (
    BY_CARD_NUMBER,
    DONE,
    Segment,
    Sender,
    header,
    proofs,
    refused,
    status,
)
from protocol.oqs.result import RESULTS, Consented, elements
from protocol.oqs.text import Encoding
from protocol.oqs.values import compact_date

_NO_CODE: Final = {
    Validity.INVALID: Code.NOT_VALID,
    Validity.INVALID_NEWER_EXISTS: Code.NOT_VALID,
    Validity.NOT_FOUND: Code.NOT_FOUND,
    Validity.SEVERAL: Code.NOT_FOUND,
}
_PDF: Final = "pdf"


@dataclass(frozen=True, slots=True)
class Answer:
    name: str
    content: bytes | Path
    """A large one is a file, which its room takes away again."""
    code: str = ""
    """Of the refusal it carries; empty: it is an answer."""

    def __repr__(self) -> str:
        return f"Answer({self.code})"


@dataclass(frozen=True, slots=True)
class Answering:
    """Raises OqsError only for a name that has no answer (B150)."""

    asking: Asking
    reading: Reading
    pdf: Callable[[Report], bytes]
    new_handle: Callable[[int], RequestId]
    bulk: Bulk
    numbers: Numbers
    once: Once

    def answer(
        self,
        facility: FacilityCode,
        name: str,
        file: Path,
        *,
        closed: Code | None,
        now_ms: int,
        key: str = "",
    ) -> Answer:
        """`closed`: why this caller may not read records; None: may, with a consent.

        `key`: the same for the same upload that is sent again.
        """
        found = request_name(name)
        sender = Sender(facility, Encoding.UTF8)
        try:
            request = opened(found, file, facility)
            on = confirmation_date(request)
            sender = Sender(
                facility, request.encoding, request.identifier, _compact(on)
            )
            return self._answer(request, sender, closed, key, now_ms)
        except OqsError as error:
            return _refusal(found, sender, now_ms, error.code, error.place)

    def _answer(
        self,
        request: Request,
        sender: Sender,
        closed: Code | None,
        key: str,
        now_ms: int,
    ) -> Answer:
        match request.name.kind.family, request.name.kind.step:
            case Family.SINGLE, _:
                return self._single(request, sender, now_ms)
            case Family.DRUGS | Family.CHECKUPS, _:
                if closed is not None:
                    return _refusal(request.name, sender, now_ms, closed)
                return self._records(request, sender, now_ms)
            case Family.PATIENT_NUMBERS, step:
                steps = {
                    Step.ASK: self.numbers.single,
                    Step.UPLOAD: self.numbers.upload,
                    Step.DOWNLOAD: self.numbers.download,
                }
                content = steps[step](request, sender, now_ms)
                return Answer(request.name.answer(), content)
            case _, Step.UPLOAD:
                content = upload(self.bulk, self.once, request, sender, key, now_ms)
                return Answer(request.name.answer(), content)
            case _:
                made, extension = download(self.bulk, request, sender, now_ms)
                return Answer(request.name.answer(extension), made)

    # -- one person by number -------------------------------------------------------
    def _single(self, request: Request, sender: Sender, now_ms: int) -> Answer:
        asked = search(request)
        query = number_query(asked, confirmation_date(request))
        told = self.asking.by_number(
            sender.facility, query, handle=self.new_handle(now_ms), now_ms=now_ms
        )
        limit = Consented("1", now_ms) if query.limit_consent else Consented("0")
        own = str(told["reference_number"])
        found = tuple(map(elements, results(told, limit, own)))
        validity = Validity(str(told["validity"]))
        body = (
            Element(SEARCH, "", asked.parts),
            *status(DONE, *_further(told), validity.value),
            *((Element(RESULTS, "", found),) if found else ()),
        )
        top = header(sender, now_ms, Segment.ENDED, by=BY_CARD_NUMBER)
        content = written(top, body, sender.encoding) + proofs([str(told["proof"])])
        return Answer(request.name.answer(), content)

    # -- records ---------------------------------------------------------------------
    def _records(self, request: Request, sender: Sender, now_ms: int) -> Answer:
        asked = records_asked(request)
        entry = self.numbers.holders.of(asked.printed)
        if entry is None:
            return _refusal(request.name, sender, now_ms, Code.NOT_FOUND)
        checkup = request.name.kind.family is Family.CHECKUPS

        def make(report: Report) -> bytes:
            if asked.pdf:
                return self.pdf(within(report, asked))
            return _records_file(within(report, asked), sender, now_ms, checkup)

        items = frozenset({CHECKUP} if checkup else {DRUGS})
        try:
            content = self.reading.read(sender.facility, entry, make, items=items)
        except ConsentClosedError:
            return _refusal(request.name, sender, now_ms, Code.CONSENT_MISSING)
        except RecordsError:
            return _refusal(request.name, sender, now_ms, Code.DISCLOSURE_HOLD)
        return Answer(request.name.answer(_PDF if asked.pdf else "xml"), content)


def _further(told: dict[str, object]) -> tuple[str, str]:
    """処理結果コード and メッセージ: what staff should know of a no."""
    code = _NO_CODE.get(Validity(str(told["validity"])))
    advice = told["advice"]
    if not isinstance(advice, dict):
        return (code.value if code else ""), ""
    words = (advice[part]["ja"] for part in ("cause", "staff"))
    return (code.value if code else ""), "".join(words)


def _records_file(report: Report, sender: Sender, now_ms: int, checkup: bool) -> bytes:
    top = header(sender, now_ms, Segment.ENDED, after=(("ResultCode", "1"),))
    body = checkups(report) if checkup else drugs(report)
    return written((*top, patient(report)), body, sender.encoding)


def _refusal(
    name: FileName, sender: Sender, now_ms: int, code: Code, place: str = ""
) -> Answer:
    content = refused(sender, now_ms, code, place)
    return Answer(name.answer(), content, code.value)


def _compact(on: object) -> str:
    return compact_date(str(on)) if on else ""
