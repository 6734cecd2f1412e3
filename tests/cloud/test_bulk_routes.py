"""Bulk inquiries over HTTP, by calling the handlers."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from cloud.bulk.model import KEEP_MS, Family
from cloud.bulk.writing import Media
from cloud.web.caller import Caller
from cloud.web.route import Call, Nothing, Problem, Reply, Route
from cloud.web.routes.bulk import (
    FamilyQuery,
    JobShape,
    JobsShape,
    ResultQuery,
    routes,
)
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from protocol.oqs.document import parse
from protocol.oqs.text import Encoding
from tests.cloud.bulk_world import NOW, Room, file_of, row, searches, somebody
from tests.cloud.world import FACILITY, memory_stores

ELSEWHERE = FacilityCode("1310000016")
LIST, ONE, RESULT = "/v1/bulk", "/v1/bulk/{reception}", "/v1/bulk/{reception}/result"


class Interface:
    def __init__(self, folder: Path) -> None:
        stores = memory_stores()

        def commit(*rows: object) -> None:
            stores.audit.append(rows)  # type: ignore[arg-type]

        self.room = Room(stores, folder, commit)
        stores.registry.put([somebody(1)])
        made = routes(self.room.bulk)
        self.routes: dict[tuple[str, str], Route] = {
            (one.method, one.path): one for one in made
        }

    def call(
        self,
        method: str,
        path: str,
        *,
        reception: str = "",
        query: BaseModel | None = None,
        at: FacilityCode = FACILITY,
        upload: Path | None = None,
        now: int = NOW,
        **headers: str,
    ) -> Reply:
        route = self.routes[method, path]
        named = {"reception": reception} if reception else {}
        asked = query or route.query()
        call = Call(
            Caller(at),
            named,
            asked,
            Nothing(),
            now,
            headers,
            upload,
        )
        return route.handler(call)

    def refusal(self, *words: str, **more: object) -> tuple[int, Code]:
        with pytest.raises(Problem) as refused:
            self.call(*words, **more)  # type: ignore[arg-type]
        return refused.value.status, refused.value.code

    def upload(self, rows: int = 1) -> JobShape:
        file = file_of(self.room.folder, searches(row(n + 1) for n in range(rows)))
        reply = self.call("POST", LIST, upload=file)
        assert reply.status == 202
        job = reply.body
        assert isinstance(job, JobShape)
        assert reply.headers["Location"] == f"/v1/bulk/{job.reception}"
        return job


@pytest.fixture
def interface(tmp_path: Path) -> Interface:
    return Interface(tmp_path)


def test_from_upload_over_progress_to_result(interface: Interface) -> None:
    job = interface.upload(2)
    assert (job.rows, job.answered, job.state, job.result) == (2, 0, "waiting", "")
    name = job.reception
    waiting = interface.refusal("GET", RESULT, reception=name)
    assert waiting == (409, Code.WRONG_STATE)
    interface.room.run()
    shown = interface.call("GET", ONE, reception=name).body
    assert isinstance(shown, JobShape)
    assert (shown.answered, shown.state) == (2, "done")
    assert shown.result == f"/v1/bulk/{name}/result"
    listed = interface.call("GET", LIST).body
    assert listed == JobsShape(jobs=[shown])
    reply = interface.call("GET", RESULT, reception=name)
    assert isinstance(reply.body, Path)
    assert reply.media == "application/xml"
    units = parse(reply.body.read_bytes(), limit=1 << 20).body.parts
    assert [one.get("QualificationValidity") for one in units] == ["1", "4"]


def test_the_result_is_a_zip_by_accept_or_by_query(interface: Interface) -> None:
    name = interface.upload().reception
    interface.room.run()
    asked = ResultQuery(encoding=Encoding.SHIFT_JIS, media=Media.ZIP)
    for reply in (
        interface.call("GET", RESULT, reception=name, accept="application/zip"),
        interface.call("GET", RESULT, reception=name, query=asked),
    ):
        assert reply.media == "application/zip"
        assert isinstance(reply.body, Path)
        assert reply.body.read_bytes().startswith(b"PK")


def test_what_is_anothers_is_not_there(interface: Interface) -> None:
    name = interface.upload().reception
    interface.room.run()
    for method, path in (("GET", ONE), ("GET", RESULT), ("DELETE", ONE)):
        found = interface.refusal(method, path, reception=name, at=ELSEWHERE)
        assert found == (404, Code.NOT_THERE)
    assert interface.call("GET", LIST, at=ELSEWHERE).body == JobsShape(jobs=[])
    assert interface.call("DELETE", ONE, reception=name).status == 204
    assert interface.refusal("GET", ONE, reception=name) == (404, Code.NOT_THERE)


def test_a_refused_file_says_its_code(interface: Interface, tmp_path: Path) -> None:
    entity = tmp_path / "entity.xml"
    entity.write_bytes(b'<!DOCTYPE a [<!ENTITY b "c">]><XmlMsg/>')
    assert interface.refusal("POST", LIST, upload=entity) == (422, Code.OQS_ENTITY)
    other = file_of(tmp_path, searches([row(1)]), facility=ELSEWHERE, name="o.xml")
    refused = interface.refusal("POST", LIST, upload=other)
    assert refused == (422, Code.OQS_OTHER_FACILITY)
    nobody = FamilyQuery(family=Family.HOME_VISITS)
    wrong = interface.refusal("POST", LIST, upload=entity, query=nobody)
    assert wrong == (422, Code.OQS_ENTITY)


def test_one_row_too_many_is_too_large(
    interface: Interface, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloud.bulk.reading.ROWS", 3)
    file = file_of(tmp_path, searches(row(n) for n in range(4)))
    assert interface.refusal("POST", LIST, upload=file) == (413, Code.BULK_TOO_MANY)


def test_after_its_time_the_result_is_gone(interface: Interface) -> None:
    name = interface.upload().reception
    interface.room.run()
    late = interface.refusal("GET", RESULT, reception=name, now=NOW + KEEP_MS)
    assert late == (410, Code.BULK_OVER)
