"""What a facility is told: of its certificates, and of its open questions."""

from typing import Annotated

from pydantic import Field

from cloud.eligibility.service import EligibilityStore
from cloud.facilities.certificate import ClientCertificate
from cloud.facilities.day import day_of
from cloud.facilities.life import LifeStore
from cloud.web.caller import Right
from cloud.web.route import Call, Reply, Route, Shape
from protocol.catalogue import Code

TAG = "notices"
LARGEST = (1 << 53) - 1


class CertificateShape(Shape):
    fingerprint: str
    """SHA-256, hex."""
    not_before: int
    not_after: int
    revoked_at: int | None
    living: bool
    days_left: int


class CertificatesShape(Shape):
    certificates: list[CertificateShape]


class After(Shape):
    after: Annotated[int, Field(ge=0, le=LARGEST)] = 0
    """Only what stands behind this number."""


class NoticeShape(Shape):
    number: int
    handle: str
    """Of the question that it is about."""
    kind: str
    at: int


class NoticesShape(Shape):
    notices: list[NoticeShape]


class ExpiryShape(Shape):
    number: int
    fingerprint: str
    days: int
    """Left when it was told; 0: its last day."""
    at: int
    code: Code


class ExpiriesShape(Shape):
    notices: list[ExpiryShape]


def routes(store: LifeStore, eligibility: EligibilityStore) -> tuple[Route, ...]:
    def certificates(call: Call) -> Reply:
        found = store.certificates(call.at.facility)
        shown = [_certificate(one, call.now_ms) for one in found]
        return Reply(CertificatesShape(certificates=shown))

    def expiries(call: Call) -> Reply:
        after = _after(call)
        shown = [
            ExpiryShape(
                number=number,
                fingerprint=one.fingerprint.hex(),
                days=one.days,
                at=one.at,
                code=Code.CERTIFICATE_ENDS,
            )
            for number, one in store.expiry_notices(call.at.facility, after)
        ]
        return Reply(ExpiriesShape(notices=shown))

    def notices(call: Call) -> Reply:
        found = eligibility.notices(call.at.facility, _after(call))
        shown = [
            NoticeShape(number=number, handle=one.handle, kind=one.kind, at=one.at)
            for number, one in found
        ]
        return Reply(NoticesShape(notices=shown))

    return (
        Route(
            "GET",
            "/v1/facility/certificates",
            Right.ASK,
            certificates,
            "Its client certificates, and how many days are left",
            reply=CertificatesShape,
            tag=TAG,
        ),
        Route(
            "GET",
            "/v1/facility/certificate-notices",
            Right.ASK,
            expiries,
            "What it was told of certificates that end soon",
            query=After,
            reply=ExpiriesShape,
            tag=TAG,
        ),
        Route(
            "GET",
            "/v1/facility/notices",
            Right.ASK,
            notices,
            "What it is told of its open questions: ask again, or call the insurer",
            query=After,
            reply=NoticesShape,
            tag=TAG,
        ),
    )


def _after(call: Call) -> int:
    assert isinstance(call.query, After)  # noqa: S101  the route's own model
    return call.query.after


def _certificate(one: ClientCertificate, now_ms: int) -> CertificateShape:
    return CertificateShape(
        fingerprint=one.fingerprint.hex(),
        not_before=one.not_before,
        not_after=one.not_after,
        revoked_at=one.revoked_at,
        living=one.living(now_ms),
        days_left=one.days_left(day_of(now_ms)),
    )
