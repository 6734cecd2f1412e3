"""The exchange folder: nothing lost, nothing doubled, nothing half."""

import asyncio
import io
import os
import sys
import zipfile
from collections.abc import Callable
from itertools import count, pairwise
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from device.bridge.exchange import Exchange, Pace
from tests.support.full_disk import fill, small_disk
from tests.support.hand_clock import HandClock
from tests.support.receipt_computer import (
    ANSWER,
    AWAY,
    NAME,
    NEVER,
    Office,
    refusal,
    request,
)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def office(tmp_path: Path, clock: HandClock) -> Office:
    return Office(tmp_path, clock)


async def served(exchange: Exchange, clock: HandClock, seconds: float = 1.0) -> int:
    """Seen, and looked at again when it has settled."""
    await exchange.turn()
    clock.pass_s(seconds)
    return await exchange.turn()


async def test_a_request_is_answered_under_its_own_base_name(
    office: Office, clock: HandClock
) -> None:
    office.asks()
    assert await served(office.exchange(), clock) == 1
    assert office.left() == [ANSWER]
    assert office.takes()[ANSWER] == b"answer to " + request()


async def test_a_file_that_still_grows_is_left_alone(
    office: Office, clock: HandClock
) -> None:
    exchange = office.exchange()
    file = office.req / NAME
    whole = request()
    for end in range(40, len(whole), 40):
        file.write_bytes(whole[:end])
        await exchange.turn()
        clock.pass_s(0.9)
    file.write_bytes(whole)
    assert await exchange.turn() == 0
    assert office.cloud.keys == []
    clock.pass_s(1)
    assert await exchange.turn() == 1
    assert office.left() == [ANSWER]


async def test_a_half_file_waits_for_its_other_half_and_then_is_refused(
    office: Office, clock: HandClock
) -> None:
    exchange = office.exchange()
    file = office.asks(request()[:-20])
    await served(exchange, clock)
    clock.pass_s(10)
    await exchange.turn()
    assert file.exists()
    assert office.takes() == {}
    clock.pass_s(30)
    await exchange.turn()
    content = office.takes()[ANSWER]
    assert refusal(content).header.get("ErrorCode") == "B151"
    assert office.left() == []
    assert office.cloud.keys == []


async def test_a_half_file_that_is_completed_is_answered(
    office: Office, clock: HandClock
) -> None:
    exchange = office.exchange()
    file = office.asks(request()[:-20])
    await served(exchange, clock)
    with file.open("ab") as more:
        more.write(request()[-20:])
    await served(exchange, clock)
    assert office.takes()[ANSWER] == b"answer to " + request()


def bomb(stated: int | None = None) -> bytes:
    """64 KiB that become a hundred million bytes; the directory may lie about it."""
    out = io.BytesIO()
    archive = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
    with archive, archive.open("OQSmuquc01req_1.xml", "w") as member:
        member.write(b"<XmlMsg><MessageHeader></MessageHeader><MessageBody>")
        for _ in range(100):
            member.write(b" " * (1 << 20))
    content = out.getvalue()
    if stated is not None:
        true = (100 * (1 << 20) + 52).to_bytes(4, "little")
        content = content.replace(true, stated.to_bytes(4, "little"))
    return content


def several() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.xml", request())
        archive.writestr("b.xml", request())
    return out.getvalue()


def climbing() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../etc/x.xml", request())
    return out.getvalue()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BAD: dict[str, tuple[str, Callable[[], bytes], set[str]]] = {
    "zip bomb": ("OQSmuquc01req_1.zip", bomb, {"B152", "B153"}),
    "zip bomb that lies": ("OQSmuquc01req_1.zip", lambda: bomb(4096), {"B152", "B153"}),
    "several in a zip": ("OQSmuquc01req_1.zip", several, {"B153"}),
    "path in a zip": ("OQSmuquc01req_1.zip", climbing, {"B153"}),
    "a zip named xml": ("OQSmuquc01req_1.xml", several, {"B153"}),
    "an xml named zip": ("OQSmuquc01req_1.zip", request, {"B153"}),
    "duplicate": (
        NAME,
        lambda: request().replace(
            b"<Birthdate>", b"<Birthdate>1</Birthdate><Birthdate>"
        ),
        {"B155"},
    ),
    "laughs": (
        NAME,
        lambda: (
            f'<!DOCTYPE x [<!ENTITY l0 "l">{LAUGHS}]><XmlMsg>&l9;</XmlMsg>'.encode()
        ),
        {"B154"},
    ),
    "outside entity": (
        NAME,
        lambda: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><XmlMsg/>',
        {"B154"},
    ),
    "wrong declaration": (
        NAME,
        lambda: request("花").replace(b'"UTF-8"', b'"Shift_JIS"'),
        {"B156"},
    ),
    "wrong identifier": (
        NAME,
        lambda: request().replace(b">0</Character", b">1</Character"),
        {"B156"},
    ),
    "unwritable": (
        NAME,
        lambda: (
            b'<?xml version="1.0" encoding="Shift_JIS"?>'
            + request("&#x20BB7;")
            .replace(b"&amp;", b"&")
            .partition(b"\n")[2]
            .replace(b">0</Character", b">1</Character")
        ),
        {"B157"},
    ),
}


