"""A facility's addresses for patients: shown, made anew, revoked, as QR, resolved."""

from collections.abc import Callable

from cloud.facilities.address import AddressKind, Issued
from cloud.facilities.life import (
    AddressRefusedError,
    FacilityLife,
    SwitchedOffError,
    UnknownFacilityError,
)
from cloud.web.caller import Right
from cloud.web.route import Call, Problem, Reply, Route, Shape
from cloud.web.routes.facility import who_of
from protocol.catalogue import Code

TAG = "addresses"
SVG = "image/svg+xml"
PNG = "image/png"


class AddressShape(Shape):
    kind: AddressKind
    """OQSCD033: 2 home visits, 3 online care."""
    url: str
    generation: int
    issued_by: str
    issued_at: int


class DoorShape(Shape):
    """What a patient is shown on arriving: whose page this is."""

    facility: str
    """Its name."""
    kind: AddressKind


def routes(
    life: FacilityLife, base: str, qr: Callable[[str, str], bytes]
) -> tuple[Route, ...]:
    """`base` stands before the token; `qr` draws a text as a media type."""

    def show(call: Call) -> Reply:
        return Reply(_shape(base, *_current(life, call)))

    def issue(call: Call) -> Reply:
        where, who, kind = call.at.facility, who_of(call), _kind(call)
        try:
            made = life.issue(where, kind, who=who, now_ms=call.now_ms)
        except SwitchedOffError:
            raise Problem(409, Code.FUNCTION_OFF) from None
        except UnknownFacilityError:
            raise Problem(404, Code.NOT_THERE) from None
        return Reply(_shape(base, *made), status=201)

    def revoke(call: Call) -> Reply:
        try:
            life.revoke_address(call.at.facility, _kind(call), now_ms=call.now_ms)
        except AddressRefusedError:
            raise Problem(404, Code.NOT_THERE, "kind") from None
        return Reply(status=204)

    def picture(call: Call) -> Reply:
        media = PNG if PNG in call.headers.get("accept", "") else SVG
        token, _ = _current(life, call)
        return Reply(qr(base + token, media), media=media)

    def resolve(call: Call) -> Reply:
        try:
            place, kind = life.resolve(call.path["token"])
        except AddressRefusedError:
            raise Problem(404, Code.ADDRESS_REFUSED) from None
        return Reply(DoorShape(facility=place.name, kind=kind))

    one = "/v1/facility/addresses/{kind}"
    return (
        Route(
            "GET",
            one,
            Right.MANAGE,
            show,
            "The address that patients use now",
            reply=AddressShape,
            tag=TAG,
        ),
        Route(
            "POST",
            one,
            Right.MANAGE,
            issue,
            "A new address; the one before it opens nothing any more",
            reply=AddressShape,
            status=201,
            problems={409: (Code.FUNCTION_OFF,)},
            tag=TAG,
        ),
        Route(
            "DELETE",
            one,
            Right.MANAGE,
            revoke,
            "No address of this kind opens anything any more",
            status=204,
            tag=TAG,
        ),
        Route(
            "GET",
            one + "/qr",
            Right.MANAGE,
            picture,
            "The address as a QR code",
            media=(SVG, PNG),
            tag=TAG,
        ),
        Route(
            "GET",
            "/v1/addresses/{token}",
            Right.PUBLIC,
            resolve,
            "Whose address this is",
            reply=DoorShape,
            problems={404: (Code.ADDRESS_REFUSED,)},
            tag=TAG,
        ),
    )


def _kind(call: Call) -> AddressKind:
    try:
        return AddressKind(call.path["kind"])
    except ValueError:
        raise Problem(404, Code.NOT_THERE, "kind") from None


def _current(life: FacilityLife, call: Call) -> tuple[str, Issued]:
    try:
        return life.address(call.at.facility, _kind(call))
    except AddressRefusedError:
        raise Problem(404, Code.NOT_THERE, "kind") from None


def _shape(base: str, token: str, issued: Issued) -> AddressShape:
    return AddressShape(
        kind=issued.address.kind,
        url=base + token,
        generation=issued.address.generation,
        issued_by=issued.who,
        issued_at=issued.at,
    )
