"""HL7 FHIR R4 over HTTP: what is asked, in which form, and what refuses it.

Numbers of people come in bodies, never in URLs; ids in URLs are opaque and of one
facility. Every refusal is an OperationOutcome.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Final

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from cloud.consent.gate import ConsentClosedError
from cloud.fhir.bundle import COUNT, MOST, Page
from cloud.fhir.capability import capability
from cloud.fhir.handle import HandleError, Kind
from cloud.fhir.outcome import outcome
from cloud.fhir.question import QuestionError, Request, by_form, form, typed
from cloud.fhir.resource import MEDIA, checked, written
from cloud.fhir.service import RECORDS, Fhir, Found
from cloud.records.errors import RecordsError
from cloud.web.caller import Right
from cloud.web.route import Call, Problem, Reply, Route, Shape, Upload
from protocol.catalogue import Code

ROOT: Final = "/fhir"
TAG: Final = "fhir"
PROOF: Final = "Shikaku-Proof"
"""The proof number of an answer; of a 304, too."""
FORM: Final = "application/x-www-form-urlencoded"
FORM_BYTES: Final = 8 * 1024
REQUEST_BYTES: Final = 64 * 1024
_JSON: Final = frozenset({MEDIA, "application/json", "application/*", "*/*"})
_FORMATS: Final = frozenset({"json", "application/json", MEDIA})
_TAGS: Final = re.compile(r'(?:W/)?"?([^",\s]+)"?')
_HOST: Final = re.compile(
    r"(?:[A-Za-z0-9.\-]{1,253}|\[[0-9a-f:]{2,45}\])(?::[0-9]{1,5})?"
)
_PAGES: Final = 100_000


class FormatQuery(Shape):
    format: Annotated[str, Field(alias="_format", max_length=64)] = "json"


class PatientQuery(FormatQuery):
    patient: Annotated[str, Field(pattern=r"^(?:Patient/)?[a-z0-9]{1,64}$")]
    """Patient/id, as a Coverage names it."""
    count: Annotated[int, Field(alias="_count", ge=0)] = COUNT
    page: Annotated[int, Field(ge=1, le=_PAGES)] = 1

    @property
    def handle(self) -> str:
        return self.patient.removeprefix("Patient/")

    @property
    def wanted(self) -> Page:
        return Page(min(self.count, MOST), self.page)


class AnyQuery(FormatQuery):
    """Whatever it is, the answer is where to ask instead."""

    model_config = ConfigDict(extra="allow")


_PATIENT: Final = TypeAdapter(PatientQuery)
Handler = Callable[[Call], Reply]


def rendered(problem: Problem) -> bytes:
    """How this interface refuses: for the server's table of renders."""
    return outcome(problem.status, problem.code, problem.detail)


def address(call: Call, scheme: str = "https") -> str:
    """As the client itself calls us: its name for us stands in the links it gets."""
    host = call.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise Problem(400, Code.INPUT_UNREADABLE, "Host")
    return f"{scheme}://{host}{ROOT}"


def routes(
    fhir: Fhir, version: str, day: str, base: Callable[[Call], str] = address
) -> tuple[Route, ...]:
    """`version` and `day` stand in the CapabilityStatement.

    `base`: the address that a caller knows this interface by, with /fhir.
    """
    described = capability(version, day)
    records = (_record_routes(fhir, kind, base) for kind in RECORDS)
    return (
        _get(
            "/metadata",
            lambda _: _reply(written(described)),
            "CapabilityStatement: what this interface does",
            right=Right.PUBLIC,
        ),
        *_coverage_routes(fhir, base),
        *_consent_routes(fhir, base),
        *(route for some in records for route in some),
    )


# -- eligibility -------------------------------------------------------------------
def _coverage_routes(fhir: Fhir, base: Callable[[Call], str]) -> tuple[Route, ...]:
    def search(call: Call) -> Reply:
        found = fhir.search_coverage(
            call.at.facility, by_form(form(_sent(call))), call.now_ms, base(call)
        )
        return _reply(found.bundle, found.proof)

    def submit(call: Call) -> Reply:
        resource = typed(_sent(call), "CoverageEligibilityRequest")
        try:
            checked(resource)
        except ValidationError as error:
            raise QuestionError(_place(error)) from None
        found = fhir.submit(call.at.facility, Request.of(resource), call.now_ms)
        return _reply(found.bundle, found.proof)

    def read(call: Call) -> Reply:
        found = fhir.coverage(call.at.facility, call.path["id"], call.now_ms)
        return _unless_known(call, found)

    def patient(call: Call) -> Reply:
        found = fhir.patient(call.at.facility, call.path["id"], call.now_ms)
        return _unless_known(call, found)

    return (
        _get(
            "/Coverage",
            _number_in_url,
            "Refused: a person's number never stands in a URL; POST _search",
            query=AnyQuery,
        ),
        _post(
            "/Coverage/_search",
            search,
            "JP_Coverage by identifier and beneficiary.birthdate",
            Upload((FORM,), FORM_BYTES),
        ),
        _get("/Coverage/{id}", read, "JP_Coverage; ETag, If-None-Match, proof number"),
        _get("/Patient/{id}", patient, "Who a Coverage is of; ETag, proof number"),
        _post(
            "/CoverageEligibilityRequest/$submit",
            submit,
            "CoverageEligibilityRequest in, CoverageEligibilityResponse out",
            Upload((MEDIA, "application/json"), REQUEST_BYTES),
        ),
    )


def _number_in_url(_call: Call) -> Reply:
    words = "identifier: a person's number never stands in a URL;"
    raise Problem(400, Code.INPUT_UNREADABLE, f"{words} POST {ROOT}/Coverage/_search")


