"""Decisions as the messages of the wire."""

from datetime import date

from cloud.access.certificate import moment
from cloud.access.decide import Decided
from cloud.consent.model import Consent
from cloud.eligibility.model import JST
from cloud.registry.benefits import (
    CopaymentLimit,
    ElderlyCertificate,
    Period,
    PublicExpense,
    SpecifiedDisease,
)
from cloud.registry.model import Insurance, Person
from protocol import messages as wire
from protocol.codes import Decision
from protocol.messages import (
    Asked,
    ConsentAsk,
    ConsentGrant,
    ConsentReceipt,
    Patient,
    PatientLink,
    Qualification,
    Refusal,
    VerificationAnswer,
)


def verification_answer(
    asked: Asked,
    request_hash: bytes,
    decided: Decided,
    *,
    now_ms: int,
    certificate_expires: int | None = None,
    standing: dict[str, Decision] | None = None,
) -> VerificationAnswer:
    offered = standing or {}
    return VerificationAnswer(
        request_id=asked.request_id,
        request_hash=request_hash,
        reader_id=asked.reader_id,
        answered_at=now_ms,
        visit_id=asked.visit_id,
        outcome=decided.outcome,
        code=decided.code.value if decided.code else "",
        validity=decided.validity,
        patient=_patient(decided.person) if decided.person else None,
        qualifications=tuple(map(_qualification, decided.insurances)),
        consent_asks=tuple(
            ConsentAsk(item=item, standing=offered.get(item)) for item in decided.asks
        ),
        records_withheld=decided.records_withheld,
        grace_rule=decided.grace.rule if decided.grace else "",
        grace_until=decided.grace.until.isoformat() if decided.grace else None,
        cause=decided.cause or "",
        certificate_expires=_day(certificate_expires),
    )


def receipt(
    asked: Asked,
    request_hash: bytes,
    consents: tuple[Consent, ...],
    now_ms: int,
    diseases: tuple[SpecifiedDisease, ...] = (),
    page: PatientLink | None = None,
) -> ConsentReceipt:
    return ConsentReceipt(
        request_id=asked.request_id,
        request_hash=request_hash,
        reader_id=asked.reader_id,
        answered_at=now_ms,
        grants=tuple(map(_grant, consents)),
        diseases=tuple(map(_disease, diseases)),
        patient_page=page,
    )


def refusal(asked: Asked, request_hash: bytes, code: str, now_ms: int) -> Refusal:
    return Refusal(
        request_id=asked.request_id,
        request_hash=request_hash,
        reader_id=asked.reader_id,
        answered_at=now_ms,
        code=code,
    )


def _patient(person: Person) -> Patient:
    return Patient(
        name=person.name,
        name_kana=person.name_kana,
        birth_date=person.birth_date.isoformat(),
        sex=person.sex,
        address=person.address,
        post_number=person.post_number,
    )


def _qualification(insurance: Insurance) -> Qualification:
    until = insurance.valid_until
    carried = insurance.benefits
    limit = next(iter(carried.limits), None)
    return Qualification(
        card_classification=insurance.card_classification,
        insurer_number=insurance.insurer_number,
        insurer_name=insurance.insurer_name,
        symbol=insurance.symbol,
        number=insurance.number,
        branch=insurance.branch,
        relationship=insurance.relationship,
        insured_name=insurance.insured_name,
        valid_from=insurance.valid_from.isoformat(),
        valid_until=until.isoformat() if until else None,
        loss_reason=insurance.loss_reason,
        copayment_ratio=insurance.copayment_ratio,
        copayment_limit=limit.category if limit else insurance.copayment_limit,
        elderly=next(map(_elderly, carried.elderly), None),
        limit=_limit(limit) if limit else None,
        public_expenses=tuple(map(_public, carried.public)),
    )


def _elderly(one: ElderlyCertificate) -> wire.ElderlyCertificate:
    return wire.ElderlyCertificate(
        period=_period(one.period),
        copayment_ratio=one.copayment_ratio,
        issued=_iso(one.issued),
    )


def _limit(one: CopaymentLimit) -> wire.CopaymentLimit:
    return wire.CopaymentLimit(
        period=_period(one.period),
        certificate=one.certificate,
        category=one.category,
        issued=_iso(one.issued),
        long_term_from=_iso(one.long_term_from),
    )


def _disease(one: SpecifiedDisease) -> wire.SpecifiedDisease:
    return wire.SpecifiedDisease(
        period=_period(one.period),
        disease=one.disease,
        monthly_limit=one.monthly_limit,
        issued=_iso(one.issued),
    )


def _public(one: PublicExpense) -> wire.PublicExpense:
    return wire.PublicExpense(
        period=_period(one.period),
        payer_number=one.payer_number,
        recipient_number=one.recipient_number,
        self_pay=one.self_pay,
    )


def _period(one: Period) -> wire.Period:
    return wire.Period(
        valid_from=one.valid_from.isoformat(), valid_until=_iso(one.valid_until)
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _grant(consent: Consent) -> ConsentGrant:
    return ConsentGrant(
        item=consent.item,
        decision=consent.decision,
        decided_at=consent.decided_at,
        available_until=consent.available_until,
    )


def _day(unix_ms: int | None) -> str | None:
    if unix_ms is None:
        return None
    return moment(unix_ms).astimezone(JST).date().isoformat()
