"""Load through paho: readers whose sockets one thread serves.

Open loop: every message has its time, and latency counts from that time, so a cloud
that stalls is charged for everyone who had to wait. Closed loop: a fixed number under
way, to find what is sustained.
"""

import select
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from protocol import topics
from protocol.ids import ReaderId

PATIENCE_S = 5.0
LEAD_S = 0.1


@dataclass(frozen=True, slots=True)
class Shot:
    """One message to send. `after_s`: when, from the start of the step."""

    reader: ReaderId
    payload: bytes
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    reader: ReaderId
    payload: bytes
    after_s: float


class Readers:
    """Connections of all readers, driven together."""

    def __init__(self, names: Sequence[ReaderId], port: int) -> None:
        self._heard: list[Heard] = []
        self._start = 0.0
        self._clients = {name: self._connected(name, port) for name in names}
        for _ in range(100):
            self._pump(0.01)

    def close(self) -> None:
        for client in self._clients.values():
            client.disconnect()
            client.loop_write()

    def open_loop(self, shots: Sequence[Shot]) -> list[Heard]:
        """Send each at its time; ends when all are answered or patience is over."""
        self._begin()
        sent, over = 0, shots[-1].after_s + PATIENCE_S
        while len(self._heard) < len(shots) and self._now() < over:
            now = self._now()
            while sent < len(shots) and shots[sent].after_s <= now:
                self._send(shots[sent])
                sent += 1
            wait = shots[sent].after_s - self._now() if sent < len(shots) else 0.02
            self._pump(max(0.0, min(wait, 0.02)))
        return self._heard

    def closed_loop(
        self, shots: Iterator[Shot], window: int, seconds: float
    ) -> list[Heard]:
        """Keep `window` under way until the time, or the stock, is over."""
        self._begin()
        answered, under_way = 0, 0
        while self._now() < seconds:
            under_way -= len(self._heard) - answered
            answered = len(self._heard)
            while under_way < window:
                shot = next(shots, None)
                if shot is None:
                    return self._heard
                self._send(shot)
                under_way += 1
            self._pump(0.02)
        return list(self._heard)

    def drain(self, seconds: float) -> None:
        """Take what is still on its way, so that the next step begins clean."""
        over = time.perf_counter() + seconds
        while time.perf_counter() < over:
            self._pump(0.05)

    # -- one connection ------------------------------------------------------------
    def _connected(self, name: ReaderId, port: int) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=name,
            protocol=MQTTProtocolVersion.MQTTv5,
        )
        client.max_inflight_messages_set(2000)
        client.on_socket_open = _no_delay
        client.on_socket_register_write = _write_later

        def hear(_client: Client, _user: Any, message: MQTTMessage) -> None:
            self._heard.append(Heard(name, bytes(message.payload), self._now()))

        def subscribe(connected: Client, *_: Any) -> None:
            connected.subscribe(topics.answer(name), qos=1)

        client.on_message, client.on_connect = hear, subscribe
        client.connect("127.0.0.1", port)
        return client

    # -- all of them -----------------------------------------------------------------
    def _begin(self) -> None:
        self._heard = []
        self._start = time.perf_counter() + LEAD_S

    def _now(self) -> float:
        return time.perf_counter() - self._start

    def _send(self, shot: Shot) -> None:
        topic = topics.request(shot.reader)
        self._clients[shot.reader].publish(topic, shot.payload, qos=1)

    def _pump(self, wait_s: float) -> None:
        by_socket = {
            sock: client
            for client in self._clients.values()
            if (sock := client.socket()) is not None
        }
        for client in by_socket.values():
            if client.want_write():
                client.loop_write()
        readable, _, _ = select.select(by_socket, [], [], wait_s)
        while readable:
            for sock in readable:
                by_socket[sock].loop_read()
            readable, _, _ = select.select(readable, [], [], 0)


@contextmanager
def readers(names: Sequence[ReaderId], port: int) -> Iterator[Readers]:
    opened = Readers(names, port)
    try:
        yield opened
    finally:
        opened.close()


def poisson(rate: float, seconds: float, seed: int) -> list[float]:
    """Times of arrival within the step, as independent patients make them."""
    draw = Random(seed)  # noqa: S311 - load, not secrets
    times, at = [], 0.0
    while (at := at + draw.expovariate(rate)) < seconds:
        times.append(at)
    return times


def _no_delay(_client: Client, _user: Any, sock: Any) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _write_later(_client: Client, _user: Any, _sock: Any) -> None:
    """Nothing: `_pump` writes."""
