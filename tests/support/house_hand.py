"""A hand on the reader's own line: it can send what no reader of ours would send."""

import queue
import secrets
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from device.adapters.keystore_file import open_cloud_keys, open_signer
from device.uplink.channel import Channel, Identity
from protocol import topics
from protocol.errors import WireError
from protocol.ids import ReaderId, RequestId, VisitId, uuid7
from protocol.keys import Signer
from protocol.messages import Answer, RegistrationRequest
from protocol.notice import Notice
from provisioning.demo.desk import READER

PATIENCE_S = 15.0
NAME = ReaderId(READER)


def now_ms() -> int:
    return int(time.time() * 1000)


@dataclass(slots=True)
class Hand:
    channel: Channel
    client: Client
    heard: "queue.Queue[bytes]"

    def send(self, sealed: bytes) -> None:
        info = self.client.publish(topics.request(NAME), sealed, qos=1)
        info.wait_for_publish(PATIENCE_S)

    def ask(self, sealed: bytes) -> Answer | Notice:
        """Send it; the first answer or notice since then that is for this hand."""
        while not self.heard.empty():
            self.heard.get_nowait()
        self.send(sealed)
        while True:
            data = self.heard.get(timeout=PATIENCE_S)
            try:
                return self.channel.open(data, now_ms())
            except WireError:
                continue

    def seal(self, message: bytes, at_ms: int | None = None) -> bytes:
        sealed, _ = self.channel.seal(message, at_ms or now_ms())
        return sealed


def channel(keys: Path, signer: Signer | None = None) -> Channel:
    """As the reader has it, or with another signer."""
    cloud = open_cloud_keys(keys / "cloud-signing.pub", keys / "cloud-agreement.pub")
    own = signer or open_signer(keys / "reader.key")
    return Channel(Identity(NAME, own, cloud), secrets.token_bytes)


@contextmanager
def hand(port: int, keys: Path, who: str = "reader") -> Iterator[Hand]:
    heard: queue.Queue[bytes] = queue.Queue()
    subscribed = threading.Event()
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=f"hand-{who}",
        protocol=MQTTProtocolVersion.MQTTv5,
    )
    context = ssl.create_default_context(cafile=keys / "fleet-ca.pem")
    context.load_cert_chain(keys / f"{who}.pem", keys / f"{who}.key")
    client.tls_set_context(context)

    def ready(*_: Any) -> None:
        subscribed.set()

    client.on_message = lambda _c, _u, message: heard.put(bytes(message.payload))
    client.on_subscribe = ready
    client.connect("127.0.0.1", port)
    topic = topics.answer(NAME) if who == "reader" else topics.request(NAME)
    client.subscribe(topic, qos=1)
    client.loop_start()
    try:
        assert subscribed.wait(PATIENCE_S)
        yield Hand(channel(keys), client, heard)
    finally:
        client.disconnect()
        client.loop_stop()


def question() -> RegistrationRequest:
    """A well-formed question to which a healthy cloud says M411."""
    at = now_ms()

    def fresh() -> str:
        return uuid7(at, secrets.token_bytes(10))

    return RegistrationRequest(
        request_id=RequestId(fresh()),
        visit_id=VisitId(fresh()),
        reader_id=NAME,
        issued_at=at,
        expires_at=at + 60_000,
        verification=RequestId(fresh()),
        agreed=True,
    )
