"""A process of its own answers bulk files: none of the workers that answer readers.

Its batches hold the database for some milliseconds at a time; between them it lets
others write.
"""

import asyncio
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import structlog

from cloud.adapters.clock import now_ms
from cloud.bulk.model import Job, Reception
from cloud.bulk.service import sweep
from cloud.bulk.worker import Worker
from cloud.config import Config
from cloud.keyring import audit_secret, bulk_secret
from cloud.main import bulk_worker, cloud_keys, open_database, sql_stores

IDLE_S = 0.5
"""Between two looks when nothing is waiting."""
RESTART_S = 1.0
ENDING_S = 10.0
COLLECT_AFTER = 50_000
"""New objects between two collections; a batch makes some ten thousand, no cycles."""
BEHIND = 5
"""Nice: whoever answers readers goes first."""

log = structlog.get_logger("bulk")


def answered(worker: Worker, clock: Callable[[], int]) -> Iterator[Job]:
    """Batch after batch until nothing is waiting; each as it is committed.

    Jobs take turns, so that a short one does not wait for a long one's end.
    """
    last: Reception | None = None
    while (job := worker.turn(last, clock())) is not None:
        last = job.reception
        yield job


def work(
    config: Config,
    stop: Callable[[], bool],
    told: Callable[[Job], None] = lambda _: None,
    *,
    follow: bool = False,
) -> None:
    """Answer what is waiting; with `follow` go on until told to stop.

    Raises ConfigError and MigrationError.
    """
    if follow:
        os.nice(BEHIND)
    with closing(open_database(config)) as database:
        stores = sql_stores(database, audit_secret(config))
        worker = bulk_worker(stores, bulk_secret(config), cloud_keys(config).signer)
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER)
        while not stop():
            for job in answered(worker, now_ms):
                told(job)
                if stop():
                    return
            if not follow:
                return
            sweep(config.downloads, now_ms())
            time.sleep(IDLE_S)


async def keep_answering(file: Path) -> None:
    """For `serve`: that process, for ever. When it dies another takes its place."""
    command = (sys.executable, "-m", "cloud", "bulk", "run", "--follow")
    while True:
        process = await asyncio.create_subprocess_exec(*command, "--config", str(file))
        try:
            await process.wait()
        finally:
            await _end(process)
        log.warning("bulk process died")
        await asyncio.sleep(RESTART_S)


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(ENDING_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
