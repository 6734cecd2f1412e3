"""Every message of the wire (protocol/README.md section 3), as frozen values.

Strict on both sides: an unknown field, kind or version is an error. Times are
milliseconds since 1970 UTC. Bytes that somebody signed stay bytes: the card signs
`VerificationRequest.body`, so the body travels as the bytes that were signed.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from protocol.codes import (
    CONSENT_ITEM_BY_CODE,
    CareKind,
    Decision,
    Method,
    Outcome,
    Relationship,
    Sex,
    TerminalProof,
    Validity,
)
from protocol.ids import AReaderId, ARequestId, AVisitId

VERSION = 1
UnixMs = Annotated[int, Field(ge=0, lt=1 << 53)]
Hash = Annotated[bytes, Field(min_length=32, max_length=32)]
Short = Annotated[str, StringConstraints(max_length=200)]
IsoDate = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
ProofNumber = Annotated[
    str, StringConstraints(pattern=r"^(?:[0-9A-HJKMNP-TV-Z]{150})?$")
]


Mode = Literal["", "outage", "disaster"]


class Message(BaseModel):
    # No value of a message may reach a log through an error's text.
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, hide_input_in_errors=True
    )


class Asked(Message):
    """What every question to the cloud carries."""

    version: Literal[1] = 1
    request_id: ARequestId
    visit_id: AVisitId
    reader_id: AReaderId
    issued_at: UnixMs
    expires_at: UnixMs

    @model_validator(mode="after")
    def _ordered(self) -> "Asked":
        if self.expires_at <= self.issued_at:
            raise ValueError("expires_at is not after issued_at")
        return self


class FaceEvidence(Message):
    """What the reader attests about the face match; never a picture or template."""

    pack: Short
    rule: Short
    mode: Literal["auto", "assist"]
    matched: bool


class StaffEvidence(Message):
    """A member of staff vouched for this patient, once."""

    staff: Short
    reason: Short


class VerificationBody(Asked):
    """What is asked and how the patient was identified. The card signs its hash."""

    kind: Literal["verification"] = "verification"
    method: Method
    terminal: TerminalProof
    face: FaceEvidence | None = None
    staff: StaffEvidence | None = None
    care: CareKind
    token: Literal["card", "phone"]
    certificate: Annotated[bytes, Field(min_length=1, max_length=4096)]
    """The card's authentication certificate (X.509 DER)."""

    @model_validator(mode="after")
    def _method_has_its_evidence(self) -> "VerificationBody":
        if self.method is Method.FACE and not (self.face and self.face.matched):
            raise ValueError("method face without a matched face")
        if self.method is Method.VISUAL and self.staff is None:
            raise ValueError("method visual without a member of staff")
        if self.method is not Method.PIN and self.terminal is TerminalProof.NONE:
            raise ValueError("the card signs without a PIN only for a terminal proof")
        return self


class VerificationRequest(Message):
    kind: Literal["verification-request"] = "verification-request"
    body: Annotated[bytes, Field(min_length=1, max_length=8192)]
    """Canonical CBOR of a VerificationBody."""
    card_signature: Annotated[bytes, Field(min_length=32, max_length=1024)]
    """Over SHA-256(body), by the key of body.certificate (RSA PKCS#1 v1.5 today)."""


class ConsentDecision(Message):
    item: Short
    decision: Decision

    @model_validator(mode="after")
    def _known(self) -> "ConsentDecision":
        if self.item not in CONSENT_ITEM_BY_CODE:
            raise ValueError("unknown consent item")
        return self


class ConsentRequest(Asked):
    kind: Literal["consent-request"] = "consent-request"
    verification: ARequestId
    """The accepted verification this consent belongs to."""
    decisions: Annotated[tuple[ConsentDecision, ...], Field(max_length=32)]


class RegistrationRequest(Asked):
    """利用登録 at the reader; agreeing is the only thing that can be sent."""

    kind: Literal["registration-request"] = "registration-request"
    verification: ARequestId
    agreed: Literal[True]


class Patient(Message):
    name: Short
    name_kana: Short
    birth_date: IsoDate
    sex: Sex
    address: Short = ""
    post_number: Short = ""


class Period(Message):
    """From the first to the last valid day; an end that is missing is open."""

    valid_from: IsoDate
    valid_until: IsoDate | None = None


class ElderlyCertificate(Message):
    """高齢受給者証."""

    period: Period
    copayment_ratio: Short
    issued: IsoDate | None = None


class CopaymentLimit(Message):
    """限度額適用認定証."""

    period: Period
    certificate: Short
    """OQSCD011."""
    category: Short
    """OQSCD012."""
    issued: IsoDate | None = None
    long_term_from: IsoDate | None = None
    """長期入院該当年月日."""


class SpecifiedDisease(Message):
    """特定疾病療養受療証."""

    period: Period
    disease: Short
    """OQSCD013."""
    monthly_limit: UnixMs
    """Yen."""
    issued: IsoDate | None = None


