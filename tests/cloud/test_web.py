"""Health, readiness and counts."""

import asyncio
from contextlib import closing
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer

from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.schema import migrate
from cloud.main import sql_stores
from cloud.web.app import Watched, application
from cloud.web.metrics import exposition
from tests.cloud.world import AUDIT_SECRET, World, card, person


def prepared(file: Path) -> None:
    with closing(connect(file)) as database:
        migrate(database)
        world, mine = World(sql_stores(database, AUDIT_SECRET)), card()
        world.knows(person(), mine)
        world.ask(world.verification(mine))
        world.ask(world.verification(card()))
        world.send(b"junk")


async def seen(file: Path, page: str, listening: int = 1) -> tuple[int, str]:
    watched = Watched(file, lambda: listening, 1)
    async with TestClient(TestServer(application(watched))) as client:
        answer = await client.get(page)
        return answer.status, await answer.text()


async def test_not_ready_without_a_database(tmp_path: Path) -> None:
    status, _ = await seen(tmp_path / "none.sqlite3", "/readyz")
    assert status == 503


async def test_not_ready_while_no_worker_listens(tmp_path: Path) -> None:
    file = tmp_path / "cloud.sqlite3"
    await asyncio.to_thread(prepared, file)
    assert (await seen(file, "/readyz", listening=0))[0] == 503
    assert (await seen(file, "/readyz"))[0] == 200
    assert (await seen(file, "/healthz"))[0] == 200


async def test_the_counts_are_by_code_and_name_nobody(tmp_path: Path) -> None:
    file = tmp_path / "cloud.sqlite3"
    await asyncio.to_thread(prepared, file)
    status, text = await seen(file, "/metrics")
    assert status == 200
    accepted = 'kind="verification",outcome="accepted",code=""} 1'
    assert f"shikaku_requests_total{{{accepted}" in text
    assert 'outcome="refused",code="R601"} 1' in text
    assert 'shikaku_refused_envelopes_total{code="M407"} 1' in text
    assert "shikaku_workers_listening 1" in text
    assert "reader-one" not in text
    assert "花子" not in text


def test_an_empty_cloud_has_an_empty_exposition() -> None:
    lines = exposition([], [], 0).splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        "shikaku_workers_listening 0"
    ]
