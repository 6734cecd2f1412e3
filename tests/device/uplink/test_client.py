"""A request ends by the cloud's signed answer to it, and by nothing else."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from structlog.testing import capture_logs

from device.adapters.outbox_sqlite import SqliteOutbox
from device.ports import OutboxRecord, PartError
from device.uplink.at_rest import AtRest
from device.uplink.channel import Channel
from device.uplink.client import CloudUplink
from protocol.catalogue import Code
from protocol.codec import encode
from protocol.messages import Refusal, VerificationAnswer
from protocol.sessions import CloudKeys, SessionCache
from tests.support.desk_cloud import (
    AGREEMENT,
    READER,
    DeskCloud,
    MemoryTransport,
    accepted,
    question,
)
from tests.support.hand_clock import HandClock

STORAGE_KEY = bytes(range(32))
ENTROPY: Callable[[int], bytes] = random.Random(20260401).randbytes  # noqa: S311


@dataclass
class Bench:
    """An uplink with everything around it, moved by hand."""

    path: Path
    cloud: DeskCloud
    clock: HandClock
    transport: MemoryTransport
    outbox: SqliteOutbox
    uplink: CloudUplink

    def restarted(self) -> "Bench":
        """The same disk and clock, everything else new: a power cut."""
        self.outbox.close()
        return bench(self.path, self.clock)

    async def deliver(self, data: bytes) -> None:
        await self.uplink.take(data)

    def ids(self) -> list[str]:
        return [record.request_id for record in self.outbox.pending()]


def bench(path: Path, clock: HandClock, chance: float = 0.5) -> Bench:
    cloud, transport = DeskCloud(), MemoryTransport()
    outbox = SqliteOutbox(path / "outbox.sqlite")
    uplink = CloudUplink(
        Channel(cloud.identity, ENTROPY),
        AtRest(STORAGE_KEY, ENTROPY),
        outbox,
        transport,
        clock,
        chance=lambda: chance,
    )
    return Bench(path, cloud, clock, transport, outbox, uplink)


@pytest.fixture
def on(tmp_path: Path) -> Bench:
    return bench(tmp_path, HandClock())


async def asked(on: Bench, number: int = 1, lives_s: int = 600) -> bytes:
    """Ask, and let the first attempt go out."""
    await on.uplink.ask(question(number, on.clock.now_ms(), lives_s))
    await on.uplink.step()
    return on.transport.published[-1]


async def test_the_brokers_acknowledgement_ends_nothing(on: Bench) -> None:
    await asked(on)
    assert len(on.ids()) == 1
    assert on.uplink.waiting == 1


async def test_the_clouds_answer_ends_it(on: Bench) -> None:
    sealed = await asked(on)
    await on.deliver(on.cloud.accept(sealed, on.clock.now_ms()))
    answer = await on.uplink.answer()
    assert isinstance(answer, VerificationAnswer)
    assert on.ids() == []
    assert on.uplink.waiting == 0


async def test_an_answer_of_another_signer_changes_nothing(on: Bench) -> None:
    sealed = await asked(on)
    stranger = DeskCloud(
        CloudKeys(
            agreements=(AGREEMENT,),
            signing=ec.derive_private_key(99, ec.SECP256R1()),
            cache=SessionCache(),
        )
    )
    with capture_logs() as lines:
        await on.deliver(stranger.accept(sealed, on.clock.now_ms()))
    assert len(on.ids()) == 1
    assert on.uplink.counts.not_trusted == 1
    assert lines[0]["code"] == "N303"


async def test_no_flipped_bit_is_believed(on: Bench) -> None:
    sealed = await asked(on)
    genuine = on.cloud.accept(sealed, on.clock.now_ms())
    for place in range(len(genuine)):
        broken = bytearray(genuine)
        broken[place] ^= 1 << (place % 8)
        await on.deliver(bytes(broken))
    assert on.uplink.counts.answers == 0
    assert on.uplink.counts.not_trusted == len(genuine)
    assert len(on.ids()) == 1


async def test_an_answer_to_other_bytes_is_not_an_answer(on: Bench) -> None:
    sealed = await asked(on)
    opened = on.cloud.open(sealed, on.clock.now_ms())
    answer = accepted(opened.message, on.clock.now_ms())
    unbound = answer.model_copy(update={"request_hash": bytes(32)})
    await on.deliver(on.cloud.seal(unbound, opened, on.clock.now_ms()))
    assert on.uplink.counts.not_trusted == 1
    assert len(on.ids()) == 1


async def test_an_answer_to_an_unknown_question_changes_nothing(on: Bench) -> None:
    sealed = await asked(on)
    opened = on.cloud.open(sealed, on.clock.now_ms())
    other = encode(question(2, on.clock.now_ms()))
    await on.deliver(
        on.cloud.seal(accepted(other, on.clock.now_ms()), opened, on.clock.now_ms())
    )
    assert on.uplink.counts.not_awaited == 1
    assert len(on.ids()) == 1


async def test_a_replayed_answer_is_told_once(on: Bench) -> None:
    sealed = await asked(on)
    genuine = on.cloud.accept(sealed, on.clock.now_ms())
    await on.deliver(genuine)
    await on.deliver(genuine)
    assert on.uplink.counts.answers == 1
    assert on.uplink.counts.not_awaited == 1


async def test_an_old_answer_is_not_believed_and_is_asked_for_again(on: Bench) -> None:
    sealed = await asked(on)
    genuine = on.cloud.accept(sealed, on.clock.now_ms())
    on.clock.pass_s(300)
    await on.deliver(genuine)
    assert on.uplink.counts.not_trusted == 1
    await on.uplink.step()
    again = on.transport.published[-1]
    await on.deliver(on.cloud.accept(again, on.clock.now_ms()))
    assert on.uplink.counts.answers == 1


async def test_every_attempt_is_sealed_afresh(on: Bench) -> None:
    first = await asked(on)
    on.clock.pass_s(10)
    await on.uplink.step()
    second = on.transport.published[-1]
    assert first != second
    at = on.clock.now_ms()
    assert on.cloud.open(first, at).message == on.cloud.open(second, at).message


async def test_attempts_follow_the_schedule(on: Bench) -> None:
    """Pauses of 1, 2, 4 ... 60 s, of which half is jitter: 0.75 of each here."""
    await asked(on, lives_s=3600)
    start = on.clock.monotonic()
    times: list[float] = []
    while len(times) < 9:
        rest_s = await on.uplink.step()
        assert 0 < rest_s <= 30
        if len(on.transport.published) > len(times) + 1:
            times.append(on.clock.monotonic() - start)
        on.clock.pass_s(rest_s)
    pauses = [round(b - a, 1) for a, b in zip([0.0, *times[:-1]], times, strict=True)]
    expected = [0.75, 1.5, 3, 6, 12, 24, 45, 45, 45]
    assert pauses == pytest.approx(expected, abs=0.3)


async def test_a_clock_set_back_does_not_silence_the_reader(on: Bench) -> None:
    await asked(on)
    on.clock.set_back(timedelta(days=400))
    on.clock.pass_s(2)
    await on.uplink.step()
    assert len(on.transport.published) == 2


async def test_nothing_is_sent_while_the_broker_is_away(on: Bench) -> None:
    on.transport.connected = False
    await on.uplink.ask(question(1, on.clock.now_ms()))
    await on.uplink.step()
    assert on.transport.published == []
    assert not on.uplink.reachable
    assert len(on.ids()) == 1


async def test_when_the_broker_is_back_all_goes_at_once_and_in_order(
    on: Bench,
) -> None:
    on.transport.acknowledges = False
    for number in (1, 2, 3):
        await asked(on, number)
    on.transport.connected = False
    await on.uplink.step()
    on.transport.connected = on.transport.acknowledges = True
    on.transport.published.clear()
    await on.uplink.step()
    at = on.clock.now_ms()
    sent = [on.cloud.open(sealed, at).message for sealed in on.transport.published]
    assert sent == [encode(question(number, at)) for number in (1, 2, 3)]


async def test_a_restart_takes_up_what_waits_oldest_first(on: Bench) -> None:
    for number in (3, 1, 2):
        await asked(on, number)
    after = on.restarted()
    await after.uplink.step()
    at = after.clock.now_ms()
    sent = [after.cloud.open(one, at).message for one in after.transport.published]
    assert sent == [encode(question(number, at)) for number in (3, 1, 2)]
    await after.deliver(after.cloud.accept(after.transport.published[0], at))
    assert len(after.ids()) == 2


async def test_an_answer_for_the_life_before_is_asked_for_again(on: Bench) -> None:
    """The session key died with the power: the old answer cannot be opened."""
    sealed = await asked(on)
    late = on.cloud.accept(sealed, on.clock.now_ms())
    after = on.restarted()
    await after.deliver(late)
    assert after.uplink.counts.not_trusted == 1
    assert len(after.ids()) == 1


async def test_an_answer_that_crosses_a_new_session_is_opened(on: Bench) -> None:
    first = await asked(on, lives_s=7200)
    on.clock.pass_s(3590)
    await asked(on, 2, lives_s=7200)
    late = on.transport.published[-1]
    on.clock.pass_s(20)
    await asked(on, 3, lives_s=7200)
    fresh = on.transport.published[-1]
    at = on.clock.now_ms()
    assert on.cloud.open(late, at).session != on.cloud.open(fresh, at).session
    await on.deliver(on.cloud.accept(late, at))
    assert on.uplink.counts.answers == 1
    assert first != late


async def test_an_expired_request_is_closed_with_a_line(on: Bench) -> None:
    await asked(on, lives_s=60)
    on.clock.pass_s(61)
    with capture_logs() as lines:
        await on.uplink.step()
    assert on.ids() == []
    assert [line["event"] for line in lines] == ["request expired without an answer"]
    assert lines[0]["code"] == "N302"


async def test_a_notice_is_told_once_and_the_request_stays(on: Bench) -> None:
    sealed = await asked(on)
    await on.deliver(on.cloud.notice(Code.STALE, sealed, on.clock.now_ms()))
    refusal = await on.uplink.answer()
    assert isinstance(refusal, Refusal)
    assert refusal.code == "M404"
    assert len(on.ids()) == 1
    on.clock.pass_s(5)
    await on.uplink.step()
    again = on.transport.published[-1]
    await on.deliver(on.cloud.notice(Code.STALE, again, on.clock.now_ms()))
    assert on.uplink.counts.notices == 2
    await on.deliver(on.cloud.accept(again, on.clock.now_ms()))
    # Not a second refusal, but the answer:
    assert isinstance(await on.uplink.answer(), VerificationAnswer)


async def test_a_notice_about_nothing_of_ours_is_not_told(on: Bench) -> None:
    await asked(on)
    await on.deliver(on.cloud.notice(Code.STALE, b"another", on.clock.now_ms()))
    assert on.uplink.counts.notices == 1
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await on.uplink.answer()


async def test_busy_is_no_answer(on: Bench) -> None:
    sealed = await asked(on)
    opened = on.cloud.open(sealed, on.clock.now_ms())
    genuine = accepted(opened.message, on.clock.now_ms())
    busy = Refusal(
        request_id=genuine.request_id,
        request_hash=genuine.request_hash,
        reader_id=READER,
        answered_at=on.clock.now_ms(),
        code=Code.BUSY.value,
    )
    await on.deliver(on.cloud.seal(busy, opened, on.clock.now_ms()))
    assert len(on.ids()) == 1
    assert on.uplink.counts.answers == 0


async def test_a_request_id_is_used_once(on: Bench) -> None:
    await asked(on)
    with pytest.raises(PartError) as caught:
        await asked(on)
    assert caught.value.code == "M409"


async def test_what_the_outbox_refuses_is_not_asked(tmp_path: Path) -> None:
    on = bench(tmp_path, HandClock())
    on.outbox._capacity = 1
    await asked(on, 1)
    with pytest.raises(PartError) as caught:
        await on.uplink.ask(question(2, on.clock.now_ms()))
    assert caught.value.code == "N304"
    assert on.uplink.waiting == 1


async def test_the_disk_does_not_say_what_was_asked(on: Bench) -> None:
    await asked(on)
    on.outbox.close()
    plain = encode(question(1, on.clock.now_ms()))
    kept = b"".join(path.read_bytes() for path in on.path.iterdir())
    assert b"agreed" in plain
    assert b"agreed" not in kept
    assert b"verification" not in kept


async def test_another_storage_key_refuses_to_start(on: Bench) -> None:
    await asked(on)
    with pytest.raises(PartError) as caught:
        CloudUplink(
            Channel(on.cloud.identity, ENTROPY),
            AtRest(bytes(32), ENTROPY),
            on.outbox,
            on.transport,
            on.clock,
            chance=lambda: 0.0,
        )
    assert caught.value.code == "D704"


async def test_a_row_cannot_take_the_place_of_another(on: Bench) -> None:
    await asked(on)
    (record,) = on.outbox.pending()
    moved: OutboxRecord = replace(record, request_id="another")
    with pytest.raises(PartError):
        AtRest(STORAGE_KEY, ENTROPY).unlock(moved)


async def test_running_it_asks_and_hears(on: Bench) -> None:
    """The loops themselves, once, end to end."""

    async def cloud() -> None:
        await on.transport.used.wait()
        sealed = on.transport.published[0]
        on.transport.arrive(b"junk")
        on.transport.arrive(on.cloud.accept(sealed, on.clock.now_ms()))

    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(on.uplink.run())
        tasks.create_task(cloud())
        await on.uplink.ask(question(1, on.clock.now_ms()))
        answer = await on.uplink.answer()
        running.cancel()
    assert isinstance(answer, VerificationAnswer)
    assert on.uplink.counts.not_trusted == 1
