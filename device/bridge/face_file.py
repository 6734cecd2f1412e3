"""The result file of one visit, as the facility's receipt computer reads it.

`OQSsiquc01res_face_<id>_<yyyyMMddHHmmss>.xml`, pushed after a card tap. Pure: an
answer and a receipt go in, bytes and a name come out (bridge/README.md).
"""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from device.bridge.elements import (
    Pairs,
    consents,
    jst_date,
    jst_time,
    person_and_insurance,
)
from device.bridge.text import CHARACTER_CODE, DECLARED, Encoding, encodable
from protocol.catalogue import Code
from protocol.codes import Outcome, Validity
from protocol.ids import FacilityCode, VisitId
from protocol.messages import ConsentReceipt, Qualification, VerificationAnswer

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
    root = Element("XmlMsg")
    writer = _Writer(encoding)
    identifier = short_id(answer.visit_id)
    writer.add(
        SubElement(root, "MessageHeader"),
        [
            ("ProcessExecutionTime", jst_time(executed_ms)),
            ("QualificationConfirmationDate", jst_date(answer.answered_at)),
            ("MedicalInstitutionCode", facility),
            ("ArbitraryFileIdentifier", identifier),
            ("ReferenceClassification", BY_MY_NUMBER_CARD),
            ("SegmentOfResult", ENDED_NORMALLY),
            ("CharacterCodeIdentifier", CHARACTER_CODE[encoding]),
        ],
    )
    _body(SubElement(root, "MessageBody"), answer, receipt, writer)
    head = f'<?xml version="1.0" encoding="{DECLARED[encoding]}"?>\n'
    text = head + tostring(root, encoding="unicode") + "\n" + _proofs(answer, receipt)
    content = text.encode(encoding)
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
    body: Element,
    answer: VerificationAnswer,
    receipt: ConsentReceipt | None,
    writer: "_Writer",
) -> None:
    validity = answer.validity or _REFUSALS_TO_TELL.get(answer.code)
    writer.add(
        body,
        [
            ("ProcessingResultStatus", ENDED_NORMALLY),
            ("QualificationValidity", validity.value if validity else ""),
        ],
    )
    patient = answer.patient
    if patient is None or not answer.qualifications:
        return
    # While records are withheld no consent opens anything, whatever was pressed.
    grants = receipt.grants if receipt and not answer.records_withheld else ()
    results = SubElement(body, "ResultList")
    for insured in answer.qualifications:
        result = SubElement(results, "ResultOfQualificationConfirmation")
        writer.add(result, person_and_insurance(patient, insured))
        _limit(result, insured, writer)
        writer.add(result, consents(grants))


def _limit(result: Element, insured: Qualification, writer: "_Writer") -> None:
    """限度額適用区分 (OQSCD012), which stands in a group of its own."""
    if insured.copayment_limit:
        group = SubElement(result, "LimitApplicationCertificateRelatedInfo")
        name = "LimitApplicationCertificateClassificationFlag"
        writer.add(group, [(name, insured.copayment_limit)])


class _Writer:
    """Adds elements and counts what the encoding could not hold."""

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self.replaced = 0

    def add(self, parent: Element, pairs: Pairs) -> None:
        for name, meant in pairs:
            if meant:
                written, replaced = encodable(meant, self._encoding)
                self.replaced += replaced
                SubElement(parent, name).text = written
