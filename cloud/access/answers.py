"""Decisions as the messages of the wire."""

from cloud.access.certificate import moment
from cloud.access.decide import Decided
from cloud.consent.model import Consent
from cloud.eligibility.model import JST
from cloud.registry.model import Insurance, Person
from protocol.codes import Decision
from protocol.messages import (
    Asked,
    ConsentAsk,
    ConsentGrant,
    ConsentReceipt,
    Patient,
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
        certificate_expires=_day(certificate_expires),
    )


def receipt(
    asked: Asked, request_hash: bytes, consents: tuple[Consent, ...], now_ms: int
) -> ConsentReceipt:
    return ConsentReceipt(
        request_id=asked.request_id,
        request_hash=request_hash,
        reader_id=asked.reader_id,
        answered_at=now_ms,
        grants=tuple(map(_grant, consents)),
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
        copayment_limit=insurance.copayment_limit,
    )


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
