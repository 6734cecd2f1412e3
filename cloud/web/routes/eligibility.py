"""Eligibility by number, and again: POST, so that no number stands in a URL."""

from collections.abc import Callable

from cloud.access.asking import Asking
from cloud.access.inquire import NotInCareError
from cloud.eligibility.inquiry import NumberQuery
from cloud.web.caller import Right
from cloud.web.route import Call, Problem, Reply, Route
from cloud.web.routes.shapes import EligibilityShape, NumberShape
from protocol.catalogue import Code
from protocol.ids import RequestId

TAG = "eligibility"
_HANDLE_LENGTH = 64


def routes(asking: Asking, new_handle: Callable[[int], RequestId]) -> tuple[Route, ...]:
    """`new_handle` makes an id nobody can guess, of the time (UUIDv7)."""

    def by_number(call: Call) -> Reply:
        found = asking.by_number(
            call.at.facility,
            _query(call.body),
            handle=new_handle(call.now_ms),
            now_ms=call.now_ms,
        )
        return Reply(EligibilityShape.model_validate(found))

    def again(call: Call) -> Reply:
        try:
            found = asking.again(call.at.facility, handle_of(call), call.now_ms)
        except NotInCareError:
            raise Problem(404, Code.NOT_THERE, "handle") from None
        return Reply(EligibilityShape.model_validate(found))

    def end_care(call: Call) -> Reply:
        if not asking.end_care(call.at.facility, handle_of(call), call.now_ms):
            raise Problem(404, Code.NOT_THERE, "handle")
        return Reply(status=204)

    return (
        Route(
            "POST",
            "/v1/eligibility",
            Right.ASK,
            by_number,
            "Eligibility by symbol, number and branch; what is not valid is watched",
            body=NumberShape,
            reply=EligibilityShape,
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/eligibility/{handle}/again",
            Right.ASK,
            again,
            "再照会: the latest of somebody in continuing care, without the card",
            reply=EligibilityShape,
            tag=TAG,
        ),
        Route(
            "DELETE",
            "/v1/eligibility/{handle}",
            Right.ASK,
            end_care,
            "The continuing care is over: from now on the card is needed again",
            status=204,
            tag=TAG,
        ),
    )


def handle_of(call: Call) -> RequestId:
    handle = call.path["handle"]
    plain = handle.isascii() and handle.isprintable()
    if len(handle) > _HANDLE_LENGTH or not plain:
        raise Problem(404, Code.NOT_THERE, "handle")
    return RequestId(handle)


def _query(body: object) -> NumberQuery:
    assert isinstance(body, NumberShape)  # noqa: S101  the route's own model
    return NumberQuery(
        body.insurer_number,
        body.symbol,
        body.number,
        body.birth_date,
        body.branch,
        body.limit_consent,
        body.on,
    )
