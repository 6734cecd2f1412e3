"""Names of code systems, identifiers, profiles and extensions."""

from typing import Any, Final

from protocol.ids import FacilityCode

JP: Final = "http://jpfhir.jp/fhir/core/"
JP_COVERAGE: Final = JP + "StructureDefinition/JP_Coverage"
MEMBER_ID: Final = "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID"
"""被保険者個人識別子; "Idsystem" is spelled so in the profile."""
CSV_ID: Final = JP + "IdSystem/JP_Coverage_id"
SYMBOL: Final = JP + "Extension/StructureDefinition/JP_Coverage_InsuredPersonSymbol"
NUMBER: Final = JP + "Extension/StructureDefinition/JP_Coverage_InsuredPersonNumber"
BRANCH: Final = JP + "Extension/StructureDefinition/JP_Coverage_InsuredPersonSubNumber"
INSURER: Final = JP + "mhlw/IdSystem/InsurerNumber"
FACILITY: Final = JP + "IdSystem/insurance-medical-institution-no"
RELATIONSHIP: Final = JP + "mhlw/CodeSystem/InsuredPersonCategory"
KIND: Final = "urn:oid:1.2.392.100495.20.2.61"
"""保険種別コード (電子処方箋 別表11)."""
JLAC10: Final = "urn:oid:1.2.392.200119.4.504"
HL7: Final = "http://terminology.hl7.org/CodeSystem/"
UCUM: Final = "http://unitsofmeasure.org"
UUID: Final = "urn:ietf:rfc:3986"
KANA: Final = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"

OURS: Final = "urn:shikaku:fhir:"
"""Of what neither HL7 nor JP Core names."""
PROOF: Final = OURS + "proof"
CHANGES: Final = OURS + "changes"
VALIDITY: Final = OURS + "validity"
LIMIT_CONSENT: Final = OURS + "limit-consent"
WATCHED: Final = OURS + "watched"
MODE: Final = OURS + "mode"
"""Given in outage or disaster mode."""
CAUSE: Final = OURS + "cause"
ENDED: Final = OURS + "consent-ended"
ITEM: Final = OURS + "consent-item"
FORM: Final = OURS + "drug-form"
TIMES: Final = OURS + "drug-times"
DRUG: Final = OURS + "drug-code"
CODES: Final = "urn:shikaku:code"
"""The catalogue of protocol/catalogue.py."""


def oqscd(number: int) -> str:
    """A code list of the national system, OQSCD001 to 044."""
    return f"urn:shikaku:oqscd:{number:03}"


def coding(system: str, code: str, display: str = "") -> dict[str, Any]:
    shown = {"display": display} if display else {}
    return {"system": system, "code": code, **shown}


def concept(system: str, code: str, display: str = "") -> dict[str, Any]:
    return {"coding": [coding(system, code, display)]}


def facility(code: FacilityCode) -> dict[str, Any]:
    """A reference to who is asking."""
    identifier = {"system": FACILITY, "value": code}
    return {"type": "Organization", "identifier": identifier}
