"""The result file of one visit, as the facility's receipt computer reads it.

`OQSsiquc01res_face_<id>_<yyyyMMddHHmmss>.xml`, pushed after a card tap. Pure: an
answer and a receipt go in, bytes and a name come out (bridge/README.md).
"""

from dataclasses import dataclass

from device.bridge.elements import result
from protocol.catalogue import Code
from protocol.codes import Outcome, Validity
from protocol.ids import FacilityCode, VisitId
from protocol.messages import ConsentReceipt, VerificationAnswer
from protocol.oqs.document import Element, leaves, written
from protocol.oqs.result import RESULTS, elements
from protocol.oqs.text import Encoding, encodable
from protocol.oqs.values import jst_date, jst_time

BY_MY_NUMBER_CARD = "1"
"""OQSCD002 照会区分."""
ENDED_NORMALLY = "1"
"""OQSCD003 処理結果区分 and OQSCD004 処理結果状況."""

# "No" that is about the insurance is news for the front desk. Every other refusal
# (a bad signature, a revoked card) is about the card and stays between us.
_REFUSALS_TO_TELL = {
    Code.NOT_FOUND.value: Validity.NOT_FOUND,
    Code.NOT_VALID.value: Validity.INVALID,
}


@dataclass(frozen=True, slots=True)
class FaceFile:
    content: bytes
    identifier: str
    """Which visit, shortened; no personal data. Also the <id> of the name."""
    executed: str
    """yyyyMMddHHmmss in Japan."""
    replaced: int
    """Characters the encoding does not hold, written as ●."""

    def name(self, again: int = 1) -> str:
        """The file's name; `again` counts deliveries within one second."""
        suffix = "" if again == 1 else f"-{again}"
        return f"OQSsiquc01res_face_{self.identifier}{suffix}_{self.executed}.xml"


def for_facility(answer: VerificationAnswer) -> bool:
    """Whether the receipt computer is told: accepted, or a no about the insurance."""
    return answer.outcome is Outcome.ACCEPTED or answer.code in _REFUSALS_TO_TELL


def face_file(
    answer: VerificationAnswer,
    receipt: ConsentReceipt | None,
    facility: FacilityCode,
    encoding: Encoding,
) -> FaceFile:
    """The file for this visit. ValueError for an answer that is not `for_facility`."""
    if not for_facility(answer):
        raise ValueError("this answer is not for the facility's computer")
    executed_ms = receipt.answered_at if receipt else answer.answered_at
    writer = _Writer(encoding)
    identifier = short_id(answer.visit_id)
    header = leaves(
        ("ProcessExecutionTime", jst_time(executed_ms)),
        ("QualificationConfirmationDate", jst_date(answer.answered_at)),
        ("MedicalInstitutionCode", facility),
        ("ArbitraryFileIdentifier", identifier),
        ("ReferenceClassification", BY_MY_NUMBER_CARD),
        ("SegmentOfResult", ENDED_NORMALLY),
    )
    body = map(writer.writable, _body(answer, receipt))
    text = written(header, body, encoding)
    content = text + _proofs(answer, receipt).encode(encoding)
    return FaceFile(content, identifier, jst_time(executed_ms), writer.replaced)


def _proofs(answer: VerificationAnswer, receipt: ConsentReceipt | None) -> str:
    """As comments: the exchange has no element for them, and readers skip comments."""
    numbers = [one.proof for one in (answer, receipt) if one is not None and one.proof]
    return "".join(f"<!-- shikaku-proof {number} -->\n" for number in numbers)


def short_id(visit: VisitId) -> str:
    """The time part of the visit's UUIDv7, in milliseconds: names sort as visits do.

    One reader has one visit at a time, so it is unique; nobody's number is in it.
    """
    return visit.replace("-", "")[:12]


def _body(
    answer: VerificationAnswer, receipt: ConsentReceipt | None
) -> tuple[Element, ...]:
    validity = answer.validity or _REFUSALS_TO_TELL.get(answer.code)
    said = leaves(
        ("ProcessingResultStatus", ENDED_NORMALLY),
        ("QualificationValidity", validity.value if validity else ""),
    )
    patient = answer.patient
    if patient is None or not answer.qualifications:
        return said
    # While records are withheld no consent opens anything, whatever was pressed.
    told = receipt if receipt and not answer.records_withheld else None
    grants, diseases = (told.grants, told.diseases) if told else ((), ())
    # The disease certificate is the patient's: it stands once, with the first result.
    results = tuple(
        elements(result(patient, insured, grants, () if number else diseases))
        for number, insured in enumerate(answer.qualifications)
    )
    return (*said, Element(RESULTS, "", results))


class _Writer:
    """Puts ● for what the encoding does not hold, as the national system does."""

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self.replaced = 0

    def writable(self, element: Element) -> Element:
        text, replaced = encodable(element.text, self._encoding)
        self.replaced += replaced
        return Element(element.name, text, tuple(map(self.writable, element.parts)))
