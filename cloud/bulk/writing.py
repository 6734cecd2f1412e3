"""A result file: header, then a unit per row, written as they are opened."""

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, Any, Final

from cloud.bulk.answer import INSURANCE, Record
from cloud.bulk.model import Family, Head, Job
from cloud.bulk.quick_units import Units
from cloud.bulk.reading import FIELDS
from protocol.catalogue import Code, entry
from protocol.codes import CONSENT_ITEM_BY_CODE
from protocol.oqs.bulk import unit
from protocol.oqs.document import Element, leaves, pieces
from protocol.oqs.result import (
    STEMS,
    Consented,
    Elderly,
    Limit,
    Result,
    elements,
)
from protocol.oqs.text import Encoding, encodable, full_width_space, half_width
from protocol.oqs.values import (
    compact_date,
    date_text,
    jst_time,
    ratio_text,
)

_BY_CARD, _BY_NUMBER = "1", "2"
"""OQSCD002."""
_DONE: Final = "1"
"""OQSCD003."""
_COMPRESSION: Final = 1
"""The rows repeat themselves: more effort saves little."""


class Media(StrEnum):
    XML = "xml"
    ZIP = "zip"


def write(
    file: Path,
    job: Job,
    head: Head,
    records: Iterable[Record],
    media: Media,
    encoding: Encoding,
) -> bytes:
    """SHA-256 of the document. What the encoding lacks is ● (`encodable`)."""
    digest = hashlib.sha256()
    before, after = pieces(_header(job, head, encoding), (), encoding)
    units = Units(partial(general, encoding=encoding), encoding)
    with _opened(file, job, media) as out:
        for piece in chain((before,), map(units.text, records), (after,)):
            digest.update(piece)
            out.write(piece)
    return digest.digest()


@contextmanager
def _opened(file: Path, job: Job, media: Media) -> Iterator[IO[bytes]]:
    handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as raw:
        if media is Media.XML:
            yield raw
            return
        name = f"{job.family.value}02res_{job.reception}.xml"
        packed = zipfile.ZipFile(
            raw, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION
        )
        with packed, packed.open(name, "w", force_zip64=False) as inner:
            yield inner


def _header(job: Job, head: Head, encoding: Encoding) -> tuple[Element, ...]:
    by = _BY_NUMBER if job.family is Family.NUMBERS else _BY_CARD
    return leaves(
        ("ProcessExecutionTime", jst_time(job.finished or job.received)),
        ("QualificationConfirmationDate", date_text(job.on)),
        ("MedicalInstitutionCode", job.facility),
        ("ArbitraryFileIdentifier", encodable(head.file_id, encoding)[0]),
        ("ReferenceClassification", by),
        ("SegmentOfResult", _DONE),
        ("ReceptionNumber", job.reception),
        ("NumberOfProcessingResult", str(job.rows)),
        ("NumberOfNormalProcessing", str(job.good)),
        ("NumberOfError", str(job.faulty)),
    )


def general(record: Record, encoding: Encoding) -> Element:
    """The unit of any row. What the encoding lacks is ●, and the row says so (B157)."""
    asked, code, field, validity, _, _, patient, insurances, consents = record
    made = unit(
        _search(asked) if asked else (),
        code=code,
        message=f"{entry(code).staff['ja']} {field}" if code else "",
        validity=validity,
        results=[
            elements(_result(patient, one, consents, limit=not asked or asked[6]))
            for one in insurances
        ],
    )
    plain, replaced = _encodable(made, encoding)
    return _remarked(plain) if replaced and not code else plain


def _remarked(plain: Element) -> Element:
    """Answered all the same: a status of 1 may carry a code and a message."""
    status, *others = plain.parts
    lost = Code.OQS_CHARACTER
    remark = leaves(
        ("ProcessingResultCode", lost.value),
        ("ProcessingResultMessage", entry(lost).staff["ja"]),
    )
    return Element(plain.name, "", (status, *remark, *others))


def _search(asked: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    """What was asked, as it came; the birth date in the exchange's form."""
    identifier, insurer, symbol, number, branch, born, limit = asked
    values = (
        *(identifier, insurer, symbol, number, branch, compact_date(born)),
        "1" if limit else "",
    )
    return tuple(zip(FIELDS, values, strict=True))


def _result(patient: Any, insurance: Any, consents: Any, *, limit: bool) -> Result:
    name, kana, born, sex, address, post = patient
    one = dict(zip(INSURANCE, insurance, strict=True))
    until = _day(one["valid_until"])
    return Result(
        insurer_number=one["insurer_number"],
        number=one["number"],
        symbol=one["symbol"],
        branch=one["branch"],
        card_classification=one["card_classification"],
        relationship=one["relationship"],
        insured_name=full_width_space(one["insured_name"]),
        name=full_width_space(name),
        name_kana=half_width(kana),
        sex=sex,
        birth_date=_day(born),
        address=address,
        post_number=post,
        qualified_on=_day(one["valid_from"]),
        disqualified_on=until if one["loss_reason"] else None,
        valid_from=_day(one["valid_from"]),
        expires_on=until,
        copayment_ratio=ratio_text(one["copayment_ratio"]),
        loss_reason=one["loss_reason"],
        insurer_name=one["insurer_name"],
        elderly=next(map(_elderly, one["elderly"]), None),
        limit_consent=Consented("1" if limit else "0"),
        limit=_limit(one) if limit else None,
        consents=_consents(consents),
    )


def _elderly(one: Any) -> Elderly:
    return Elderly(
        _day(one["valid_from"]),
        _day(one["valid_until"]),
        ratio_text(one["copayment_ratio"]),
    )


def _limit(one: Any) -> Limit | None:
    for held in one["limits"]:
        return Limit(
            held["category"],
            held["certificate"],
            None,
            _day(held["valid_from"]),
            _day(held["valid_until"]),
            _day(held["long_term_from"]),
        )
    return Limit(one["copayment_limit"]) if one["copayment_limit"] else None


def _consents(consents: Any) -> tuple[tuple[str, Consented], ...]:
    held = {
        stem: Consented(flag, at, until)
        for item, flag, at, until in consents
        for stem in CONSENT_ITEM_BY_CODE[item].oqs_elements
    }
    return tuple((stem, held[stem]) for stem in STEMS if stem in held)


def _encodable(element: Element, encoding: Encoding) -> tuple[Element, int]:
    """And how many characters were replaced."""
    name, text, parts = element
    if parts:
        made = [_encodable(one, encoding) for one in parts]
        inner = tuple(one for one, _ in made)
        return Element(name, "", inner), sum(count for _, count in made)
    if text.isascii() and text.isprintable():
        return element, 0
    written, replaced = encodable(text, encoding)
    return Element(name, written), replaced


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
