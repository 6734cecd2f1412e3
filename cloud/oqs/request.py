"""A file that came in, taken apart: what it is, from whom, in which encoding."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from cloud.eligibility.inquiry import NumberQuery
from cloud.oqs.holders import Printed
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from protocol.oqs.bulk import document
from protocol.oqs.document import BODY, HEADER, Element, Reading
from protocol.oqs.errors import OqsError
from protocol.oqs.names import FileName, Step
from protocol.oqs.text import Encoding
from protocol.oqs.values import read_date, read_month

FACILITY: Final = "MedicalInstitutionCode"
IDENTIFIER: Final = "ArbitraryFileIdentifier"
SEARCH: Final = "QualificationConfirmSearchInfo"
RECEPTION: Final = "ReceptionNumber"
_BRANCH_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Request:
    name: FileName
    header: Element
    body: Element
    """Of an upload: empty. Its rows are read from the file, one at a time."""
    encoding: Encoding
    """As it came, and as its answer goes."""
    file: Path
    """As it came."""

    @property
    def identifier(self) -> str:
        return self.header.get(IDENTIFIER)


def opened(name: FileName, file: Path, facility: FacilityCode) -> Request:
    """Read as much as is needed to know. Raises OqsError B151 to B159.

    A file that names another facility than its certificate is refused (B159); one that
    names none, too.
    """
    with file.open("rb") as raw, document(raw) as source:
        packed = source is not raw
        if packed != (name.extension == "zip"):
            raise OqsError(Code.OQS_ARCHIVE, "extension")
        reading = Reading(source, limit=name.kind.limit)
        elements = iter(reading)
        header = next(elements)
        if header.get(FACILITY) != facility:
            raise OqsError(Code.OQS_OTHER_FACILITY, f"{HEADER}/{FACILITY}")
        upload = name.kind.step is Step.UPLOAD
        body = Element(BODY, "", () if upload else tuple(elements))
    return Request(name, header, body, reading.encoding, file)


def search(request: Request) -> Element:
    """The one person that is asked about. Raises OqsError B155, B158."""
    found = request.body.all(SEARCH)
    if len(found) > 1:
        raise OqsError(Code.OQS_DUPLICATE, f"{BODY}/{SEARCH}")
    if not found:
        raise OqsError(Code.OQS_VALUE, f"{BODY}/{SEARCH}")
    return found[0]


def number_query(found: Element, on: date | None) -> NumberQuery:
    """As somebody types it from a card. Raises OqsError B158 with the element.

    記号 may be absent; 枝番 that is absent is not 00. Text stays text.
    """
    born = read_date(found.get("Birthdate"), f"{SEARCH}/Birthdate")
    for name in ("InsurerNumber", "InsuredIdentificationNumber"):
        if not found.get(name).strip():
            raise OqsError(Code.OQS_VALUE, f"{SEARCH}/{name}")
    if born is None:
        raise OqsError(Code.OQS_VALUE, f"{SEARCH}/Birthdate")
    flag = "LimitApplicationCertificateRelatedConsFlg"
    if found.get(flag) not in ("", "0", "1"):
        raise OqsError(Code.OQS_VALUE, f"{SEARCH}/{flag}")
    return NumberQuery(
        insurer=found.get("InsurerNumber").strip(" "),
        symbol=found.get("InsuredCardSymbol"),
        number=found.get("InsuredIdentificationNumber"),
        birth_date=born,
        branch=_branch(found.get("InsuredBranchNumber"), SEARCH),
        limit_consent=found.get(flag) == "1",
        on=on,
    )


def confirmation_date(request: Request) -> date | None:
    """As of which day; None: today."""
    name = "QualificationConfirmationDate"
    return read_date(request.header.get(name), f"{HEADER}/{name}")


@dataclass(frozen=True, slots=True)
class RecordsAsked:
    """A YZK or TKK request: whose records, of which months, in which form."""

    printed: Printed
    first: date | None
    """First day of the first month."""
    last: date | None
    """First day of the last month."""
    pdf: bool


def records_asked(request: Request) -> RecordsAsked:
    """Raises OqsError B158."""
    header, body = request.header, request.body
    for name in ("InsurerNumber", "InsuredPersonIdentificationNumber"):
        if not header.get(name).strip():
            raise OqsError(Code.OQS_VALUE, f"{HEADER}/{name}")
    category = body.get("FileCategory")
    if category not in ("", "1", "2"):
        raise OqsError(Code.OQS_VALUE, f"{BODY}/FileCategory")
    first = read_month(body.get("StartDate"), f"{BODY}/StartDate")
    last = read_month(body.get("EndDate"), f"{BODY}/EndDate")
    if first and last and last < first:
        raise OqsError(Code.OQS_VALUE, f"{BODY}/EndDate")
    return RecordsAsked(
        Printed(
            header.get("InsurerNumber").strip(" "),
            header.get("InsuranceCardSymbol"),
            header.get("InsuredPersonIdentificationNumber"),
            _branch(header.get("BranchNumber"), HEADER),
        ),
        first,
        last,
        category == "1",
    )


def _branch(text: str, place: str) -> str:
    if text and len(text) > _BRANCH_DIGITS:
        raise OqsError(Code.OQS_VALUE, f"{place}/branch")
    return text
