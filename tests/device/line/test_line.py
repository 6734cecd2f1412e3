"""The line passes every byte in order, or none until later, or breaks as one does."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.simulated.line.line import MOST_CALLS, Line
from device.simulated.line.mode import Mode
from device.simulated.line.one_way import CHUNK, WAITING

SOON_S = 5.0
SLOW_S = 0.05


@dataclass
class Broker:
    """Whoever is at the other end: keeps what it hears, and can say something."""

    heard: bytearray = field(default_factory=bytearray)
    calls: list[asyncio.StreamWriter] = field(default_factory=list)
    ended: int = 0

    async def called(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.calls.append(writer)
        try:
            while chunk := await reader.read(CHUNK):
                self.heard += chunk
        except ConnectionError:
            pass
        self.ended += 1
        writer.close()


@dataclass
class Desk:
    line: Line
    port: int
    broker: Broker

    async def call(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)


@asynccontextmanager
async def desk() -> AsyncIterator[Desk]:
    broker = Broker()
    server = await asyncio.start_server(broker.called, "127.0.0.1", 0)
    line = Line("127.0.0.1", server.sockets[0].getsockname()[1], slow_s=SLOW_S)
    try:
        async with line.listening(0) as port:
            yield Desk(line, port, broker)
        await until(lambda: broker.ended == len(broker.calls))
    finally:
        server.close()
        await server.wait_closed()


async def until(true: Callable[[], bool]) -> None:
    """Within five seconds, or the test fails."""
    async with asyncio.timeout(SOON_S):
        while not true():  # noqa: ASYNC110  the network decides when
            await asyncio.sleep(0.002)


async def reset(reader: asyncio.StreamReader) -> bool:
    """The connection breaks, rather than saying goodbye."""
    try:
        async with asyncio.timeout(SOON_S):
            await reader.read()
    except ConnectionResetError:
        return True
    return False


@pytest.mark.parametrize("mode", [Mode.THROUGH, Mode.SLOW])
async def test_all_bytes_arrive_in_order_each_way(mode: Mode) -> None:
    sent = bytes(range(256)) * (8 * CHUNK // 256)
    async with desk() as at:
        at.line.mode = mode
        reader, writer = await at.call()
        writer.write(sent)
        await until(lambda: bool(at.broker.calls))
        at.broker.calls[0].write(sent)
        async with asyncio.timeout(SOON_S):
            assert await reader.readexactly(len(sent)) == sent
        await until(lambda: len(at.broker.heard) == len(sent))
        assert bytes(at.broker.heard) == sent
        writer.close()


async def test_a_slow_line_delays_each_way() -> None:
    async with desk() as at:
        at.line.mode = Mode.SLOW
        loop = asyncio.get_running_loop()
        _, writer = await at.call()
        begun = loop.time()
        writer.write(b"question")
        await until(lambda: bytes(at.broker.heard) == b"question")
        assert loop.time() - begun >= SLOW_S
        writer.close()


async def test_a_goodbye_passes_and_the_other_way_stays_open() -> None:
    async with desk() as at:
        reader, writer = await at.call()
        writer.write(b"last")
        writer.write_eof()
        await until(lambda: at.broker.ended == 1)
        assert bytes(at.broker.heard) == b"last"
        assert await reader.read() == b""
        writer.close()


async def test_nothing_passes_while_stalled_and_all_of_it_afterwards() -> None:
    async with desk() as at:
        reader, writer = await at.call()
        writer.write(b"before ")
        await until(lambda: bytes(at.broker.heard) == b"before ")
        at.line.mode = Mode.STALLED
        writer.write(b"meanwhile")
        at.broker.calls[0].write(b"answer")
        _, late = await at.call()
        late.write(b", and a later call")
        await asyncio.sleep(0.1)
        assert bytes(at.broker.heard) == b"before "
        assert len(at.broker.calls) == 1
        at.line.mode = Mode.THROUGH
        await until(lambda: len(at.broker.heard) == len("before meanwhile") + 18)
        assert b"before meanwhile" in bytes(at.broker.heard)
        assert await reader.readexactly(6) == b"answer"
        writer.close()
        late.close()


async def test_a_stalled_line_holds_the_sender_back() -> None:
    """What waits is bounded: the rest stays with whoever sends."""
    async with desk() as at:
        at.line.mode = Mode.STALLED
        _, writer = await at.call()
        writer.write(bytes(200 * WAITING * CHUNK))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await writer.drain()
        writer.transport.abort()


async def test_a_cut_resets_what_is_open_and_refuses_what_comes() -> None:
    async with desk() as at:
        reader, writer = await at.call()
        writer.write(b"hello")
        await until(lambda: bytes(at.broker.heard) == b"hello")
        at.line.mode = Mode.CUT
        assert await reset(reader)
        await until(lambda: at.broker.ended == 1)
        refused, other = await at.call()
        other.write(b"anybody?")
        assert await reset(refused)
        assert bytes(at.broker.heard) == b"hello"
        at.line.mode = Mode.THROUGH
        _, again = await at.call()
        again.write(b" again")
        await until(lambda: bytes(at.broker.heard) == b"hello again")
        for end in (writer, other, again):
            end.close()


async def test_a_cut_ends_a_stall_without_passing_what_waited() -> None:
    async with desk() as at:
        at.line.mode = Mode.STALLED
        reader, writer = await at.call()
        writer.write(b"lost")
        await asyncio.sleep(0.02)
        at.line.mode = Mode.CUT
        assert await reset(reader)
        at.line.mode = Mode.THROUGH
        assert at.broker.heard == b""
        writer.close()


async def test_without_a_broker_a_call_is_reset() -> None:
    server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    async with Line("127.0.0.1", port).listening(0) as here:
        reader, writer = await asyncio.open_connection("127.0.0.1", here)
        assert await reset(reader)
        writer.close()


async def test_more_calls_than_a_line_holds_are_reset() -> None:
    async with desk() as at:
        at.line.mode = Mode.STALLED
        held = [await at.call() for _ in range(MOST_CALLS)]
        reader, writer = await at.call()
        assert await reset(reader)
        for _, end in (*held, (reader, writer)):
            end.transport.abort()


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.sampled_from([Mode.THROUGH, Mode.SLOW, Mode.STALLED]) | st.binary(max_size=9)
    )
)
def test_no_switching_loses_or_turns_bytes_around(steps: list[Mode | bytes]) -> None:
    async def story() -> None:
        sent = b""
        async with desk() as at:
            _, writer = await at.call()
            for step in steps:
                if isinstance(step, Mode):
                    at.line.mode = step
                    continue
                writer.write(step)
                sent += step
                await asyncio.sleep(0)
            at.line.mode = Mode.THROUGH
            await until(lambda: bool(at.broker.calls))
            await until(lambda: len(at.broker.heard) == len(sent))
            assert bytes(at.broker.heard) == sent
            writer.close()

    asyncio.run(story())


def ask(line: Line, request: bytes) -> dict[str, str]:
    answer: dict[str, str] = json.loads(line.request(request))
    return answer


async def test_the_switch_is_set_and_asked_by_a_line_of_json() -> None:
    line = Line("127.0.0.1", 1)
    assert ask(line, b'{"state": true}') == {"mode": "through"}
    assert ask(line, b'{"mode": "cut"}') == {"mode": "cut"}
    assert line.mode is Mode.CUT


@pytest.mark.parametrize(
    "request_",
    [b"", b"junk", b"[]", b'{"mode": "gone"}', b'{"mode": 1}', b"\xff", b"[" * 9999],
)
async def test_what_it_does_not_understand_changes_nothing(request_: bytes) -> None:
    answer = ask(Line("127.0.0.1", 1), request_)
    assert answer["error"]
    assert answer["mode"] == "through"
