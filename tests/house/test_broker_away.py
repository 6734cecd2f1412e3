"""A broker that was away for long is found again, at the first try."""

import asyncio
from pathlib import Path

from device.adapters.mqtt import MqttTransport, Presence
from protocol.ids import ReaderId
from tests.support.mosquitto import Mosquitto

READER = ReaderId("rd-house-1")


async def connected(at: MqttTransport, within_s: float) -> None:
    for _ in range(int(within_s / 0.02)):
        if at.connected:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"not connected within {within_s} s")


async def test_a_wait_longer_than_the_keepalive_does_not_end_the_next_connection(
    tmp_path: Path,
) -> None:
    """The wait before connecting is not the broker's silence."""
    broker = Mosquitto(tmp_path / "broker")
    broker.start()
    try:
        presence = Presence("1", simulated=True, since_ms=1)
        address = broker.client(READER)
        # Waits of 0.9, 1.8 and 3.6 s; the third is longer than the keepalive.
        at = MqttTransport(address, READER, presence, chance=lambda: 0.9, keepalive_s=2)
        async with at:
            await connected(at, 5)
            broker.kill()
            await asyncio.sleep(3.2)
            broker.start()
            await connected(at, 6)
            await at.publish(b"still here")
    finally:
        broker.kill()
