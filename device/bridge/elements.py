"""The cloud's answer to a tap, as the exchange's own results (protocol/oqs)."""

from datetime import date

from protocol.codes import CONSENT_ITEMS, Decision
from protocol.messages import ConsentGrant, Patient, Qualification, SpecifiedDisease
from protocol.oqs.result import (
    DISEASES,
    STEMS,
    Consented,
    Disease,
    Elderly,
    Limit,
    Result,
)
from protocol.oqs.text import full_width_space, half_width
from protocol.oqs.values import ratio_text

NO = Consented("0")
Grants = tuple[ConsentGrant, ...]


def result(
    patient: Patient,
    insured: Qualification,
    grants: Grants,
    diseases: tuple[SpecifiedDisease, ...] = (),
) -> Result:
    """One insurance of the patient, and what the patient agreed to."""
    ended = _day(insured.valid_until)
    given = consents(grants)
    told = given.pop(DISEASES, None)
    return Result(
        card_classification=insured.card_classification,
        insurer_number=insured.insurer_number,
        symbol=insured.symbol,
        number=insured.number,
        branch=insured.branch,
        relationship=insured.relationship.value,
        insured_name=full_width_space(insured.insured_name),
        name=full_width_space(patient.name),
        name_kana=half_width(patient.name_kana),
        sex=patient.sex.value,
        birth_date=_day(patient.birth_date),
        address=patient.address,
        post_number=patient.post_number,
        qualified_on=_day(insured.valid_from),
        # A lost insurance ended on a day; a running one may have a last day.
        disqualified_on=ended if insured.loss_reason else None,
        valid_from=_day(insured.valid_from),
        expires_on=None if insured.loss_reason else ended,
        copayment_ratio=ratio_text(insured.copayment_ratio),
        loss_reason=insured.loss_reason,
        insurer_name=insured.insurer_name,
        elderly=_elderly(insured),
        limit=_limit(insured),
        disease_consent=told,
        diseases=tuple(map(_disease, diseases)),
        consents=tuple((stem, given[stem]) for stem in STEMS if stem in given),
    )


def consents(grants: Grants) -> dict[str, Consented]:
    """The usual items, and what else was asked, by element stem."""
    granted = {grant.item: grant for grant in grants}
    return {
        stem: _consent(granted.get(item.code), ends=stem != DISEASES)
        for item in CONSENT_ITEMS
        if item.usual or item.code in granted
        for stem in item.oqs_elements
    }


def _consent(grant: ConsentGrant | None, *, ends: bool) -> Consented:
    """OQSCD016: granted is 1, everything else is 0."""
    if grant is None or grant.decision is not Decision.GRANTED:
        return NO
    return Consented("1", grant.decided_at, grant.available_until if ends else None)


def _elderly(insured: Qualification) -> Elderly | None:
    one = insured.elderly
    if one is None:
        return None
    start, end = _day(one.period.valid_from), _day(one.period.valid_until)
    ratio = ratio_text(one.copayment_ratio)
    return Elderly(start, end, ratio, _day(one.issued))


def _limit(insured: Qualification) -> Limit | None:
    """限度額適用認定証, or the category alone."""
    one = insured.limit
    if one is None:
        return Limit(insured.copayment_limit) if insured.copayment_limit else None
    return Limit(
        one.category,
        one.certificate,
        _day(one.issued),
        _day(one.period.valid_from),
        _day(one.period.valid_until),
        _day(one.long_term_from),
    )


def _disease(one: SpecifiedDisease) -> Disease:
    start, end = _day(one.period.valid_from), _day(one.period.valid_until)
    return Disease(one.disease, _day(one.issued), start, end, str(one.monthly_limit))


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None
