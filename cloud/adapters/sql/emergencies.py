"""Emergencies as rows."""

from typing import Any

from cloud.consent.emergency import Emergency, Verdict
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode, RequestId


def emergency_row(one: Emergency) -> dict[str, Any]:
    return {
        "request_id": one.request,
        "facility_code": one.facility,
        "person_id": one.person,
        "items": ",".join(one.items),
        "reason": one.reason,
        "staff": one.staff,
        "at": one.at,
        "until": one.until,
        "against": int(one.against),
        "verdict": one.verdict.value,
        "reviewer": one.reviewer,
        "reviewed_at": one.reviewed_at,
    }


def emergency_of(row: Any) -> Emergency:
    request, facility, person, items, reason, staff, at, until = row[:8]
    against, verdict, reviewer, reviewed_at = row[8:]
    return Emergency(
        RequestId(request),
        FacilityCode(facility),
        PersonId(person),
        tuple(items.split(",")),
        reason,
        staff,
        at,
        until,
        bool(against),
        Verdict(verdict),
        reviewer,
        reviewed_at,
    )
