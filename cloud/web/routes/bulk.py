"""Bulk inquiries over HTTP: hand in, list, look, fetch, delete. Own jobs only."""

from typing import Annotated, Final

from pydantic import Field

from cloud.bulk.model import Family, Job, Reception, State
from cloud.bulk.service import Bulk, NoJobError, NotReadyError, OverError
from cloud.bulk.writing import Media
from cloud.web.caller import Right
from cloud.web.route import Call, Problem, Reply, Route, Shape, Upload
from protocol.catalogue import Code
from protocol.oqs.errors import OqsError
from protocol.oqs.text import Encoding

TAG = "bulk"
XML, ZIP = "application/xml", "application/zip"
MEDIA: Final = {Media.XML: XML, Media.ZIP: ZIP}
UPLOAD_BYTES: Final = 64 * 1024 * 1024
DAYS: Final = 180
_TOO_LARGE: Final = frozenset({Code.OQS_TOO_LARGE, Code.BULK_TOO_MANY})
_FILE_CODES: Final = (
    *(Code.OQS_UNREADABLE, Code.OQS_ARCHIVE, Code.OQS_ENTITY, Code.OQS_DUPLICATE),
    *(Code.OQS_ENCODING, Code.OQS_CHARACTER, Code.OQS_VALUE),
    *(Code.OQS_OTHER_FACILITY, Code.BULK_NOBODY),
)
_PATH: Final = "/v1/bulk/{reception}"


class FamilyQuery(Shape):
    family: Family = Family.NUMBERS
    """The stem of its file's name."""


class ResultQuery(Shape):
    encoding: Encoding = Encoding.UTF8
    """cp932 is what facilities' computers call Shift_JIS; what it lacks is ●."""
    media: Media | None = None
    """Instead of Accept."""


class JobShape(Shape):
    """受付番号 · 照会状況 · 受付日時 · 完了日時 · 照会件数 · 結果."""

    reception: str
    family: Family
    state: State
    received: int
    """Unix ms, as every time here."""
    started: int | None
    finished: int | None
    rows: int
    answered: int
    good: int
    faulty: int
    """Of those answered: rows that could not be read (B172, B173)."""
    until: int
    """From here on it is deleted."""
    result: Annotated[str, Field(description="Path of the result; empty before.")]
    proof: str
    """Proof number of the whole result; empty before."""


class JobsShape(Shape):
    jobs: list[JobShape]
    """The newest first."""


def routes(bulk: Bulk) -> tuple[Route, ...]:
    def submit(call: Call) -> Reply:
        query = call.query
        assert isinstance(query, FamilyQuery)  # noqa: S101  the route's own model
        assert call.upload is not None  # noqa: S101  an Upload route
        at = call.at.facility
        try:
            name = bulk.submit(at, query.family, call.upload, call.now_ms)
        except OqsError as refused:
            raise Problem(_status(refused.code), refused.code, refused.place) from None
        return _job(bulk.job(at, name), 202)

    def listed(call: Call) -> Reply:
        found = bulk.jobs(call.at.facility, call.now_ms)
        return Reply(JobsShape(jobs=[_shape(one) for one in found]))

    def show(call: Call) -> Reply:
        return _job(_found(bulk, call))

    def fetch(call: Call) -> Reply:
        query = call.query
        assert isinstance(query, ResultQuery)  # noqa: S101  the route's own model
        media = query.media or _accepted(call)
        name = _found(bulk, call).reception
        try:
            file = bulk.download(
                call.at.facility, name, media, query.encoding, call.now_ms
            )
        except NotReadyError:
            raise Problem(409, Code.WRONG_STATE, "state") from None
        except OverError:
            raise Problem(410, Code.BULK_OVER) from None
        shown = f'attachment; filename="{name}.{media.value}"'
        return Reply(file, media=MEDIA[media], headers={"Content-Disposition": shown})

    def delete(call: Call) -> Reply:
        try:
            bulk.delete(call.at.facility, _name(call), call.now_ms)
        except NoJobError:
            raise Problem(404, Code.NOT_THERE, "reception") from None
        return Reply(status=204)

    return (
        Route(
            "POST",
            "/v1/bulk",
            Right.ASK,
            submit,
            "Hand in a bulk file (XML, or ZIP with one); it gets a reception number",
            query=FamilyQuery,
            upload=Upload((XML, "text/xml", ZIP), UPLOAD_BYTES),
            reply=JobShape,
            status=202,
            problems={
                413: tuple(sorted(_TOO_LARGE)),
                422: _FILE_CODES,
                429: (Code.BULK_WAITING,),
            },
            tag=TAG,
        ),
        Route(
            "GET",
            "/v1/bulk",
            Right.ASK,
            listed,
            f"Bulk inquiries of the last {DAYS} days, the newest first",
            reply=JobsShape,
            tag=TAG,
        ),
        Route(
            "GET",
            _PATH,
            Right.ASK,
            show,
            "How far one has come",
            reply=JobShape,
            tag=TAG,
        ),
        Route(
            "GET",
            f"{_PATH}/result",
            Right.ASK,
            fetch,
            "Its result, once every row is answered",
            query=ResultQuery,
            media=(XML, ZIP),
            problems={409: (Code.WRONG_STATE,), 410: (Code.BULK_OVER,)},
            tag=TAG,
        ),
        Route(
            "DELETE",
            _PATH,
            Right.ASK,
            delete,
            "Delete it with its questions and answers; the log keeps that it was",
            status=204,
            tag=TAG,
        ),
    )


def _status(code: Code) -> int:
    if code is Code.BULK_WAITING:
        return 429
    return 413 if code in _TOO_LARGE else 422


def _accepted(call: Call) -> Media:
    return Media.ZIP if ZIP in call.headers.get("accept", "") else Media.XML


def _name(call: Call) -> Reception:
    return Reception(call.path["reception"])


def _found(bulk: Bulk, call: Call) -> Job:
    try:
        return bulk.job(call.at.facility, _name(call))
    except NoJobError:
        raise Problem(404, Code.NOT_THERE, "reception") from None


def _job(job: Job, status: int = 200) -> Reply:
    path = _PATH.format(reception=job.reception)
    return Reply(_shape(job), status, headers={"Location": path})


def _shape(job: Job) -> JobShape:
    done = job.state is State.DONE
    path = _PATH.format(reception=job.reception)
    return JobShape(
        reception=job.reception,
        family=job.family,
        state=job.state,
        received=job.received,
        started=job.started,
        finished=job.finished,
        rows=job.rows,
        answered=job.answered,
        good=job.good,
        faulty=job.faulty,
        until=job.until,
        result=f"{path}/result" if done else "",
        proof=job.proof,
    )
