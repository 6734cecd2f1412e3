"""Code lists as data. OQSCDnnn are the national system's list numbers."""

from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """How the patient was identified."""

    FACE = "face"
    PIN = "pin"
    VISUAL = "visual"


class TerminalProof(StrEnum):
    """What let the card sign without a PIN (device/card TerminalAuthenticator)."""

    NONE = "none"
    DESIGNATED = "designated"
    FICTITIOUS = "fictitious"


class CareKind(StrEnum):
    """OQSCD028 診療区分."""

    OUTPATIENT = "1"
    HOME_VISIT = "2"
    ONLINE = "3"
    EMERGENCY = "4"


class Validity(StrEnum):
    """OQSCD006 資格有効性."""

    VALID = "1"
    INVALID = "2"
    INVALID_NEWER_EXISTS = "3"
    NOT_FOUND = "4"
    SEVERAL = "5"
    VALID_UNREGISTERED = "6"


class Sex(StrEnum):
    """OQSCD007 性別."""

    MALE = "1"
    FEMALE = "2"
    NOT_SET = "3"


class Relationship(StrEnum):
    """OQSCD009 本人・家族."""

    INSURED = "1"
    FAMILY = "2"


class Decision(StrEnum):
    """A patient's word on one consent item. Silence is its own word."""

    GRANTED = "granted"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


class Outcome(StrEnum):
    """What the cloud says of one verification."""

    ACCEPTED = "accepted"
    REGISTRATION_NEEDED = "registration_needed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ConsentItem:
    """One question of the consent screens; adding an item is adding a row."""

    code: str
    oqs_elements: tuple[str, ...]
    """Element stems in the facility's file: <stem>ConsFlg, ConsTime, AvailableTime."""
    minimum_age: int = 0
    """Asked only from this age on, by the birth date on the card (years)."""
    usual: bool = False
    """Asked by facilities that have chosen nothing themselves."""


CONSENT_ITEMS: tuple[ConsentItem, ...] = (
    ConsentItem(
        "diagnosis_and_drugs", ("DiagnosisInfo", "PharmacistsInfo"), usual=True
    ),
    ConsentItem("operation", ("OperationInfo",), usual=True),
    ConsentItem("checkup", ("SpecificHealthCheckupsInfo",), minimum_age=40, usual=True),
    ConsentItem("specified_disease", ("SpecificDiseasesCertificateRelated",)),
    ConsentItem("diagnosis_name", ("DiagnosisName",)),
    ConsentItem("infection", ("InfectiousInfo",)),
    ConsentItem("allergy", ("AllergyInfo",)),
    ConsentItem("contraindication", ("ContraindicationInfo",)),
    ConsentItem("test_result", ("TestInfo",)),
    ConsentItem("prescription", ("PrescriptionInfo",)),
)
DEFAULT_ITEMS = tuple(item.code for item in CONSENT_ITEMS if item.usual)
CONSENT_ITEM_BY_CODE = {item.code: item for item in CONSENT_ITEMS}