def _unless_known(call: Call, found: Found) -> Reply:
    tag = f'W/"{found.version}"'
    headers = {"ETag": tag, PROOF: found.proof}
    known = _TAGS.findall(call.headers.get("if-none-match", ""))
    if found.version in known or "*" in known:
        return Reply(status=304, headers=headers)
    return Reply(found.hand_out(), media=MEDIA, headers=headers)


# -- consents and records ----------------------------------------------------------
def _consent_routes(fhir: Fhir, base: Callable[[Call], str]) -> tuple[Route, ...]:
    def search(call: Call) -> Reply:
        asked = _asked(call)
        return _reply(
            fhir.search_consents(
                call.at.facility, asked.handle, asked.wanted, call.now_ms, base(call)
            )
        )

    def read(call: Call) -> Reply:
        return _reply(fhir.consent(call.at.facility, call.path["id"], call.now_ms))

    return _searched(
        "Consent", search, read, "This facility's consents of a patient", Right.ASK
    )


def _record_routes(
    fhir: Fhir, kind: Kind, base: Callable[[Call], str]
) -> tuple[Route, ...]:
    def search(call: Call) -> Reply:
        asked = _asked(call)
        return _reply(
            fhir.search_records(
                call.at.facility, kind, asked.handle, asked.wanted, base(call)
            )
        )

    def read(call: Call) -> Reply:
        return _reply(fhir.record(call.at.facility, kind, call.path["id"]))

    name, item, _ = RECORDS[kind]
    words = f"Under a living consent to {item}"
    return _searched(name, search, read, words, Right.READ_RECORDS)


def _searched(
    kind: str, search: Handler, read: Handler, summary: str, right: Right
) -> tuple[Route, ...]:
    return (
        _get(f"/{kind}", search, summary, query=PatientQuery, right=right),
        _post(
            f"/{kind}/_search",
            search,
            summary,
            Upload((FORM,), FORM_BYTES),
            right=right,
        ),
        _get(f"/{kind}/{{id}}", read, f"One of them: {summary}", right=right),
    )


def _asked(call: Call) -> PatientQuery:
    """Out of the URL, or out of the form of a POST."""
    if isinstance(call.query, PatientQuery):
        return call.query
    try:
        return _PATIENT.validate_python(form(_sent(call)))
    except ValidationError as error:
        raise QuestionError(_place(error)) from None


# -- forms -------------------------------------------------------------------------
_REFUSALS: Final[dict[int, tuple[Code, ...]]] = {
    400: (Code.INPUT_UNREADABLE,),
    404: (Code.NOT_THERE,),
    406: (Code.MEDIA_TYPE,),
}
_CLOSED: Final[dict[int, tuple[Code, ...]]] = {
    403: (Code.CONSENT_MISSING, Code.DISCLOSURE_HOLD)
}


def _get(
    path: str,
    handler: Handler,
    summary: str,
    *,
    query: type[Shape] = FormatQuery,
    right: Right = Right.ASK,
) -> Route:
    return Route(
        "GET",
        ROOT + path,
        right,
        _guarded(handler),
        summary,
        query=query,
        media=(MEDIA,),
        problems=_problems(right),
        tag=TAG,
        problem_media=MEDIA,
    )


def _post(
    path: str,
    handler: Handler,
    summary: str,
    upload: Upload,
    *,
    right: Right = Right.ASK,
) -> Route:
    return Route(
        "POST",
        ROOT + path,
        right,
        _guarded(handler),
        summary,
        query=FormatQuery,
        upload=upload,
        media=(MEDIA,),
        problems=_problems(right),
        tag=TAG,
        problem_media=MEDIA,
    )


def _problems(right: Right) -> dict[int, tuple[Code, ...]]:
    return _REFUSALS | (_CLOSED if right is Right.READ_RECORDS else {})


def _guarded(handler: Handler) -> Handler:
    """With the form that is wanted checked before, and errors made into refusals."""

    @wraps(handler)
    def guarded(call: Call) -> Reply:
        _negotiated(call)
        try:
            return handler(call)
        except QuestionError as error:
            raise Problem(400, Code.INPUT_UNREADABLE, str(error)) from None
        except HandleError:
            raise Problem(404, Code.NOT_THERE, "id") from None
        except ConsentClosedError:
            raise Problem(403, Code.CONSENT_MISSING) from None
        except RecordsError:
            raise Problem(403, Code.DISCLOSURE_HOLD) from None

    return guarded


def _negotiated(call: Call) -> None:
    """JSON is what there is."""
    wanted = getattr(call.query, "format", "json")
    ranges = [
        one.partition(";")[0].strip().lower()
        for one in call.headers.get("accept", "*/*").split(",")
    ]
    if wanted.replace(" ", "+") not in _FORMATS or _JSON.isdisjoint(ranges):
        raise Problem(406, Code.MEDIA_TYPE, f"Accept: {MEDIA}")


def _reply(content: bytes, proof: str = "") -> Reply:
    return Reply(content, media=MEDIA, headers={PROOF: proof} if proof else {})


def _sent(call: Call) -> bytes:
    """The body; its route bounds it."""
    return call.upload.read_bytes() if call.upload else b""


def _place(error: ValidationError) -> str:
    """Where the first fault is, by names of the model only."""
    first, *_ = error.errors(
        include_input=False, include_url=False, include_context=False
    )
    path = first["loc"][:-1] if first["type"] == "extra_forbidden" else first["loc"]
    where = ".".join(str(part) for part in path)
    kind = first["type"].replace("_", " ")
    return f"{where}: {kind}" if where else kind
