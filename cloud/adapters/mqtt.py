"""The broker through paho-mqtt: MQTT 5, mutual TLS, one thread.

paho is driven from here instead of from a thread of its own: while a batch is being
committed the network waits in the kernel, and nothing is written before `flush`.
"""

import select
import socket
import ssl
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from cloud.intake.line import Arrival

IN_FLIGHT = 1000
KEEPALIVE_S = 30
RETRY_S = 0.5
CONNECT_S = 10.0

log = structlog.get_logger("mqtt")


@dataclass(frozen=True, slots=True)
class Tls:
    ca: Path
    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)
        return context


class BrokerLine:
    """One connection with one subscription; keeps trying until it is closed.

    Arrivals are acknowledged by hand, so PUBACK follows the commit.
    """

    def __init__(
        self, host: str, port: int, tls: Tls | None, *, name: str, subscribe: str
    ) -> None:
        self._place = host, port
        self._subscribe = subscribe
        self._arrived: deque[Arrival] = deque()
        self.listening = False
        """True while the broker has acknowledged our subscription."""
        self._away = False
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=name,
            protocol=MQTTProtocolVersion.MQTTv5,
            manual_ack=True,
        )
        self._client.max_inflight_messages_set(IN_FLIGHT)
        self._client.connect_timeout = CONNECT_S
        if tls is not None:
            self._client.tls_set_context(tls.context())
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.on_socket_open = _no_delay
        # With this callback set paho queues instead of writing at once.
        self._client.on_socket_register_write = _write_later

    # -- Line --------------------------------------------------------------------
    def receive(self, timeout_s: float, limit: int) -> list[Arrival]:
        if self._client.socket() is None:
            self._connect()
        if not self._arrived:
            self._turn(timeout_s)
        while len(self._arrived) < limit and self._readable():
            self._client.loop_read()
        self._client.loop_misc()
        count = min(limit, len(self._arrived))
        return [self._arrived.popleft() for _ in range(count)]

    def publish(self, topic: str, payload: bytes) -> None:
        self._client.publish(topic, payload, qos=1)

    def acknowledge(self, arrival: Arrival) -> None:
        self._client.ack(arrival.ticket, qos=1)

    def flush(self) -> None:
        while self._client.want_write() and (sock := self._client.socket()):
            select.select([], [sock], [], KEEPALIVE_S)
            self._client.loop_write()

    def close(self) -> None:
        """Leave in order; what was published is sent first. Twice is fine."""
        if self._client.socket() is not None:
            self._client.unsubscribe(self._subscribe)
            self._client.disconnect()
            self.flush()
        self.listening = False

    # -- the network -------------------------------------------------------------
    def _connect(self) -> None:
        host, port = self._place
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.ReceiveMaximum = IN_FLIGHT
        try:
            self._client.connect(
                host, port, KEEPALIVE_S, clean_start=True, properties=properties
            )
        except OSError as error:
            if not self._away:
                # Once when lost; "listening" says when it is back.
                log.warning("broker unreachable", error=type(error).__name__)
            self._away = True
            time.sleep(RETRY_S)

    def _turn(self, timeout_s: float) -> None:
        sock = self._client.socket()
        if sock is None:
            return
        writing = [sock] if self._client.want_write() else []
        waiting = 0.0 if _pending(sock) else timeout_s
        readable, writable, _ = select.select([sock], writing, [], waiting)
        if writable:
            self._client.loop_write()
        if readable or _pending(sock):
            self._client.loop_read()

    def _readable(self) -> bool:
        sock = self._client.socket()
        if sock is None:
            return False
        return bool(_pending(sock) or select.select([sock], [], [], 0)[0])

    # -- what paho tells -----------------------------------------------------------
    def _on_connect(
        self, client: Client, _user: Any, _flags: Any, reason: ReasonCode, _more: Any
    ) -> None:
        if reason.is_failure:
            log.warning("broker refused", reason=str(reason))
            return
        client.subscribe(self._subscribe, qos=1)

    def _on_subscribe(
        self, _client: Client, _user: Any, _mid: int, reasons: list[Any], _more: Any
    ) -> None:
        self.listening = not any(reason.is_failure for reason in reasons)
        self._away = False
        log.info("listening" if self.listening else "subscription refused")

    def _on_disconnect(
        self, _client: Client, _user: Any, _flags: Any, reason: ReasonCode, _more: Any
    ) -> None:
        # Acknowledgements of an earlier connection would name other messages.
        self._arrived.clear()
        self.listening = False
        log.info("disconnected", reason=str(reason))

    def _on_message(self, client: Client, _user: Any, message: MQTTMessage) -> None:
        if message.retain:
            # protocol/README 2: nobody's question; it would come at every start.
            client.ack(message.mid, message.qos)
            return
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        arrival = Arrival(topic, bytes(message.payload), message.mid)
        self._arrived.append(arrival)


def _pending(sock: Any) -> int:
    """Bytes that TLS has decrypted already, which select cannot see."""
    return sock.pending() if isinstance(sock, ssl.SSLSocket) else 0


def _no_delay(_client: Client, _user: Any, sock: Any) -> None:
    # With Nagle, PUBLISH and PUBACK wait for each other: 25 answers/s instead of 700.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _write_later(_client: Client, _user: Any, _sock: Any) -> None:
    """Nothing: `flush` and `receive` write."""
