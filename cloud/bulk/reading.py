"""What an uploaded file says: its head, and its rows one after another. Pure.

A row that cannot be read is a FaultyRow among the others; what is wrong with the file
itself refuses it: OqsError, before anything of it is kept.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from pydantic import TypeAdapter

from cloud.bulk.model import (
    FORMS,
    ROWS,
    By,
    Family,
    FaultyRow,
    Head,
    Question,
    Selection,
    Span,
)
from cloud.registry.values import day
from protocol.catalogue import Code
from protocol.oqs.bulk import SEARCH
from protocol.oqs.document import HEADER, Element
from protocol.oqs.errors import OqsError
from protocol.oqs.values import read_date, read_month

LONGEST: Final = 64
"""Characters of one value of a row."""
IDENTIFIER: Final = "ArbitraryIdentifier"
INSURER: Final = "InsurerNumber"
SYMBOL: Final = "InsuredCardSymbol"
NUMBER: Final = "InsuredIdentificationNumber"
BRANCH: Final = "InsuredBranchNumber"
BIRTH: Final = "Birthdate"
LIMIT: Final = "LimitApplicationCertificateRelatedConsFlg"
FIELDS: Final = (IDENTIFIER, INSURER, SYMBOL, NUMBER, BRANCH, BIRTH, LIMIT)
_FIELDS: Final = frozenset(FIELDS)
_FLAGS: Final = {"": False, "0": False, "1": True}
"""OQSCD001. Silence is no consent."""
_MONTH: Final = "MedicalTreatmentMonth"
_FLAG: Final = "MedicalTreatmentFlag"
_HEAD: Final = TypeAdapter(Head)


def head(
    family: Family, header: Element, body: Element, facility: str, today: date
) -> Head:
    """`body`: for a family without rows, what chooses its persons.

    Raises OqsError B158, or B159 for a file of another facility.
    """
    if header.name != HEADER:
        raise OqsError(Code.OQS_VALUE, HEADER)
    stated = header.get("MedicalInstitutionCode")
    if stated != facility:
        raise OqsError(Code.OQS_OTHER_FACILITY, "MedicalInstitutionCode")
    file_id = header.get("ArbitraryFileIdentifier")
    if len(file_id) > LONGEST:
        raise OqsError(Code.OQS_VALUE, "ArbitraryFileIdentifier")
    name = "QualificationConfirmationDate"
    on = read_date(header.get(name), name)
    return Head(family, stated, file_id, on, _selection(family, body, today))


def head_text(one: Head) -> bytes:
    return _HEAD.dump_json(one)


def head_of(content: bytes) -> Head:
    return _HEAD.validate_json(content)


def rows(elements: Iterable[Element]) -> Iterator[Question | FaultyRow]:
    """Raises OqsError B158 for what is no row, B170 for one too many."""
    for count, element in enumerate(elements, 1):
        if count > ROWS:
            raise OqsError(Code.BULK_TOO_MANY)
        if element.name != SEARCH:
            raise OqsError(Code.OQS_VALUE, "MessageBody")
        yield row(element)


def row(element: Element) -> Question | FaultyRow:
    values = {one.name: one.text for one in element.parts}
    if not values.keys() <= _FIELDS or any(part.parts for part in element.parts):
        # Its name is not ours: it stays out of what is said of the row.
        return _faulty(values, Code.BULK_ROW_UNREADABLE, SEARCH)
    for name, text in values.items():
        if len(text) > LONGEST:
            return _faulty(values, Code.BULK_ROW_UNREADABLE, name)
    for name in (INSURER, NUMBER, BIRTH):
        if not values.get(name, "").strip():
            return _faulty(values, Code.BULK_ROW_LACKS, name)
    born = day(values[BIRTH])
    if born is None:
        return _faulty(values, Code.BULK_ROW_UNREADABLE, BIRTH)
    limit = _FLAGS.get(values.get(LIMIT, ""))
    if limit is None:
        return _faulty(values, Code.BULK_ROW_UNREADABLE, LIMIT)
    get = values.get
    return Question(
        get(IDENTIFIER, ""),
        values[INSURER],
        get(SYMBOL, ""),
        values[NUMBER],
        get(BRANCH, ""),
        born,
        limit,
    )


def _faulty(values: dict[str, str], code: Code, field: str) -> FaultyRow:
    return FaultyRow(values.get(IDENTIFIER, "")[:LONGEST], code, field)


# -- families that choose their persons ----------------------------------------------
def _selection(family: Family, body: Element, today: date) -> Selection | None:
    form = FORMS[family]
    if form.span is Span.ROWS:
        return None
    flag = body.get(_FLAG)
    if flag and flag != form.flag:
        raise OqsError(Code.OQS_VALUE, _FLAG)
    return _month(body) if form.span is Span.MONTH else _days(body, today)


def _days(body: Element, today: date) -> Selection:
    given = [one for one in By if body.get(f"{one.value}From")]
    if len(given) != 1:
        raise OqsError(Code.OQS_VALUE, f"{By.CONSENT.value}From")
    (by,) = given
    first = read_date(body.get(f"{by.value}From"), f"{by.value}From")
    last = read_date(body.get(f"{by.value}To"), f"{by.value}To") or today
    if first is None or last < first:
        raise OqsError(Code.OQS_VALUE, f"{by.value}To")
    return Selection(first, last, by)


def _month(body: Element) -> Selection:
    first = read_month(body.get(_MONTH), _MONTH)
    if first is None:
        raise OqsError(Code.OQS_VALUE, _MONTH)
    behind = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Selection(first, behind - timedelta(days=1))
