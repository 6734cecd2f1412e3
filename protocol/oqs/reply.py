"""Headers and refusals of answers, with their processing codes. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from protocol.catalogue import Code, entry
from protocol.ids import FacilityCode
from protocol.oqs.document import Element, Pair, leaves, written
from protocol.oqs.text import Encoding
from protocol.oqs.values import jst_date, jst_time

BY_CARD_NUMBER: Final = "2"
"""OQSCD002 照会区分: 被保険者証情報."""
DONE: Final = "1"
"""OQSCD004 処理結果状況."""
FAILED: Final = "2"


class Segment(StrEnum):
    """OQSCD003 処理結果区分."""

    ENDED = "1"
    PROCESSING = "2"
    ABNORMAL = "9"


@dataclass(frozen=True, slots=True)
class Sender:
    """To whom an answer goes, and in which encoding."""

    facility: FacilityCode
    encoding: Encoding
    identifier: str = ""
    on: str = ""
    """QualificationConfirmationDate as it came."""


def header(
    sender: Sender,
    now_ms: int,
    segment: Segment,
    *,
    error: tuple[Pair, ...] = (),
    before: tuple[Pair, ...] = (),
    after: tuple[Pair, ...] = (),
    by: str = "",
) -> tuple[Element, ...]:
    """In the exchange's order; `before` stands before, `after` behind the outcome."""
    return leaves(
        ("ProcessExecutionTime", jst_time(now_ms)),
        ("QualificationConfirmationDate", sender.on or jst_date(now_ms)),
        ("MedicalInstitutionCode", sender.facility),
        ("ArbitraryFileIdentifier", sender.identifier),
        *before,
        ("ReferenceClassification", by),
        ("SegmentOfResult", segment.value),
        *error,
        *after,
    )


def errors(code: Code, place: str = "") -> tuple[Pair, ...]:
    """ErrorCode and ErrorMessage: our code and the staff's line."""
    return ("ErrorCode", code.value), ("ErrorMessage", line(code, place))


def line(code: Code, place: str = "") -> str:
    said = entry(code)
    where = f"（場所：{place}）" if place else ""
    return f"{said.staff['ja']}{said.action['ja']}{where}"


def status(
    state: str, code: str = "", message: str = "", validity: str = ""
) -> tuple[Element, ...]:
    """処理結果状況 of one person."""
    return leaves(
        ("ProcessingResultStatus", state),
        ("ProcessingResultCode", code),
        ("ProcessingResultMessage", message),
        ("QualificationValidity", validity),
    )


def refused(sender: Sender, now_ms: int, code: Code, place: str = "") -> bytes:
    """A whole answer that says no: always XML, whatever was asked for."""
    told = line(code, place)
    no = (("ResultCode", FAILED), ("MessageContents", told))
    top = header(sender, now_ms, Segment.ABNORMAL, error=errors(code, place), after=no)
    return written(top, status(FAILED, code.value, told), sender.encoding)


def proofs(numbers: Iterable[str]) -> bytes:
    """As comments behind the root, as in face files: readers skip them."""
    return "".join(f"<!-- shikaku-proof {one} -->\n" for one in numbers if one).encode()
