"""The transport against a real broker: identity, presence, loss and return."""

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from device.adapters.mqtt import BrokerAddress, MqttTransport, Presence, tls_context
from device.ports import PartError
from protocol import topics
from protocol.ids import ReaderId
from provisioning.broker import CLOUD
from tests.support.mosquitto import Mosquitto, authority, free_port

READER = ReaderId("rd-tokyo-1")
PRESENCE = Presence("0.1.0", simulated=True, since_ms=1_700_000_000_000)
SOON_S = 10.0


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    running = Mosquitto(tmp_path / "broker")
    running.start()
    yield running
    running.kill()


def transport(address: BrokerAddress, reader: ReaderId = READER) -> MqttTransport:
    return MqttTransport(address, reader, PRESENCE, chance=lambda: 0.1)


async def until(true: Callable[[], bool]) -> None:
    """Within ten seconds, or the test fails."""
    async with asyncio.timeout(SOON_S):
        while not true():  # noqa: ASYNC110  another thread decides when
            await asyncio.sleep(0.01)


async def heard(at: MqttTransport) -> bytes:
    async with asyncio.timeout(SOON_S):
        return await at.incoming()


@dataclass
class Cloud:
    """The other client: hears requests and presence, and says answers."""

    client: Client
    messages: "asyncio.Queue[tuple[str, bytes]]"

    async def next(self) -> tuple[str, bytes]:
        async with asyncio.timeout(SOON_S):
            return await self.messages.get()

    async def presence(self) -> str:
        while True:
            topic, payload = await self.next()
            if topic == topics.presence(READER):
                return str(json.loads(payload)["state"])

    def say(self, payload: bytes) -> None:
        self.client.publish(topics.answer(READER), payload, qos=1)

    async def leave_lying(self, payload: bytes) -> None:
        """A retained answer; there when this returns."""
        left = self.client.publish(topics.answer(READER), payload, 1, retain=True)
        await asyncio.to_thread(left.wait_for_publish, SOON_S)
        assert left.is_published()


@asynccontextmanager
async def cloud(broker: Mosquitto) -> AsyncIterator[Cloud]:
    loop = asyncio.get_running_loop()
    messages: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
    ready = asyncio.Event()
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=CLOUD,
        protocol=MQTTProtocolVersion.MQTTv5,
    )

    def on_message(client: Client, userdata: Any, message: MQTTMessage) -> None:
        fact = (message.topic, bytes(message.payload))
        loop.call_soon_threadsafe(messages.put_nowait, fact)

    def on_subscribe(*_: Any) -> None:
        loop.call_soon_threadsafe(ready.set)

    client.on_message = on_message
    client.on_subscribe = on_subscribe
    address = broker.client(CLOUD)
    client.tls_set_context(tls_context(address))
    client.connect(address.host, address.port)
    client.subscribe([(topics.SHARED_REQUESTS, 1), (topics.PRESENCE_OF_ALL, 1)])
    client.loop_start()
    try:
        async with asyncio.timeout(SOON_S):
            await ready.wait()
        yield Cloud(client, messages)
    finally:
        client.disconnect()
        await asyncio.to_thread(client.loop_stop)


async def test_whoever_waits_is_told_of_the_loss_and_of_the_return(
    broker: Mosquitto,
) -> None:
    async with asyncio.timeout(SOON_S), transport(broker.client(READER)) as at:
        await at.turned()
        assert at.connected
        broker.kill()
        await at.turned()
        assert not at.connected
        broker.start()
        await at.turned()
        assert at.connected


async def test_without_a_broker_nothing_is_sent_and_nothing_hangs(
    tmp_path: Path,
) -> None:
    address = Mosquitto(tmp_path / "never-started").client(READER)
    async with asyncio.timeout(SOON_S), transport(address) as at:
        assert not at.connected
        with pytest.raises(PartError) as caught:
            await at.publish(b"request")
        assert caught.value.code == "N301"


async def test_a_reader_of_another_fleet_stays_outside(broker: Mosquitto) -> None:
    stranger = broker.client("rd-other-1", signed_by=authority("another fleet"))
    async with transport(stranger, ReaderId("rd-other-1")) as at:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.0):
                await until(lambda: at.connected)


async def test_a_broker_of_another_fleet_is_not_believed(
    broker: Mosquitto, tmp_path: Path
) -> None:
    other = Mosquitto(tmp_path / "other")
    address = replace(broker.client(READER), ca=other.folder / "ca.pem")
    async with transport(address) as at:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.0):
                await until(lambda: at.connected)


@pytest.mark.parametrize("fault", ["another name", "expired", "not yet valid"])
async def test_a_broker_with_a_bad_certificate_is_not_believed(
    fault: str, tmp_path: Path
) -> None:
    hosts = ("broker.invalid",) if fault == "another name" else ("127.0.0.1",)
    days = {"expired": -3, "not yet valid": 3}.get(fault, 0)
    born = datetime.now(UTC) + timedelta(days=days)
    elsewhere = Mosquitto(tmp_path / "elsewhere", hosts=hosts, born=born)
    elsewhere.start()
    try:
        async with transport(elsewhere.client(READER)) as at:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1.0):
                    await until(lambda: at.connected)
    finally:
        elsewhere.kill()


def test_nothing_older_than_tls_1_2_is_spoken(broker: Mosquitto) -> None:
    context = tls_context(broker.client(READER))
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_missing_certificate_files_are_d702(broker: Mosquitto) -> None:
    address = replace(broker.client(READER), ca=broker.folder / "nowhere.pem")
    with pytest.raises(PartError) as caught:
        tls_context(address)
    assert caught.value.code == "D702"


