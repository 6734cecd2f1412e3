"""資格確認限定型: codes for devices, a device's key bound, its sealed questions."""

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field

from cloud.consent.care_place import PlaceKind
from cloud.modes.activation import Device
from cloud.modes.care_places import CarePlaces
from cloud.modes.devices import Devices
from cloud.web.caller import Right
from cloud.web.route import Call, Problem, Reply, Route, Shape
from cloud.web.routes.refusals import problems, refusing, staff_of
from protocol.activation import activation_code, grouped
from protocol.catalogue import Code
from protocol.envelope import MAX_SEALED
from protocol.ids import ReaderId, RequestId, reader_id
from protocol.keys import CloudPublic
from protocol.numbers import NumberError, facility_code

TAG = "devices"
Ask = Callable[[ReaderId, bytes], bytes | None]
Base64 = Annotated[str, Field(max_length=MAX_SEALED * 4 // 3 + 8)]


class CodeShape(Shape):
    code: str
    """12 digits in three groups, shown this once."""
    expires_at: int


class DeviceShape(Shape):
    reader: str
    bound_at: int
    revoked_at: int | None


class DevicesShape(Shape):
    devices: list[DeviceShape]


class ActivateShape(Shape):
    facility: Annotated[str, Field(max_length=10)]
    code: Annotated[str, Field(max_length=20)]
    public_key: Annotated[str, Field(max_length=400)]
    """P-256, SubjectPublicKeyInfo (DER), base64."""
    signature: Annotated[str, Field(max_length=200)]
    """ECDSA by that key over protocol.activation.ask_to_sign, base64."""


class ActivatedShape(Shape):
    reader: str
    facility: str
    cloud: dict[str, str | list[str]]
    """The cloud's public keys (protocol.keys.CloudPublic)."""


class EnvelopeShape(Shape):
    envelope: Base64
    """Sealed as on the wire of readers (protocol/README 4), base64."""


class PlaceShape(Shape):
    kind: Literal["outpatient", "fever_clinic", "home_visit", "bedside", "online"]
    reader: Annotated[str, Field(max_length=32)] = ""
    """Empty: all of the facility."""


def routes(
    devices: Devices,
    places: CarePlaces,
    ask: Ask,
    cloud: CloudPublic,
    new_id: Callable[[int], str],
) -> tuple[Route, ...]:
    def issue(call: Call) -> Reply:
        where, who = call.at.facility, staff_of(call)
        code, until = devices.issue(where, by=who, now_ms=call.now_ms)
        return Reply(CodeShape(code=grouped(code), expires_at=until), status=201)

    def listed(call: Call) -> Reply:
        found = devices.store.of(Device, call.at.facility)
        return Reply(DevicesShape(devices=list(map(_device, found))))

    def revoke(call: Call) -> Reply:
        name = call.path["reader"][:64]
        where, who = call.at.facility, staff_of(call)
        gone = devices.revoke(where, name, by=who, now_ms=call.now_ms)
        return Reply(_device(gone))

    def activate(call: Call) -> Reply:
        body = call.body
        assert isinstance(body, ActivateShape)  # noqa: S101  the route's own model
        try:
            where, code = facility_code(body.facility), activation_code(body.code)
        except NumberError:
            raise Problem(403, Code.ACTIVATION_REFUSED) from None
        key, proof = _bytes(body.public_key), _bytes(body.signature)
        device = devices.activate(where, code, key, proof, call.now_ms)
        made = {
            "reader": device.reader,
            "facility": device.facility,
            "cloud": cloud.to_dict(),
        }
        return Reply(ActivatedShape.model_validate(made), status=201)

    def sealed(call: Call) -> Reply:
        body = call.body
        assert isinstance(body, EnvelopeShape)  # noqa: S101  the route's own model
        try:
            name = reader_id(call.path["reader"])
        except ValueError:
            raise Problem(404, Code.NOT_THERE, "reader") from None
        answer = ask(name, _bytes(body.envelope))
        if answer is None:
            raise Problem(503, Code.BUSY)
        return Reply(EnvelopeShape(envelope=base64.b64encode(answer).decode()))

    def place(call: Call) -> Reply:
        body = call.body
        assert isinstance(body, PlaceShape)  # noqa: S101  the route's own model
        places.set(
            call.at.facility,
            PlaceKind(body.kind),
            reader=_reader(body.reader),
            by=staff_of(call),
            now_ms=call.now_ms,
        )
        return Reply(body)

    def discharge(call: Call) -> Reply:
        places.discharge(
            call.at.facility,
            RequestId(call.path["handle"][:64]),
            request=RequestId(new_id(call.now_ms)),
            by=staff_of(call),
            now_ms=call.now_ms,
        )
        return Reply(status=204)

    return (
        Route(
            "POST",
            "/v1/devices/codes",
            Right.MANAGE,
            refusing(issue),
            "A code of 12 digits that makes one PC a device of this facility",
            reply=CodeShape,
            status=201,
            problems=problems(Code.WRONG_STATE),
            tag=TAG,
        ),
        Route(
            "GET",
            "/v1/devices",
            Right.MANAGE,
            refusing(listed),
            "This facility's devices, the oldest first",
            reply=DevicesShape,
            tag=TAG,
        ),
        Route(
            "DELETE",
            "/v1/devices/{reader}",
            Right.MANAGE,
            refusing(revoke),
            "A device is lost or given away: its key signs nothing any more",
            reply=DeviceShape,
            problems=problems(Code.WRONG_STATE),
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/devices/activation",
            Right.PUBLIC,
            refusing(activate),
            "Bind a device's key by a code its facility issued: once, and soon",
            body=ActivateShape,
            reply=ActivatedShape,
            status=201,
            problems=problems(Code.ACTIVATION_REFUSED, Code.WRONG_STATE),
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/devices/{reader}/ask",
            Right.PUBLIC,
            refusing(sealed),
            "One sealed question of a device; its own key and seal are its right",
            body=EnvelopeShape,
            reply=EnvelopeShape,
            problems={503: (Code.BUSY,)},
            tag=TAG,
        ),
        Route(
            "PUT",
            "/v1/places",
            Right.MANAGE,
            refusing(place),
            "What kind of place this is: how long a yes may last (発熱外来, 病床)",
            body=PlaceShape,
            reply=PlaceShape,
            problems=problems(Code.WRONG_STATE),
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/care/{handle}/discharge",
            Right.ASK,
            refusing(discharge),
            "退院: the stay is over, and with it what was consented to for it",
            status=204,
            problems=problems(Code.WRONG_STATE),
            tag=TAG,
        ),
    )


def _device(one: Device) -> DeviceShape:
    return DeviceShape(
        reader=one.reader, bound_at=one.bound_at, revoked_at=one.revoked_at
    )


def _reader(text: str) -> str:
    try:
        return reader_id(text) if text else ""
    except ValueError:
        raise Problem(400, Code.INPUT_UNREADABLE, "reader") from None


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Problem(400, Code.INPUT_UNREADABLE, "base64") from None
