"""The questions of a visit, built from values. Pure: ids and times are arguments."""

from dataclasses import dataclass

from device.session.state import Decisions
from device.visit import Visit
from protocol.codes import CareKind, Method, TerminalProof
from protocol.ids import ReaderId, RequestId, VisitId, uuid7
from protocol.messages import (
    Asked,
    ConsentDecision,
    ConsentRequest,
    FaceEvidence,
    RegistrationRequest,
    StaffEvidence,
    VerificationBody,
)


@dataclass(frozen=True, slots=True)
class Asking:
    """What every question of this reader says about the reader."""

    reader_id: ReaderId
    care: CareKind = CareKind.OUTPATIENT
    staff: str = "counter key"
    """Who vouches when the staff key is turned."""
    lifetime_ms: int = 8 * 60 * 60 * 1000
    """How long a question may wait for a broken line; the cloud allows a day."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """When, and the 10 random bytes of the id."""

    unix_ms: int
    random: bytes


def visit_id(stamp: Stamp) -> VisitId:
    return VisitId(uuid7(stamp.unix_ms, stamp.random))


def verification_body(
    asking: Asking,
    visit: Visit,
    stamp: Stamp,
    *,
    method: Method,
    terminal: TerminalProof,
    reason: str = "",
) -> VerificationBody:
    """What the card signs. ValueError (pydantic) for evidence that does not fit."""
    staff = StaffEvidence(staff=asking.staff, reason=reason) if reason else None
    face: FaceEvidence | None = visit.face
    return VerificationBody(
        **_asked(asking, visit, stamp).model_dump(),
        method=method,
        terminal=terminal,
        face=face,
        staff=staff,
        care=asking.care,
        token=visit.token,
        certificate=visit.certificate,
    )


def consent_request(
    asking: Asking,
    visit: Visit,
    stamp: Stamp,
    verification: RequestId,
    decisions: Decisions,
) -> ConsentRequest:
    return ConsentRequest(
        **_asked(asking, visit, stamp).model_dump(),
        verification=verification,
        decisions=tuple(
            ConsentDecision(item=item, decision=decision)
            for item, decision in decisions
        ),
    )


def registration_request(
    asking: Asking, visit: Visit, stamp: Stamp, verification: RequestId
) -> RegistrationRequest:
    return RegistrationRequest(
        **_asked(asking, visit, stamp).model_dump(),
        verification=verification,
        agreed=True,
    )


def _asked(asking: Asking, visit: Visit, stamp: Stamp) -> Asked:
    return Asked(
        request_id=RequestId(uuid7(stamp.unix_ms, stamp.random)),
        visit_id=visit.visit_id,
        reader_id=asking.reader_id,
        issued_at=stamp.unix_ms,
        expires_at=stamp.unix_ms + asking.lifetime_ms,
    )
