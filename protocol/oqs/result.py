"""ResultOfQualificationConfirmation: one insurance of one person, both directions.

`elements(result)` and `result(element)` are inverse for every result that can be made.
Values are text as printed: nothing here is a number, so no zero and no space is lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from protocol.catalogue import Code
from protocol.codes import CONSENT_ITEMS
from protocol.oqs.document import Element, Pair, leaves
from protocol.oqs.errors import OqsError
from protocol.oqs.values import (
    date_text,
    padded_insurer,
    read_date,
    read_time,
    time_text,
)

RESULT: Final = "ResultOfQualificationConfirmation"
RESULTS: Final = "ResultList"
LIMIT: Final = "LimitApplicationCertificateRelated"
DISEASES: Final = "SpecificDiseasesCertificateRelated"
STEMS: Final = tuple(
    stem for item in CONSENT_ITEMS for stem in item.oqs_elements if stem != DISEASES
)
"""Of consents with an end (<stem>AvailableTime), in their order in the file."""
TICKET_ELEMENTS: Final = (
    "TicketType",
    "MedicalTicketValidDate",
    "MedicalTicketExpirationDate",
    "IssueNumber",
    "MedicalTreatmentMonth",
    "DesignatedMedicalInstitutionCode",
    "DesignatedMedicalInstitutionFlag",
    "DesignatedMedicalInstitutionName",
    "PrescriptionIssuerMedicalInstitutionCode",
    "PrescriptionIssuerMedicalInstitutionName",
    "InjuryName1",
    "InjuryName2",
    "InjuryName3",
    "MedicalTreatmentType",
    "SelfPayAmount",
    "DistrictContactName",
    "HandlingContactName",
    "SingleOrCombinedUse",
    "StatusOfSocialInsurance",
    "ConsistencyFlag",
    "StatusOfInfecton",
    "StatusOfElderlyMedicalCare",
    "StatusOfPrefecturalExpenses",
    "Remarks1",
    "Remarks2",
    "Remarks3",
)
"""The exchange's own spelling, "Infecton" included."""


@dataclass(frozen=True, slots=True)
class Consented:
    """OQSCD016: 0 no, 1 yes, 2 over (home visits, online), 3 could not be asked."""

    flag: str
    at: int | None = None
    """Unix ms."""
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Elderly:
    """高齢受給者証."""

    valid_from: date | None
    valid_until: date | None
    copayment_ratio: str
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """限度額適用認定証."""

    category: str
    """OQSCD012."""
    certificate: str = ""
    """OQSCD011."""
    issued: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    long_term_from: date | None = None


@dataclass(frozen=True, slots=True)
class Disease:
    """特定疾病療養受療証."""

    category: str
    """OQSCD013."""
    issued: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    self_pay: str = ""
    """Yen."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """医療券・調剤券: what is known of its 26 fields, by TICKET_ELEMENTS, as text."""

    values: tuple[Pair, ...]

    def __post_init__(self) -> None:
        names = [name for name, _ in self.values]
        if names != [name for name in TICKET_ELEMENTS if name in names]:
            raise ValueError("unknown, repeated or out of order")


@dataclass(frozen=True, slots=True)
class Result:
    """What is empty or None is no element."""

    insurer_number: str
    """As printed, 6 or 8 digits; the file has it in eight places."""
    number: str = ""
    symbol: str = ""
    branch: str = ""
    card_classification: str = ""
    """OQSCD010."""
    relationship: str = ""
    insured_name: str = ""
    name: str = ""
    name_other: str = ""
    name_kana: str = ""
    """Half-width."""
    name_other_kana: str = ""
    sex: str = ""
    sex_on_card: str = ""
    birth_date: date | None = None
    address: str = ""
    post_number: str = ""
    qualified_on: date | None = None
    disqualified_on: date | None = None
    issued_on: date | None = None
    valid_from: date | None = None
    expires_on: date | None = None
    copayment_ratio: str = ""
    """Percent, three digits: 030 is 3割."""
    preschool: str = ""
    loss_reason: str = ""
    """OQSCD008."""
    insurer_name: str = ""
    elderly: Elderly | None = None
    limit_consent: Consented | None = None
    limit: Limit | None = None
    disease_consent: Consented | None = None
    diseases: tuple[Disease, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    consents: tuple[tuple[str, Consented], ...] = ()
    """By stem, in the order of STEMS."""
    reference_number: str = ""
    """照会番号: the facility's own number of the patient."""

    def __post_init__(self) -> None:
        of_elderly = self.elderly.copayment_ratio if self.elderly else ""
        if not all(map(_ratio, (self.copayment_ratio, of_elderly))):
            raise ValueError("a ratio is three digits")
        stems = [stem for stem, _ in self.consents]
        if stems != [stem for stem in STEMS if stem in stems]:
            raise ValueError("unknown, repeated or out of order")

    def __repr__(self) -> str:
        """No name, no number: a value may meet a log or a traceback."""
        return "Result()"


