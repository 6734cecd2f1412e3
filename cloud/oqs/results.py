"""What a facility is told (cloud.access.told), as the exchange's own results. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cloud.registry.model import ASSISTANCE
from protocol.oqs.result import Consented, Elderly, Limit, Result, Ticket
from protocol.oqs.text import full_width_space, half_width
from protocol.oqs.values import compact_date, ratio_text

Plain = Mapping[str, Any]


def results(
    told: Plain, limit: Consented | None = None, reference: str = ""
) -> tuple[Result, ...]:
    """One for every insurance; none when nobody is told of.

    `limit` is the word on 限度額, `reference` the facility's own number of the patient.
    """
    patient = told["patient"]
    if patient is None:
        return ()
    return tuple(
        _result(patient, one, limit, reference) for one in told["qualifications"]
    )


def _result(
    patient: Plain, one: Plain, limit: Consented | None, reference: str
) -> Result:
    ended, lost = _day(one["valid_until"]), one["loss_reason"]
    begun = _day(one["valid_from"])
    return Result(
        card_classification=one["card_classification"],
        insurer_number=one["insurer_number"],
        symbol=one["symbol"],
        number=one["number"],
        branch=one["branch"],
        relationship=one["relationship"],
        insured_name=full_width_space(one["insured_name"]),
        name=full_width_space(patient["name"]),
        name_kana=half_width(patient["name_kana"]),
        sex=patient["sex"],
        birth_date=_day(patient["birth_date"]),
        address=patient["address"],
        post_number=patient["post_number"],
        qualified_on=begun,
        disqualified_on=ended if lost else None,
        valid_from=begun,
        expires_on=None if lost else ended,
        copayment_ratio=ratio_text(one["copayment_ratio"]),
        loss_reason=lost,
        insurer_name=one["insurer_name"],
        elderly=_elderly(one),
        limit_consent=limit,
        limit=_limit(one),
        tickets=_tickets(one),
        reference_number=reference,
    )


def _elderly(one: Plain) -> Elderly | None:
    for held in one["elderly"]:
        start, end = _period(held)
        return Elderly(start, end, ratio_text(held["copayment_ratio"]))
    return None


def _limit(one: Plain) -> Limit | None:
    for held in one["limits"]:
        start, end = _period(held)
        long_term = _day(held["long_term_from"])
        return Limit(held["category"], held["certificate"], None, start, end, long_term)
    category = one["copayment_limit"]
    return Limit(category) if category else None


def _tickets(one: Plain) -> tuple[Ticket, ...]:
    """医療扶助 alone has an element for what else pays: its own ticket."""
    if one["card_classification"] != ASSISTANCE:
        return ()
    tickets = []
    for held in one["public_expenses"]:
        paid = held["self_pay"]
        values = (
            ("MedicalTicketValidDate", compact_date(held["valid_from"])),
            ("MedicalTicketExpirationDate", compact_date(held["valid_until"])),
            ("SelfPayAmount", "" if paid is None else str(paid)),
        )
        tickets.append(Ticket(tuple(pair for pair in values if pair[1])))
    return tuple(tickets)


def _period(held: Plain) -> tuple[date | None, date | None]:
    return _day(held["valid_from"]), _day(held["valid_until"])


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None
