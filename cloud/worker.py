"""One worker process: one broker line, one database connection, one loop."""

import gc
import os
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from types import FrameType

import structlog

from cloud.access.grace import GraceRule
from cloud.adapters.clock import now_ms
from cloud.audit.service import anchor_if_due
from cloud.config import Config
from cloud.housekeeping import housekeeping
from cloud.keyring import audit_secret, page_links, vault
from cloud.main import (
    broker_line,
    card_authorities,
    cloud_keys,
    listener,
    open_database,
    sql_stores,
)

TURN_S = 0.25
"""How long a worker may take to notice that it should end."""
FORGET_MS = 60_000
COLLECT_AFTER = 50_000
"""New objects between two collections; a request makes some hundreds, no cycles."""
LISTENING = "listening"
LOST = "lost"
FIRST = 0
"""The worker that anchors the audit log: one is enough."""

log = structlog.get_logger("worker")


class Stop:
    """Set by SIGTERM and SIGINT, and when the process that started us is gone."""

    def __init__(self) -> None:
        self._asked = False
        self._parent = os.getppid()
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def __call__(self) -> bool:
        return self._asked or os.getppid() != self._parent

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked = True


def work(config: Config, index: int, stop: Callable[[], bool]) -> None:
    """Serve requests until told to stop. Says on stdout when it listens."""
    with closing(open_database(config)) as database:
        stores = sql_stores(database, audit_secret(config))
        keys = cloud_keys(config)
        # A name of its own for every life: a dead worker's session must not be
        # mistaken for this one's.
        name = f"cloud-{index}-{os.getpid()}"
        line = broker_line(config.broker, name)
        ear = listener(
            stores,
            line,
            keys=keys,
            authorities=card_authorities(config),
            policy=config.policy.policy,
            vault=vault(config),
            grace=GraceRule(config.policy.grace),
            links=page_links(config, database),
        )
        if config.page is None and index == FIRST:
            log.warning("no [page]: consent receipts have no QR and no page")
        # What is alive now stays: the collector need not look at it again.
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER)
        said, forget_at = LOST, 0
        with closing(line):
            while not stop():
                ear.turn(TURN_S)
                said = _say(LISTENING if line.listening else LOST, said)
                if now_ms() >= forget_at:
                    housekeeping(stores, now_ms())
                    if index == FIRST:
                        anchor_if_due(
                            stores.audit,
                            config.audit.pace,
                            now_ms=now_ms(),
                            signer=keys.signer,
                        )
                    forget_at = now_ms() + FORGET_MS
    log.info("worker ended", worker=index)


def _say(state: str, before: str) -> str:
    if state != before:
        sys.stdout.write(state + "\n")
        sys.stdout.flush()
    return state