@pytest.mark.parametrize("what", BAD)
async def test_a_bad_file_is_refused_at_the_clinic_with_its_code(
    office: Office, clock: HandClock, what: str
) -> None:
    name, make, codes = BAD[what]
    office.asks(make(), name)
    await served(office.exchange(), clock)
    ((answer, content),) = office.takes().items()
    assert answer == name.replace("req", "res").replace(".zip", ".xml")
    assert refusal(content).header.get("ErrorCode") in codes
    assert office.left() == []
    assert office.cloud.keys == []


async def test_a_hundred_megabytes_are_refused_unread(
    office: Office, clock: HandClock
) -> None:
    file = office.req / NAME
    with file.open("wb") as sparse:
        sparse.truncate(100 * 1024 * 1024)
    await served(office.exchange(), clock)
    assert refusal(office.takes()[ANSWER]).header.get("ErrorCode") == "B152"
    assert office.left() == []


async def test_what_is_no_file_of_the_exchange_stays_and_is_said_once(
    office: Office, clock: HandClock, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(request())
    names = ["花子.xml", "OQSsiquc01req_花子.xml", "notes.txt", "OQSsiquc01res_1.xml"]
    for name in names:
        office.asks(request(), name)
    (office.req / NAME).symlink_to(secret)
    (office.req / "OQSsiquc01req_2.xml").mkdir()
    exchange = office.exchange()
    with capture_logs() as lines:
        await served(exchange, clock)
        await served(exchange, clock)
    assert office.cloud.keys == []
    assert office.takes() == {}
    assert len(office.left()) == len(names) + 2
    assert [line["code"] for line in lines] == ["B150"] * len(names)
    assert "花子" not in str(lines)


async def test_a_request_that_cannot_be_conveyed_stays_and_its_pauses_grow(
    office: Office, clock: HandClock
) -> None:
    exchange = office.exchange()
    office.asks()
    office.cloud.trouble[NAME] = AWAY
    await exchange.turn()
    tries = []
    for _ in range(2000):
        clock.pass_s(1)
        before = len(office.cloud.keys)
        await exchange.turn()
        if len(office.cloud.keys) > before:
            tries.append(clock.monotonic())
    pauses = [later - sooner for sooner, later in pairwise(tries)]
    assert pauses[:6] == [2, 4, 8, 16, 32, 64]
    assert max(pauses) == 300
    assert len(set(office.cloud.keys)) == 1
    assert (office.req / NAME).exists()
    del office.cloud.trouble[NAME]
    clock.pass_s(300)
    await exchange.turn()
    assert office.left() == [ANSWER]


async def test_a_request_whose_answer_never_comes_keeps_no_other_waiting(
    office: Office, clock: HandClock
) -> None:
    office.pace = Pace(poll=0.01, settle=0.0)
    office.cloud.hangs.add(NAME)
    office.asks()
    running = asyncio.create_task(office.exchange().run())
    try:
        async with asyncio.timeout(5):
            await asyncio.sleep(0.05)
            office.asks(request("2"), "OQSsiquc01req_0002.xml")
            await until(lambda: office.left() == ["OQSsiquc01res_0002.xml", NAME])
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert (office.req / NAME).exists()


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110  what another process does to a file
        await asyncio.sleep(0.01)


async def test_what_the_cloud_never_takes_is_refused_in_a_file(
    office: Office, clock: HandClock
) -> None:
    office.asks()
    office.cloud.trouble[NAME] = NEVER
    await served(office.exchange(), clock)
    found = refusal(office.takes()[ANSWER])
    assert found.header.get("ErrorCode") == "A907"
    assert found.header.get("ArbitraryFileIdentifier") == "id-1"
    assert office.left() == []


async def test_a_request_written_anew_on_the_way_gets_its_own_answer(
    office: Office, clock: HandClock
) -> None:
    exchange = office.exchange()
    office.asks(request("1"))
    office.cloud.meanwhile = lambda: (office.asks(request("2")), None)[1]
    await served(exchange, clock)
    assert office.takes() == {}
    assert (office.req / NAME).read_bytes() == request("2")
    office.cloud.meanwhile = lambda: None
    await served(exchange, clock)
    assert office.takes()[ANSWER] == b"answer to " + request("2")
    assert len(set(office.cloud.keys)) == 2


async def test_the_same_file_sent_later_is_a_new_request(
    office: Office, clock: HandClock
) -> None:
    exchange = office.exchange()
    for _ in range(2):
        file = office.asks()
        os.utime(file, ns=(0, next(_stamps)))
        await served(exchange, clock)
        assert office.takes()[ANSWER]
    assert len(set(office.cloud.keys)) == 2


_stamps = count(1_700_000_000_000_000_000, 1_000_000_000)


async def test_without_its_folders_nothing_is_asked_and_it_is_said_once(
    office: Office, clock: HandClock
) -> None:
    office.asks()
    office.res.rmdir()
    exchange = office.exchange()
    with capture_logs() as lines:
        for _ in range(3):
            await served(exchange, clock)
    assert office.cloud.keys == []
    assert [line.get("code") for line in lines] == ["D703"]
    office.res.mkdir()
    await served(exchange, clock)
    assert office.left() == [ANSWER]


async def test_a_full_disk_loses_nothing(tmp_path: Path, clock: HandClock) -> None:
    office = Office(tmp_path, clock)
    office.res.rmdir()
    with small_disk(office.res, "64k") as small:
        fill(small)
        exchange = office.exchange()
        office.asks()
        with capture_logs() as lines:
            await served(exchange, clock)
        assert [line["code"] for line in lines] == ["D701"]
        assert (office.req / NAME).exists()
        (small / "filler").unlink()
        clock.pass_s(300)
        await exchange.turn()
        assert (small / ANSWER).exists()
    assert not (office.req / NAME).exists()


async def test_no_log_line_has_a_name_or_what_stood_in_a_file(
    office: Office, clock: HandClock
) -> None:
    office.asks(request("4711"), "OQSsiquc01req_patient4711.xml")
    with capture_logs() as lines:
        await served(office.exchange(), clock)
    assert lines[-1]["outcome"] == "answered"
    assert lines[-1]["kind"] == "OQSsiquc01"
    assert "4711" not in str(lines)


# -- kill -9 -----------------------------------------------------------------------
TOUCHED = ("open", "os.rename", "os.remove", "os.link", "os.truncate")


def dies_before(step: int, office: Office, clock: HandClock) -> bool:
    """Serve in a process that is killed before its nth touch of a file there.

    True: there were fewer, and it came to its end.
    """
    child = os.fork()
    if child == 0:
        _live_until(step, office, clock)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return not os.WIFSIGNALED(status)


def _live_until(step: int, office: Office, clock: HandClock) -> None:
    code = 1
    try:
        touches = count(1)
        places = (str(office.root / "OQS"), str(office.root / "home"))

        def audit(event: str, arguments: tuple[object, ...]) -> None:
            if event not in TOUCHED or not str(arguments[0]).startswith(places):
                return
            if next(touches) == step:
                os.kill(os.getpid(), 9)

        sys.addaudithook(audit)

        async def work() -> None:
            exchange = office.exchange()
            await exchange.recover()
            await served(exchange, clock)

        loop = asyncio.new_event_loop()
        loop.run_until_complete(work())
        code = 0
    finally:
        os._exit(code)


def lives(office: Office, clock: HandClock) -> None:
    assert dies_before(-1, office, clock)


@pytest.fixture
def offices(tmp_path: Path) -> Callable[[], tuple[Office, HandClock]]:
    numbers = count()

    def made() -> tuple[Office, HandClock]:
        clock = HandClock()
        return Office(tmp_path / f"office-{next(numbers)}", clock), clock

    return made


@pytest.mark.parametrize("bad", [False, True])
@pytest.mark.parametrize("taken_between", [False, True])
def test_killed_before_any_step_a_request_is_answered_exactly_once(
    offices: Callable[[], tuple[Office, HandClock]], bad: bool, taken_between: bool
) -> None:
    content = request().replace(b"138057", b"138057</InsurerNumber><InsurerNumber>1")
    for step in count(1):
        office, clock = offices()
        office.asks(content if bad else request())
        done = dies_before(step, office, clock)
        answers = list(office.takes()) if taken_between else []
        lives(office, clock)
        answers += office.takes()
        assert answers == [ANSWER], f"killed before step {step}"
        assert office.left() == []
        assert len(set(office.cloud.keys)) == (0 if bad else 1)
        assert list((office.root / "home").iterdir()) == []
        if done:
            break
    assert step > 8


def test_killed_twice_it_is_answered_once_all_the_same(
    offices: Callable[[], tuple[Office, HandClock]],
) -> None:
    for first in range(2, 16, 4):
        for second in range(1, 12, 4):
            office, clock = offices()
            office.asks()
            dies_before(first, office, clock)
            answers = list(office.takes())
            dies_before(second, office, clock)
            answers += office.takes()
            lives(office, clock)
            answers += office.takes()
            assert answers == [ANSWER], f"killed before {first}, then {second}"
            assert len(set(office.cloud.keys)) == 1
