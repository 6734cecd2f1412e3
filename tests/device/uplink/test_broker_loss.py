"""The whole way, with a real broker that is killed again and again.

Mosquitto runs without persistence here: what it has acknowledged is gone when it is
killed, which is why its acknowledgement ends nothing.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from device.adapters.clock import SystemClock
from device.adapters.mqtt import MqttTransport, Presence, tls_context
from device.adapters.outbox_sqlite import SqliteOutbox
from device.uplink.at_rest import AtRest
from device.uplink.channel import Channel
from device.uplink.client import CloudUplink
from protocol import topics
from provisioning.broker import CLOUD
from tests.support.desk_cloud import READER, DeskCloud, question
from tests.support.mosquitto import Mosquitto

KILLS = int(os.environ.get("SHIKAKU_BROKER_KILLS", "6"))
"""The long form runs 1,000 (reliability goal G02)."""
QUESTIONS_PER_LIFE = 5


def now_ms() -> int:
    return int(SystemClock().now().timestamp() * 1000)


@asynccontextmanager
async def answering(broker: Mosquitto, cloud: DeskCloud) -> AsyncIterator[list[str]]:
    """A cloud that accepts every question; yields the ids it was asked."""
    asked: list[str] = []

    def on_connect(client: Client, *_: Any) -> None:
        client.subscribe(topics.SHARED_REQUESTS, qos=1)

    def on_message(client: Client, userdata: Any, message: MQTTMessage) -> None:
        sealed = bytes(message.payload)
        asked.append(message.topic)
        client.publish(topics.answer(READER), cloud.accept(sealed, now_ms()), qos=1)

    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=CLOUD,
        protocol=MQTTProtocolVersion.MQTTv5,
    )
    client.on_connect, client.on_message = on_connect, on_message
    address = broker.client(CLOUD)
    client.tls_set_context(tls_context(address))
    client.reconnect_delay_set(1, 1)
    client.connect(address.host, address.port)
    client.loop_start()
    try:
        yield asked
    finally:
        client.disconnect()
        await asyncio.to_thread(client.loop_stop)


async def test_no_question_is_lost_when_the_broker_is_killed(tmp_path: Path) -> None:
    broker, cloud = Mosquitto(tmp_path / "broker"), DeskCloud()
    broker.start()
    chance = random.Random(3)  # noqa: S311
    presence = Presence("test", simulated=True, since_ms=0)
    answered: list[str] = []
    asked: list[str] = []
    with SqliteOutbox(tmp_path / "outbox.sqlite") as outbox:
        try:
            async with (
                asyncio.timeout(30 + 3 * KILLS),
                answering(broker, cloud) as attempts,
                MqttTransport(
                    broker.client(READER), READER, presence, chance=lambda: 0.05
                ) as transport,
            ):
                uplink = CloudUplink(
                    Channel(cloud.identity, chance.randbytes),
                    AtRest(bytes(32), chance.randbytes),
                    outbox,
                    transport,
                    SystemClock(),
                    chance=chance.random,
                )
                async with asyncio.TaskGroup() as tasks:
                    running = tasks.create_task(uplink.run())
                    for life in range(KILLS):
                        for number in range(QUESTIONS_PER_LIFE):
                            new = question(life * 100 + number, now_ms())
                            await uplink.ask(new)
                            asked.append(new.request_id)
                            await asyncio.sleep(chance.uniform(0, 0.05))
                        broker.kill()
                        await asyncio.sleep(chance.uniform(0, 0.2))
                        broker.start()
                    while len(answered) < len(asked):
                        answered.append((await uplink.answer()).request_id)
                    # An answer is told first and forgotten then.
                    while outbox.pending():  # noqa: ASYNC110 (SQLite rings no bell)
                        await asyncio.sleep(0.01)
                    running.cancel()
            assert sorted(answered) == sorted(asked)
            assert len(attempts) >= len(asked)
            assert outbox.pending() == []
        finally:
            broker.kill()