async def test_requests_go_up_and_answers_come_down(broker: Mosquitto) -> None:
    async with cloud(broker) as other, transport(broker.client(READER)) as at:
        await until(lambda: at.connected)
        assert await other.presence() == "online"
        await at.publish(b"request")
        assert await other.next() == (topics.request(READER), b"request")
        other.say(b"answer")
        assert await heard(at) == b"answer"


async def test_presence_says_what_and_since_when_and_nobodys_name(
    broker: Mosquitto,
) -> None:
    async with cloud(broker) as other, transport(broker.client(READER)):
        topic, payload = await other.next()
        assert topic == topics.presence(READER)
        assert json.loads(payload) == {
            "state": "online",
            "version": "0.1.0",
            "simulated": True,
            "since": 1_700_000_000_000,
        }


async def test_leaving_says_offline_and_later_comers_hear_it(
    broker: Mosquitto,
) -> None:
    async with cloud(broker) as other:
        async with transport(broker.client(READER)) as at:
            await until(lambda: at.connected)
            assert await other.presence() == "online"
        assert await other.presence() == "offline"
    async with cloud(broker) as later:
        assert await later.presence() == "offline"


async def test_a_reader_that_dies_is_announced_by_its_will(broker: Mosquitto) -> None:
    async with cloud(broker) as other, transport(broker.client(READER)) as at:
        await until(lambda: at.connected)
        assert await other.presence() == "online"
        plug: Any = at._client.socket()
        plug.shutdown(socket.SHUT_RDWR)
        assert await other.presence() == "offline"
        # And it comes back by itself.
        assert await other.presence() == "online"
        await until(lambda: at.connected)


async def test_answers_wait_for_a_reader_that_is_away(broker: Mosquitto) -> None:
    address = broker.client(READER)
    async with cloud(broker) as other:
        async with transport(address) as at:
            await until(lambda: at.connected)
        other.say(b"while away")
        async with transport(address) as back:
            assert await heard(back) == b"while away"


async def test_a_retained_answer_is_ignored(broker: Mosquitto) -> None:
    async with cloud(broker) as other:
        await other.leave_lying(b"left lying here")
        async with transport(broker.client(READER)) as at:
            await until(lambda: at.connected)
            other.say(b"for this reader, now")
            assert await heard(at) == b"for this reader, now"


async def test_a_killed_broker_is_noticed_and_its_return_too(
    broker: Mosquitto,
) -> None:
    async with transport(broker.client(READER)) as at:
        for _ in range(3):
            await until(lambda: at.connected)
            broker.kill()
            await until(lambda: not at.connected)
            with pytest.raises(PartError):
                await at.publish(b"lost")
            broker.start()
        await until(lambda: at.connected)
        async with cloud(broker) as other:
            await at.publish(b"request")
            while (found := await other.next())[0] != topics.request(READER):
                pass
            assert found[1] == b"request"


async def test_a_publish_that_is_cut_off_fails_instead_of_hanging(
    broker: Mosquitto,
) -> None:
    async with transport(broker.client(READER)) as at:
        await until(lambda: at.connected)
        async with asyncio.timeout(SOON_S), asyncio.TaskGroup() as tasks:
            broker._process.send_signal(19)  # type: ignore[union-attr]  # SIGSTOP
            sending = tasks.create_task(failing(at))
            await asyncio.sleep(0.05)
            broker.kill()
        assert sending.result() == "N301"


async def failing(at: MqttTransport) -> str:
    try:
        await at.publish(b"request")
    except PartError as error:
        return error.code
    return "it was acknowledged"


async def test_small_messages_are_not_held_back(broker: Mosquitto) -> None:
    async with transport(broker.client(READER)) as at:
        await until(lambda: at.connected)
        plug: Any = at._client.socket()
        assert plug.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_a_reader_cannot_speak_for_another(broker: Mosquitto) -> None:
    """The certificate's name is the user name; the access list binds the topics."""
    async with cloud(broker) as other, transport(broker.client("rd-other-1")) as at:
        await until(lambda: at.connected)
        with pytest.raises(PartError):
            await at.publish(b"forged")
        other.say(b"for the real one")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await at.incoming()
        assert other.messages.empty()


async def test_closing_twice_is_fine(broker: Mosquitto) -> None:
    at = transport(broker.client(READER))
    async with at:
        await until(lambda: at.connected)
    await at.__aexit__(None, None, None)
    assert not at.connected


async def test_a_port_where_nobody_listens_is_tried_with_growing_pauses(
    broker: Mosquitto,
) -> None:
    address = replace(broker.client(READER), port=free_port())
    at = transport(address)
    async with at:
        await asyncio.sleep(0.6)
    # 0, 0.1, 0.2, 0.4 s at a tenth of the ceiling: never a busy loop.
    assert 2 <= at._backoff._failures <= 4


def test_a_handshake_that_fails_leaves_no_socket_open(broker: Mosquitto) -> None:
    context = tls_context(broker.client(CLOUD))
    with socket.create_server(("127.0.0.1", 0)) as server:
        plain = socket.create_connection(server.getsockname())
        hanging = context.wrap_socket(
            plain, server_hostname="127.0.0.1", do_handshake_on_connect=False
        )
        server.accept()[0].close()
        with pytest.raises((ConnectionError, ssl.SSLError)):
            hanging.do_handshake()
        assert hanging.fileno() == -1
