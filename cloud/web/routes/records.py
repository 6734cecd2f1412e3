"""Records of who was checked here, as far as living consents open them."""

from collections.abc import Callable

from cloud.access.reading import Reading
from cloud.consent.gate import ConsentClosedError
from cloud.records.answer import as_json
from cloud.records.errors import RecordsError
from cloud.records.report import Report
from cloud.registry.model import Entry
from cloud.web.caller import Right
from cloud.web.route import JSON, Call, Problem, Reply, Route
from cloud.web.routes.eligibility import handle_of
from protocol.catalogue import Code
from protocol.ids import FacilityCode, RequestId

PDF = "application/pdf"
WhoWasChecked = Callable[[FacilityCode, RequestId], Entry | None]


def routes(
    reading: Reading, checked: WhoWasChecked, pdf: Callable[[Report], bytes]
) -> tuple[Route, ...]:
    """`checked` finds the person of a visit here, while it stands; else None."""

    def read(call: Call) -> Reply:
        media = PDF if PDF in call.headers.get("accept", "") else JSON
        handle = handle_of(call)
        entry = checked(call.at.facility, handle)
        if entry is None:
            raise Problem(404, Code.NOT_THERE, "handle")
        make = pdf if media == PDF else as_json
        try:
            made = reading.read(call.at.facility, entry, make, visit=handle)
        except ConsentClosedError:
            raise Problem(403, Code.CONSENT_MISSING) from None
        except RecordsError:
            raise Problem(403, Code.DISCLOSURE_HOLD) from None
        return Reply(made, media=media)

    return (
        Route(
            "GET",
            "/v1/visits/{handle}/records",
            Right.READ_RECORDS,
            read,
            "Drugs, treatment, surgery and checkups under living consents",
            media=(JSON, PDF),
            problems={403: (Code.CONSENT_MISSING, Code.DISCLOSURE_HOLD)},
            tag="records",
        ),
    )
