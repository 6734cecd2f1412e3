"""An answered row as it is kept: a short list, and the bytes that are proven.

The list is JSON without names, because a hundred thousand of them lie in the database
and go through it: `plain` gives the names back. The log holds the SHA-256 of each; a
job's digest runs over those in order, and its proof number holds the digest.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from pydantic_core import from_json, to_json

from cloud.access.inquire import InquiryAnswer
from cloud.access.told import told
from cloud.bulk.model import FaultyRow, Question

Record = Sequence[Any]
"""[question, code, field, validity, on, cause, patient, insurances, consents]; a
question or a patient may be null, insurances are lists in the order of INSURANCE."""
Consented = tuple[str, str, int, int | None]
"""Item, OQSCD016, decided at, available until (Unix ms)."""
PATIENT: Final = ("name", "name_kana", "birth_date", "sex", "address", "post_number")
INSURANCE: Final = (
    *("card_classification", "insurer_number", "insurer_name", "relationship"),
    *("valid_from", "valid_until", "symbol", "number", "branch", "insured_name"),
    *("loss_reason", "copayment_ratio", "copayment_limit"),
    *("elderly", "limits", "public_expenses"),
)
CONSENT: Final = ("item", "flag", "decided_at", "available_until")


def faulty(row: FaultyRow) -> Record:
    asked = (row.identifier, "", "", "", "", "", False)
    return (asked, row.code.value, row.field, "", "", "", None, (), ())


def of(
    question: Question | None,
    answer: InquiryAnswer,
    consents: Sequence[Consented] = (),
) -> Record:
    """An answer by the general rules."""
    plain = told(answer)
    patient = plain["patient"]
    return (
        question,
        "",
        "",
        plain["validity"],
        plain["on"],
        plain["cause"],
        [patient[name] for name in PATIENT] if patient else None,
        [[one[name] for name in INSURANCE] for one in plain["qualifications"]],
        consents,
    )


def written(record: Record) -> bytes:
    """The one way to write it."""
    return to_json(record)


def read(content: bytes) -> Record:
    record: Record = from_json(content)
    return record


def plain(record: Record) -> dict[str, Any]:
    """With names, as `access.told.told` has them, and what was asked."""
    asked, code, field, validity, on, cause, patient, insurances, consents = record
    return {
        "question": dict(zip(Question._fields, asked, strict=True)) if asked else None,
        "code": code,
        "field": field,
        "validity": validity,
        "on": on,
        "cause": cause,
        "patient": dict(zip(PATIENT, patient, strict=True)) if patient else None,
        "qualifications": [
            dict(zip(INSURANCE, one, strict=True)) for one in insurances
        ],
        "consents": [dict(zip(CONSENT, one, strict=True)) for one in consents],
    }


def digest(before: bytes, results: Iterable[bytes]) -> bytes:
    """Of everything so far: these hashes behind the digest of those before."""
    return hashlib.sha256(before + b"".join(results)).digest()
