"""Messages to and from the cloud over MQTT 5 and mutual TLS (device.ports.Transport).

paho-mqtt runs its own network thread; what it learns crosses into asyncio by
`call_soon_threadsafe` and nothing else does. paho keeps its queue in memory only, so
nothing here is a promise: the outbox is, and the cloud's receipt ends it.
"""

import asyncio
import json
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Any, Self

import structlog
from paho.mqtt.client import (
    MQTT_ERR_SUCCESS,
    Client,
    ConnectFlags,
    DisconnectFlags,
    MQTTMessage,
)
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from device.adapters.backoff import LIMIT_S, Backoff
from device.ports import PartError
from protocol import topics
from protocol.catalogue import Code
from protocol.ids import ReaderId

SESSION_EXPIRY_S = 3600
"""How long the broker keeps answers for a reader that is away."""
KEEPALIVE_S = 10
CONNECT_TIMEOUT_S = 5.0
WAITING_ANSWERS = 256
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where the broker is and how both sides prove who they are (PEM files)."""

    host: str
    port: int
    ca: Path
    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Presence:
    """What the fleet sees of a reader that is here; no personal data."""

    version: str
    simulated: bool
    since_ms: int

    def online(self) -> bytes:
        return _json(
            state="online",
            version=self.version,
            simulated=self.simulated,
            since=self.since_ms,
        )

    def offline(self) -> bytes:
        return _json(state="offline", version=self.version, simulated=self.simulated)


class _Socket(ssl.SSLSocket):
    """paho drops a socket whose handshake failed without closing it."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def tls_context(broker: BrokerAddress) -> ssl.SSLContext:
    """TLS 1.2 or newer, the fleet's own authority only, host name checked."""
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.sslsocket_class = _Socket
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_verify_locations(broker.ca)
        context.load_cert_chain(broker.certificate, broker.key)
    except OSError as error:
        detail = f"broker certificate files: {error.strerror or error}"
        raise PartError(Code.CONFIG_WRONG, detail) from error
    return context


