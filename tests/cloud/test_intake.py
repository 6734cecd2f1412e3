"""Over a real broker: sealed request in, committed, sealed answer out."""

import queue
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from cloud.access.certificate import CardAuthorities
from cloud.adapters.mqtt import BrokerLine
from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.schema import migrate
from cloud.facilities.model import Policy
from cloud.main import listener, sql_stores
from protocol import topics
from protocol.codec import encode
from protocol.messages import Answer, VerificationAnswer
from protocol.notice import Notice
from tests.cloud.world import AUDIT_SECRET, Card, World, authority, card, person

PATIENCE_S = 10.0


@dataclass
class RawReader:
    """paho alone as the reader, so that nothing of ours hides on that side."""

    world: World
    client: Client
    heard: "queue.Queue[bytes]"

    def send(self, sealed: bytes) -> None:
        topic = topics.request(self.world.box.name)
        self.client.publish(topic, sealed, qos=1).wait_for_publish(PATIENCE_S)

    def answer(self) -> Answer | Notice:
        return self.world.box.open(self.heard.get(timeout=PATIENCE_S), self.world.now)


@contextmanager
def raw_reader(world: World, port: int) -> Iterator[RawReader]:
    heard: queue.Queue[bytes] = queue.Queue()
    subscribed = threading.Event()
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=world.box.name,
        protocol=MQTTProtocolVersion.MQTTv5,
    )
    client.on_message = lambda _c, _u, message: heard.put(bytes(message.payload))

    def noticed(*_: Any) -> None:
        subscribed.set()

    client.on_subscribe = noticed
    client.connect("127.0.0.1", port)
    client.subscribe(topics.answer(world.box.name), qos=1)
    client.loop_start()
    try:
        assert subscribed.wait(PATIENCE_S)
        yield RawReader(world, client, heard)
    finally:
        client.disconnect()
        client.loop_stop()


class Working:
    """A worker's loop in a thread of the test."""

    def __init__(self, world: World, line: BrokerLine, database: Path) -> None:
        self._world, self._line, self._database = world, line, database
        self._over = threading.Event()
        self.listening = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        with closing(connect(self._database)) as database:
            ear = listener(
                sql_stores(database, AUDIT_SECRET),
                self._line,
                keys=self._world.keys,
                authorities=CardAuthorities([_authority()]),
                policy=Policy(),
                clock=lambda: self._world.now,
            )
            while not self._over.is_set():
                ear.turn(0.05)
                if self._line.listening:
                    self.listening.set()
        self._line.close()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self.listening.wait(PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


def _authority() -> x509.Certificate:
    return authority()


def line_to(port: int, name: str) -> BrokerLine:
    return BrokerLine(
        "127.0.0.1", port, None, name=name, subscribe=topics.SHARED_REQUESTS
    )


@contextmanager
def prepared(file: Path) -> Iterator[tuple[World, Card]]:
    with closing(connect(file)) as database:
        migrate(database)
        world, mine = World(sql_stores(database, AUDIT_SECRET)), card()
        world.knows(person(), mine)
        yield world, mine


def test_a_request_is_answered_over_the_broker(
    broker_port: int, tmp_path: Path
) -> None:
    file = tmp_path / "cloud.sqlite3"
    with (
        prepared(file) as (world, mine),
        Working(world, line_to(broker_port, "cloud-0"), file),
        raw_reader(world, broker_port) as reader,
    ):
        reader.send(b"junk")
        refused = reader.answer()
        assert isinstance(refused, Notice)
        assert refused.code == "M407"
        request = world.verification(mine)
        reader.send(world.box.seal(encode(request), world.now))
        answer = reader.answer()
        assert isinstance(answer, VerificationAnswer)
        assert answer.outcome == "accepted"
        counts = world.stores.ledger.counts()
        assert counts == [("verification", "accepted", "", 1)]


def test_two_workers_share_the_requests_and_every_one_is_answered_once(
    broker_port: int, tmp_path: Path
) -> None:
    file = tmp_path / "cloud.sqlite3"
    with (
        prepared(file) as (world, mine),
        Working(world, line_to(broker_port, "cloud-0"), file),
        Working(world, line_to(broker_port, "cloud-1"), file),
        raw_reader(world, broker_port) as reader,
    ):
        requests = [world.verification(mine) for _ in range(60)]
        asked = set()
        for request in requests:
            reader.send(world.box.seal(encode(request), world.now))
        for _ in requests:
            answer = reader.answer()
            assert isinstance(answer, VerificationAnswer)
            asked.add(answer.request_id)
        assert len(asked) == len(requests)
        assert reader.heard.empty()
        counts = world.stores.ledger.counts()
        assert counts == [("verification", "accepted", "", 60)]


def test_a_line_without_a_broker_keeps_waiting(tmp_path: Path) -> None:
    with closing(line_to(1, "cloud-0")) as line:
        assert line.receive(0.01, 10) == []
        assert not line.listening
