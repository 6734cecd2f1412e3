"""照会番号 over HTTP. A patient's number stands in bodies only, never in an address."""

from typing import Annotated

from pydantic import Field

from cloud.access.linking import Linking, Wanted
from cloud.eligibility.inquiry import NumberQuery
from cloud.eligibility.reference import References
from cloud.web.caller import Right
from cloud.web.route import Call, Nothing, Problem, Reply, Route, Shape
from cloud.web.routes.facility import body_of
from cloud.web.routes.shapes import NumberShape
from protocol.catalogue import Code
from protocol.ids import ARequestId

TAG = "patient numbers"
ROWS = 1_000
BYTES = 512 * 1024
ReferenceNumber = Annotated[
    str, Field(pattern="^[0-9A-Za-z](?:[0-9A-Za-z-]{0,18}[0-9A-Za-z])?$")
]


class RowShape(Shape):
    person: NumberShape
    reference_number: ReferenceNumber


class RowsShape(Shape):
    rows: Annotated[list[RowShape], Field(min_length=1, max_length=ROWS)]
    replace: bool = False
    """Put the new number in the place of another one that the person has."""


class TappedShape(Shape):
    visit: ARequestId
    """The request of the tap, within the last day."""
    reference_number: ReferenceNumber
    replace: bool = False


class NumberedShape(Shape):
    reference_number: ReferenceNumber


class TakenShape(Shape):
    results: list[Code | None]
    """Of each row in its order: none, it stands now; else why it was not taken."""
    taken: int


class CountShape(Shape):
    count: int


def routes(linking: Linking, references: References) -> tuple[Route, ...]:
    def rows(call: Call) -> Reply:
        body = body_of(call, RowsShape)
        wanted = (Wanted(_query(row.person), row.reference_number) for row in body.rows)
        where = call.at.facility
        results = linking.by_numbers(where, wanted, call.now_ms, replace=body.replace)
        return Reply(TakenShape(results=results, taken=results.count(None)))

    def tapped(call: Call) -> Reply:
        body = body_of(call, TappedShape)
        refused = linking.by_tap(
            call.at.facility,
            body.visit,
            body.reference_number,
            call.now_ms,
            replace=body.replace,
        )
        if refused is not None:
            raise Problem(404 if refused is Code.NOT_THERE else 409, refused)
        return Reply(status=204)

    def unlink(call: Call) -> Reply:
        number = body_of(call, NumberedShape).reference_number
        if not references.unlink(call.at.facility, number):
            raise Problem(404, Code.NOT_THERE, "reference_number")
        return Reply(status=204)

    def count(call: Call) -> Reply:
        return Reply(CountShape(count=references.count(call.at.facility)))

    path = "/v1/facility/patient-numbers"
    return (
        Route(
            "GET",
            path,
            Right.ASK,
            count,
            "How many patients have a number here",
            query=Nothing,
            reply=CountShape,
            tag=TAG,
        ),
        Route(
            "POST",
            path,
            Right.ASK,
            rows,
            "Numbers of persons, each by insurer, symbol and number",
            body=RowsShape,
            reply=TakenShape,
            limit=BYTES,
            tag=TAG,
        ),
        Route(
            "POST",
            path + "/tapped",
            Right.ASK,
            tapped,
            "The number of who showed a card here",
            body=TappedShape,
            status=204,
            problems={
                404: (Code.NOT_THERE,),
                409: (Code.NUMBER_TAKEN, Code.PERSON_LINKED),
            },
            tag=TAG,
        ),
        Route(
            "POST",
            path + "/unlink",
            Right.MANAGE,
            unlink,
            "A number is free again",
            body=NumberedShape,
            status=204,
            problems={404: (Code.NOT_THERE,)},
            tag=TAG,
        ),
    )


def _query(person: NumberShape) -> NumberQuery:
    return NumberQuery(
        person.insurer_number,
        person.symbol,
        person.number,
        person.birth_date,
        person.branch,
        person.limit_consent,
        person.on,
    )