class PublicExpense(Message):
    """公費負担."""

    period: Period
    payer_number: Short
    recipient_number: Short
    self_pay: UnixMs | None = None
    """Yen a month at most; None: no amount is set."""


class Qualification(Message):
    """One insurance of one person (資格情報). Numbers are text, as printed."""

    card_classification: Short
    """OQSCD010 被保険者証区分."""
    insurer_number: Short
    insurer_name: Short
    symbol: Short = ""
    number: Short = ""
    branch: Short = ""
    relationship: Relationship
    insured_name: Short = ""
    valid_from: IsoDate
    valid_until: IsoDate | None = None
    loss_reason: Short = ""
    """OQSCD008 喪失事由."""
    copayment_ratio: Short = ""
    """Percent, three digits as in the facility's file: "030" is 3割."""
    copayment_limit: Short = ""
    """OQSCD012 適用区分 on the day of the answer."""
    elderly: ElderlyCertificate | None = None
    limit: CopaymentLimit | None = None
    public_expenses: Annotated[tuple[PublicExpense, ...], Field(max_length=8)] = ()


class ConsentAsk(Message):
    item: Short
    standing: Decision | None = None
    """The answer of the last visit at this facility, offered, never assumed."""


class Answered(Message):
    """What every answer carries; it also is the receipt for the request."""

    version: Literal[1] = 1
    request_id: ARequestId
    request_hash: Hash
    """SHA-256 of the request's message bytes: an answer fits one request only."""
    reader_id: AReaderId
    answered_at: UnixMs
    proof: ProofNumber = ""
    """Its proof number (protocol.proof); empty while its hash is taken."""
    mode: Mode = ""
    """Given in an exceptional mode of this facility: outage or disaster (3.2)."""


class VerificationAnswer(Answered):
    """Answers a verification, and a registration (which asks again)."""

    kind: Literal["verification-answer"] = "verification-answer"
    visit_id: AVisitId
    outcome: Outcome
    code: Short = ""
    """Catalogue code: why refused, or what the patient should know."""
    validity: Validity | None = None
    patient: Patient | None = None
    qualifications: tuple[Qualification, ...] = ()
    consent_asks: tuple[ConsentAsk, ...] = ()
    records_withheld: bool = False
    """Eligibility only: three-month grace after the certificate's expiry."""
    grace_rule: Short = ""
    """From where the three months were counted: from_expiry or from_month_end."""
    grace_until: IsoDate | None = None
    """The last day on which the grace helps."""
    cause: Short = ""
    """Why not, or why less, in a word that the facility's programs know (3.1)."""
    certificate_expires: IsoDate | None = None

    @model_validator(mode="after")
    def _no_is_empty(self) -> "VerificationAnswer":
        if self.outcome is not Outcome.ACCEPTED and (
            self.patient or self.qualifications or self.consent_asks
        ):
            raise ValueError("only an accepting answer carries a person")
        if self.records_withheld and self.consent_asks:
            raise ValueError("nothing to consent to while records are withheld")
        return self


class ConsentGrant(Message):
    item: Short
    decision: Decision
    decided_at: UnixMs
    available_until: UnixMs | None = None


class PatientLink(Message):
    """The patient's page of this visit: the reader's last screen shows it, once.

    Both are secrets of the patient: kept by nobody, logged nowhere.
    """

    url: Annotated[
        str,
        Field(
            pattern=r"^HTTPS?://[A-Z0-9.:-]{1,64}/R/[0-9A-HJKMNP-TV-Z]{26}$", repr=False
        ),
    ]
    """In capitals: a QR code of alphanumeric mode, which is the smallest."""
    word: Annotated[str, Field(pattern=r"^[0-9]{6}$", repr=False)]
    until: UnixMs
    """From then on it opens nothing."""


class ConsentReceipt(Answered):
    kind: Literal["consent-receipt"] = "consent-receipt"
    grants: tuple[ConsentGrant, ...]
    patient_page: PatientLink | None = None
    """Absent where the cloud has no page, or where nobody pressed anything."""
    diseases: Annotated[tuple[SpecifiedDisease, ...], Field(max_length=8)] = ()
    """Told when specified_disease was granted with the card: never otherwise."""

    @model_validator(mode="after")
    def _diseases_take_a_yes(self) -> "ConsentReceipt":
        granted = {one.item for one in self.grants if one.decision is Decision.GRANTED}
        if self.diseases and "specified_disease" not in granted:
            raise ValueError("diseases without a consent to tell them")
        return self


class Refusal(Answered):
    """The cloud opened the message and will not act on it."""

    kind: Literal["refusal"] = "refusal"
    code: Short


Request = VerificationRequest | ConsentRequest | RegistrationRequest
Answer = VerificationAnswer | ConsentReceipt | Refusal
