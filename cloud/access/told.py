"""What a facility is told without a tap, as plain values, and the bytes proven.

Numbers are text as printed, dates are ISO text. A proof number holds the hash of these
bytes without `proof` and `advice` (advice is words, and words may improve).
"""

import json
from typing import Any

from cloud.access.inquire import InquiryAnswer
from cloud.eligibility.cause import ADVICE
from cloud.registry.benefits import Benefits, Period
from cloud.registry.model import Insurance, Person

Plain = dict[str, Any]
PROVEN = ("mode", "validity", "on", "cause", "patient", "qualifications")
"""What `told` says, and a proof number holds the hash of."""


def told(answer: InquiryAnswer, mode: str = "") -> Plain:
    """Every field every time; what is not there is empty or null.

    `mode`: the mark of an answer given while outage or disaster mode is open here.
    """
    return {
        "mode": mode,
        "validity": answer.validity.value,
        "on": answer.on.isoformat(),
        "cause": answer.cause.value if answer.cause else "",
        "patient": _patient(answer.person) if answer.person else None,
        "qualifications": [_insurance(one) for one in answer.insurances],
    }


def result_bytes(plain: Plain) -> bytes:
    """The one way to write it, for hashing."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()


def advice(answer: InquiryAnswer) -> Plain | None:
    """What to say and do; None when there is nothing to explain."""
    if answer.cause is None:
        return None
    found = ADVICE[answer.cause]
    lines = {"cause": found.cause, "staff": found.staff, "patient": found.patient}
    both = {name: {"ja": ja, "en": en} for name, (ja, en) in lines.items()}
    return {**both, "rechecked": found.rechecked}


def _patient(person: Person) -> Plain:
    return {
        "name": person.name,
        "name_kana": person.name_kana,
        "birth_date": person.birth_date.isoformat(),
        "sex": person.sex.value,
        "address": person.address,
        "post_number": person.post_number,
    }


def _insurance(one: Insurance) -> Plain:
    return {
        "card_classification": one.card_classification,
        "insurer_number": one.insurer_number,
        "insurer_name": one.insurer_name,
        "symbol": one.symbol,
        "number": one.number,
        "branch": one.branch,
        "relationship": one.relationship.value,
        "insured_name": one.insured_name,
        "valid_from": one.valid_from.isoformat(),
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        "loss_reason": one.loss_reason,
        "copayment_ratio": one.copayment_ratio,
        "copayment_limit": one.copayment_limit,
        **_benefits(one.benefits),
    }


def _benefits(carried: Benefits) -> Plain:
    return {
        "elderly": [
            {**_period(one.period), "copayment_ratio": one.copayment_ratio}
            for one in carried.elderly
        ],
        "limits": [
            {
                **_period(one.period),
                "certificate": one.certificate,
                "category": one.category,
                "long_term_from": one.long_term_from.isoformat()
                if one.long_term_from
                else None,
            }
            for one in carried.limits
        ],
        "public_expenses": [
            {
                **_period(one.period),
                "payer_number": one.payer_number,
                "recipient_number": one.recipient_number,
                "self_pay": one.self_pay,
            }
            for one in carried.public
        ],
    }


def _period(one: Period) -> Plain:
    until = one.valid_until.isoformat() if one.valid_until else None
    return {"valid_from": one.valid_from.isoformat(), "valid_until": until}