# -- writing -------------------------------------------------------------------------
def elements(one: Result) -> Element:
    """As it stands in ResultList."""
    parts = (
        *leaves(
            ("InsuredCardClassification", one.card_classification),
            ("InsurerNumber", padded_insurer(one.insurer_number)),
            ("InsuredCardSymbol", one.symbol),
            ("InsuredIdentificationNumber", one.number),
            ("InsuredBranchNumber", one.branch),
            ("PersonalFamilyClassification", one.relationship),
            ("InsuredName", one.insured_name),
            ("Name", one.name),
            ("NameOfOther", one.name_other),
            ("NameKana", one.name_kana),
            ("NameOfOtherKana", one.name_other_kana),
            ("Sex1", one.sex),
            ("Sex2", one.sex_on_card),
            ("Birthdate", date_text(one.birth_date)),
            ("Address", one.address),
            ("PostNumber", one.post_number),
            ("QualificationDate", date_text(one.qualified_on)),
            ("DisqualificationDate", date_text(one.disqualified_on)),
            ("InsuredCertificateIssuanceDate", date_text(one.issued_on)),
            ("InsuredCardValidDate", date_text(one.valid_from)),
            ("InsuredCardExpirationDate", date_text(one.expires_on)),
            ("InsuredPartialContributionRatio", one.copayment_ratio),
            ("PreschoolClassification", one.preschool),
            ("ReasonOfLoss", one.loss_reason),
            ("InsurerName", one.insurer_name),
        ),
        *_elderly(one.elderly),
        *_consent(LIMIT, one.limit_consent),
        *_limit(one.limit),
        *_consent(DISEASES, one.disease_consent),
        *_group("SpecificDiseasesCertificateList", map(_disease, one.diseases)),
        *_group("PublicExpenseResultList", map(_ticket, one.tickets)),
        *(
            element
            for stem, consent in one.consents
            for element in _consent(stem, consent)
        ),
        *leaves(("ReferenceNumber", one.reference_number)),
    )
    return Element(RESULT, "", parts)


def _group(name: str, parts: Iterable[Element]) -> tuple[Element, ...]:
    """None when there is nothing in it."""
    held = tuple(parts)
    return (Element(name, "", held),) if held else ()


def _consent(stem: str, one: Consented | None) -> tuple[Element, ...]:
    if one is None:
        return ()
    return leaves(
        (f"{stem}ConsFlg", one.flag),
        (f"{stem}ConsTime", time_text(one.at)),
        (f"{stem}AvailableTime", time_text(one.until)),
    )


def _elderly(one: Elderly | None) -> tuple[Element, ...]:
    if one is None:
        return ()
    parts = leaves(
        ("ElderlyRecipientCertificateDate", date_text(one.issued)),
        ("ElderlyRecipientValidStartDate", date_text(one.valid_from)),
        ("ElderlyRecipientValidEndDate", date_text(one.valid_until)),
        ("ElderlyRecipientContributionRatio", one.copayment_ratio),
    )
    return _group("ElderlyRecipientCertificateInfo", parts)


def _limit(one: Limit | None) -> tuple[Element, ...]:
    if one is None:
        return ()
    parts = leaves(
        ("LimitApplicationCertificateClassification", one.certificate),
        ("LimitApplicationCertificateClassificationFlag", one.category),
        ("LimitApplicationCertificateDate", date_text(one.issued)),
        ("LimitApplicationCertificateValidStartDate", date_text(one.valid_from)),
        ("LimitApplicationCertificateValidEndDate", date_text(one.valid_until)),
        ("LimitApplicationCertificateLongTermDate", date_text(one.long_term_from)),
    )
    return _group(f"{LIMIT}Info", parts)


def _disease(one: Disease) -> Element:
    parts = leaves(
        ("SpecificDiseasesDiseaseCategory", one.category),
        ("SpecificDiseasesCertificateDate", date_text(one.issued)),
        ("SpecificDiseasesValidStartDate", date_text(one.valid_from)),
        ("SpecificDiseasesValidEndDate", date_text(one.valid_until)),
        ("SpecificDiseasesSelfPay", one.self_pay),
    )
    return Element("SpecificDiseasesCertificateInfo", "", parts)


