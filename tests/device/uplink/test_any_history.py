"""Whatever happens in whatever order: accepted, answered or still kept. Never gone."""

import asyncio
import random
from enum import Enum
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.adapters.outbox_sqlite import SqliteOutbox
from device.uplink.at_rest import AtRest
from device.uplink.channel import Channel
from device.uplink.client import CloudUplink
from protocol.catalogue import Code
from protocol.errors import WireError
from tests.support.desk_cloud import DeskCloud, MemoryTransport, question
from tests.support.hand_clock import HandClock


class Step(Enum):
    ASK = "ask"
    SEND = "send"
    ANSWER = "the cloud answers the newest envelope"
    ANSWER_OLDEST = "the cloud answers the oldest envelope"
    FORGE = "somebody changes a bit of an answer"
    NOTICE = "the cloud refuses the newest envelope"
    RESTART = "power cut"
    AWAY = "the broker goes"
    BACK = "the broker comes back"
    WAIT = "time passes"


class Life:
    """One history, and what the outside world believes about it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cloud = DeskCloud()
        self.clock = HandClock()
        self.noise = random.Random(1)  # noqa: S311
        self.transport = MemoryTransport()
        self.asked: list[str] = []
        self.answerable: set[str] = set()
        self.begin()

    def begin(self) -> None:
        self.outbox = SqliteOutbox(self.folder / "outbox.sqlite")
        self.uplink = CloudUplink(
            Channel(self.cloud.identity, self.noise.randbytes),
            AtRest(bytes(32), self.noise.randbytes),
            self.outbox,
            self.transport,
            self.clock,
            chance=self.noise.random,
        )

    async def do(self, step: Step) -> None:
        now = self.clock.now_ms()
        match step:
            case Step.ASK:
                new = question(len(self.asked), now, lives_s=3600)
                await self.uplink.ask(new)
                self.asked.append(new.request_id)
            case Step.SEND:
                await self.uplink.step()
            case Step.ANSWER | Step.ANSWER_OLDEST | Step.FORGE | Step.NOTICE:
                await self.say(step, now)
            case Step.RESTART:
                self.outbox.close()
                self.begin()
            case Step.AWAY | Step.BACK:
                self.transport.connected = step is Step.BACK
            case Step.WAIT:
                self.clock.pass_s(20)

    async def say(self, step: Step, now: int) -> None:
        if not self.transport.published:
            return
        sealed = self.transport.published[0 if step is Step.ANSWER_OLDEST else -1]
        if step is Step.NOTICE:
            data = self.cloud.notice(Code.STALE, sealed, now)
        else:
            try:
                data = self.cloud.accept(sealed, now)
            except WireError:
                # Too old for the cloud as well: it has nothing to answer.
                return
        if step is Step.FORGE:
            place = self.noise.randrange(len(data))
            data = data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]
        before = {record.request_id for record in self.outbox.pending()}
        await self.uplink.take(data)
        after = {record.request_id for record in self.outbox.pending()}
        if step in {Step.FORGE, Step.NOTICE}:
            assert after == before
        self.answerable |= before - after


async def live(folder: Path, steps: list[Step]) -> None:
    life = Life(folder)
    try:
        for step in steps:
            await life.do(step)
            kept = [record.request_id for record in life.outbox.pending()]
            assert kept == [one for one in life.asked if one not in life.answerable]
            assert life.uplink.waiting == len(kept)
    finally:
        life.outbox.close()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(Step), max_size=25))
def test_a_question_is_answered_or_kept_whatever_happens(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    asyncio.run(live(tmp_path_factory.mktemp("life"), steps))
