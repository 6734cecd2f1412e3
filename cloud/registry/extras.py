"""The columns few lines fill: certificates with periods of their own, and the card's.

limit_*: 限度額適用認定証; elderly_*: 高齢受給者証; certificate_*: of the card. Pure.
"""

from datetime import date
from typing import Final

from cloud.registry import values
from cloud.registry.benefits import (
    NONE,
    Benefits,
    CopaymentLimit,
    ElderlyCertificate,
    Period,
)
from cloud.registry.faults import Fault, FaultCode

COLUMNS: Final = (
    *("limit_certificate", "limit_category", "limit_from", "limit_until"),
    *("limit_long_term_from", "elderly_ratio", "elderly_from", "elderly_until"),
    *("certificate_sha256", "certificate_until"),
)
_CARD: Final = 8
"""Where the two columns of the card's certificate begin."""

_Texts = tuple[str | None, ...]


def read(
    picked: _Texts, faults: list[Fault]
) -> tuple[Benefits | None, bytes | None, str | None]:
    """None for benefits: the file says nothing of them."""
    if not any(picked):
        absent = all(one is None for one in picked[:_CARD])
        return (None if absent else NONE), None, None
    certificate, last_day = _card(picked[_CARD], picked[_CARD + 1], faults)
    return _benefits(picked[:_CARD], faults), certificate, last_day


def _benefits(picked: _Texts, faults: list[Fault]) -> Benefits | None:
    if all(one is None for one in picked):
        return None
    limits = _limit(picked[:5], faults)
    elderly = _elderly(picked[5:], faults)
    return Benefits(elderly=elderly, limits=limits) if limits or elderly else NONE


def _limit(picked: _Texts, faults: list[Fault]) -> tuple[CopaymentLimit, ...]:
    certificate, category, start, end, long_term = picked
    if not any(picked):
        return ()
    if certificate not in values.LIMIT_CERTIFICATES:
        faults.append(Fault("limit_certificate", FaultCode.NO_SUCH_VALUE))
    if category not in values.LIMIT_CATEGORIES:
        faults.append(Fault("limit_category", FaultCode.NO_SUCH_VALUE))
    since = _date("limit_long_term_from", long_term, faults)
    period = _period("limit", start, end, faults)
    if period is None or not certificate or not category:
        return ()
    return (CopaymentLimit(period, certificate, category, long_term_from=since),)


def _elderly(picked: _Texts, faults: list[Fault]) -> tuple[ElderlyCertificate, ...]:
    ratio, start, end = picked
    if not any(picked):
        return ()
    if not ratio or not values.is_ratio(ratio):
        faults.append(Fault("elderly_ratio", FaultCode.RATIO))
    period = _period("elderly", start, end, faults)
    return (ElderlyCertificate(period, ratio),) if period and ratio else ()


def _card(
    digest: str | None, last_day: str | None, faults: list[Fault]
) -> tuple[bytes | None, str | None]:
    until = values.day(last_day) if last_day else None
    if last_day and until is None:
        faults.append(Fault("certificate_until", FaultCode.NO_DATE))
    if not digest:
        if last_day:
            faults.append(Fault("certificate_sha256", FaultCode.INCOMPLETE))
        return None, None
    if not values.is_sha256(digest):
        faults.append(Fault("certificate_sha256", FaultCode.CERTIFICATE))
        return None, None
    return bytes.fromhex(digest), until


def _period(
    of: str, start: str | None, end: str | None, faults: list[Fault]
) -> Period | None:
    since = _date(f"{of}_from", start, faults)
    until = _date(f"{of}_until", end, faults)
    if since is None:
        if not start:
            faults.append(Fault(f"{of}_from", FaultCode.MISSING))
        return None
    if until is not None and until < since:
        faults.append(Fault(f"{of}_until", FaultCode.DATE_ORDER))
        return None
    return Period(since, until)


def _date(column: str, text: str | None, faults: list[Fault]) -> date | None:
    found = values.day(text) if text else None
    if text and found is None:
        faults.append(Fault(column, FaultCode.NO_DATE))
    return date.fromisoformat(found) if found else None