def _ticket(one: Ticket) -> Element:
    return Element("MedicalTicketInfo", "", leaves(*one.values))


# -- reading -------------------------------------------------------------------------
def result(found: Element) -> Result:
    """The same back. Raises OqsError B158 with the place of what is not as agreed."""
    get = found.get
    return Result(
        insurer_number=get("InsurerNumber").strip(" "),
        number=get("InsuredIdentificationNumber"),
        symbol=get("InsuredCardSymbol"),
        branch=get("InsuredBranchNumber"),
        card_classification=get("InsuredCardClassification"),
        relationship=get("PersonalFamilyClassification"),
        insured_name=get("InsuredName"),
        name=get("Name"),
        name_other=get("NameOfOther"),
        name_kana=get("NameKana"),
        name_other_kana=get("NameOfOtherKana"),
        sex=get("Sex1"),
        sex_on_card=get("Sex2"),
        birth_date=_date(found, "Birthdate"),
        address=get("Address"),
        post_number=get("PostNumber"),
        qualified_on=_date(found, "QualificationDate"),
        disqualified_on=_date(found, "DisqualificationDate"),
        issued_on=_date(found, "InsuredCertificateIssuanceDate"),
        valid_from=_date(found, "InsuredCardValidDate"),
        expires_on=_date(found, "InsuredCardExpirationDate"),
        copayment_ratio=_read_ratio(found, "InsuredPartialContributionRatio"),
        preschool=get("PreschoolClassification"),
        loss_reason=get("ReasonOfLoss"),
        insurer_name=get("InsurerName"),
        elderly=_read_elderly(found.one("ElderlyRecipientCertificateInfo")),
        limit_consent=_read_consent(found, LIMIT),
        limit=_read_limit(found.one(f"{LIMIT}Info")),
        disease_consent=_read_consent(found, DISEASES),
        diseases=tuple(
            map(_read_disease, _list(found, "SpecificDiseasesCertificateList"))
        ),
        tickets=tuple(map(_read_ticket, _list(found, "PublicExpenseResultList"))),
        consents=tuple(
            (stem, consent)
            for stem in STEMS
            if (consent := _read_consent(found, stem)) is not None
        ),
        reference_number=get("ReferenceNumber"),
    )


def _list(found: Element, name: str) -> tuple[Element, ...]:
    held = found.one(name)
    return held.parts if held else ()


def _date(found: Element, name: str) -> date | None:
    return read_date(found.get(name), name)


def _ratio(text: str) -> bool:
    return not text or (len(text) == 3 and text.isascii() and text.isdigit())


def _read_ratio(found: Element, name: str) -> str:
    text = found.get(name)
    if not _ratio(text):
        raise OqsError(Code.OQS_VALUE, name)
    return text


def _read_consent(found: Element, stem: str) -> Consented | None:
    flag = found.get(f"{stem}ConsFlg")
    if not flag:
        return None
    at, until = f"{stem}ConsTime", f"{stem}AvailableTime"
    return Consented(
        flag, read_time(found.get(at), at), read_time(found.get(until), until)
    )


def _read_elderly(found: Element | None) -> Elderly | None:
    if found is None:
        return None
    return Elderly(
        _date(found, "ElderlyRecipientValidStartDate"),
        _date(found, "ElderlyRecipientValidEndDate"),
        _read_ratio(found, "ElderlyRecipientContributionRatio"),
        _date(found, "ElderlyRecipientCertificateDate"),
    )


def _read_limit(found: Element | None) -> Limit | None:
    if found is None:
        return None
    return Limit(
        found.get("LimitApplicationCertificateClassificationFlag"),
        found.get("LimitApplicationCertificateClassification"),
        _date(found, "LimitApplicationCertificateDate"),
        _date(found, "LimitApplicationCertificateValidStartDate"),
        _date(found, "LimitApplicationCertificateValidEndDate"),
        _date(found, "LimitApplicationCertificateLongTermDate"),
    )


def _read_disease(found: Element) -> Disease:
    return Disease(
        found.get("SpecificDiseasesDiseaseCategory"),
        _date(found, "SpecificDiseasesCertificateDate"),
        _date(found, "SpecificDiseasesValidStartDate"),
        _date(found, "SpecificDiseasesValidEndDate"),
        found.get("SpecificDiseasesSelfPay"),
    )


def _read_ticket(found: Element) -> Ticket:
    known = ((name, found.get(name)) for name in TICKET_ELEMENTS)
    return Ticket(tuple((name, text) for name, text in known if text))