class MqttTransport:
    """Connected while it is open, and again whenever the broker comes back."""

    def __init__(
        self,
        broker: BrokerAddress,
        reader: ReaderId,
        presence: Presence,
        *,
        chance: Callable[[], float],
        keepalive_s: int = KEEPALIVE_S,
        rest_s: float = LIMIT_S,
    ) -> None:
        """`chance` gives numbers in [0, 1) for the jitter of reconnecting.

        `rest_s` is the longest rest between two tries.
        """
        self._broker = broker
        self._reader = reader
        self._presence = presence
        self._keepalive_s = keepalive_s
        self._backoff = Backoff(chance, rest_s)
        self._answers: asyncio.Queue[bytes] = asyncio.Queue(WAITING_ANSWERS)
        self._unacknowledged: dict[int, asyncio.Future[ReasonCode]] = {}
        self._subscribed = False
        self._turned = asyncio.Event()
        self._announced_loss = False
        self._closing = Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client = self._new_client()

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._backoff.reset()
        connect = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # paho
        connect.SessionExpiryInterval = SESSION_EXPIRY_S
        self._client.connect_async(
            self._broker.host,
            self._broker.port,
            keepalive=self._keepalive_s,
            clean_start=False,
            properties=connect,
        )
        self._client.loop_start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave politely, and let the will say so; closing twice is fine."""
        self._closing.set()
        farewell = ReasonCode(PacketTypes.DISCONNECT, "Disconnect with will message")
        self._client.disconnect(farewell)
        await asyncio.to_thread(self._client.loop_stop)
        self._lost("closed")

    @property
    def connected(self) -> bool:
        """The broker answers, and it took our subscription."""
        return self._subscribed

    async def turned(self) -> None:
        """For one who waits: what has turned is told once."""
        await self._turned.wait()
        self._turned.clear()

    async def publish(self, payload: bytes) -> None:
        """PartError N301 when the broker is away or does not take it.

        Once handed over, paho sends it again after a reconnect: at least once.
        """
        if not self._subscribed:
            raise PartError(Code.BROKER_UNREACHABLE, "not connected")
        info = self._client.publish(topics.request(self._reader), payload, qos=1)
        if info.rc != MQTT_ERR_SUCCESS:
            raise PartError(Code.BROKER_UNREACHABLE, "not sent")
        done = asyncio.get_running_loop().create_future()
        self._unacknowledged[info.mid] = done
        try:
            reason = await done
        finally:
            self._unacknowledged.pop(info.mid, None)
        if reason.is_failure:
            raise PartError(Code.BROKER_UNREACHABLE, f"broker refused: {reason}")

    async def incoming(self) -> bytes:
        return await self._answers.get()

    def _new_client(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._reader,
            protocol=MQTTProtocolVersion.MQTTv5,
        )
        client.tls_set_context(tls_context(self._broker))
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.max_inflight_messages_set(20)
        client.will_set(
            topics.presence(self._reader), self._presence.offline(), 1, retain=True
        )
        client.on_socket_open = _send_at_once
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        return client

    # From here on: paho's thread.

    def _rest(self, client: Client) -> None:
        # paho waits so long and then connects. A wait inside `on_pre_connect` would
        # count as the broker's silence: beyond the keepalive paho hangs up at once.
        rest_s = self._backoff.next_s()
        client.reconnect_delay_set(rest_s, rest_s)  # type: ignore[arg-type] # paho

    def _on_connect(
        self,
        client: Client,
        userdata: Any,
        flags: ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._tell(self._lost, str(reason))
            return
        self._backoff.reset()
        client.subscribe(topics.answer(self._reader), qos=1)
        client.publish(
            topics.presence(self._reader), self._presence.online(), 1, retain=True
        )

    def _on_connect_fail(self, client: Client, userdata: Any) -> None:
        self._rest(client)
        # paho does not say why; `shikaku-reader selftest` connects itself and does.
        self._tell(self._lost, "no connection, or no TLS agreement")

    def _on_subscribe(
        self,
        client: Client,
        userdata: Any,
        mid: int,
        reasons: list[ReasonCode],
        properties: Properties | None,
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self._tell(self._lost, "subscription refused")
        else:
            self._tell(self._found)

    def _on_publish(
        self,
        client: Client,
        userdata: Any,
        mid: int,
        reason: ReasonCode,
        properties: Properties,
    ) -> None:
        self._tell(self._acknowledged, mid, reason)

    def _on_message(self, client: Client, userdata: Any, message: MQTTMessage) -> None:
        # protocol/README.md 2: a retained answer was put there for nobody's question.
        if not message.retain:
            self._tell(self._arrived, bytes(message.payload))

    def _on_disconnect(
        self,
        client: Client,
        userdata: Any,
        flags: DisconnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        self._rest(client)
        self._tell(self._lost, str(reason))

    def _tell(self, what: Callable[..., None], *facts: object) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(what, *facts)

    # From here on: the event loop again.

    def _turn(self, *, connected: bool) -> None:
        if connected is not self._subscribed:
            self._turned.set()
        self._subscribed = connected

    def _found(self) -> None:
        self._turn(connected=True)
        self._announced_loss = False
        _log.info("broker connected")

    def _lost(self, why: str) -> None:
        self._turn(connected=False)
        # Once when lost, once when back: a night without a network is two lines.
        if not self._announced_loss and not self._closing.is_set():
            self._announced_loss = True
            _log.warning("broker lost", code=Code.BROKER_UNREACHABLE, reason=why)
        for done in self._unacknowledged.values():
            if not done.done():
                done.set_exception(PartError(Code.BROKER_UNREACHABLE, why))

    def _acknowledged(self, mid: int, reason: ReasonCode) -> None:
        done = self._unacknowledged.get(mid)
        if done is not None and not done.done():
            done.set_result(reason)

    def _arrived(self, payload: bytes) -> None:
        try:
            self._answers.put_nowait(payload)
        except asyncio.QueueFull:
            # The request is asked again, so the answer comes again.
            _log.warning("answer dropped", waiting=WAITING_ANSWERS)


def _send_at_once(client: Client, userdata: Any, plug: Any) -> None:
    # Nagle would hold back the second half of a PUBLISH until the first is acked.
    plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _json(**facts: object) -> bytes:
    return json.dumps(facts, separators=(",", ":")).encode()
