"""From the receipt computer's folder to the cloud and back: real TLS, real process."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from device.adapters.clock import SystemClock
from device.adapters.oqs_http import CloudAddress, http_conveyor
from device.bridge.conveyor import NotConveyedError
from device.bridge.exchange import Exchange, Pace
from device.bridge.journal import Journal
from device.ports import PartError
from protocol.ids import FacilityCode
from protocol.oqs.document import Document, leaves, parse
from protocol.oqs.text import Encoding
from tests.cloud.bulk_world import row, searches
from tests.cloud.command_desk import FACILITY, INSURER
from tests.cloud.oqs_world import asked, file, records_file
from tests.cloud.test_api_tls import Https

QUICK = Pace(poll=0.02, settle=0.02, pause=0.05)


def address(https: Https, who: str = "clinic") -> CloudAddress:
    folder = https.folder
    certificate, key = folder / f"{who}.pem", folder / f"{who}.key"
    return CloudAddress(https.url, folder / "ca.pem", certificate, key)


@asynccontextmanager
async def serving(root: Path, at: CloudAddress) -> AsyncIterator[Path]:
    folder = root / "OQS"
    for part in ("req", "res"):
        (folder / part).mkdir(parents=True)
    async with http_conveyor(at) as conveyor:
        exchange = Exchange(
            folder=folder,
            facility=FacilityCode(FACILITY),
            encoding=Encoding.UTF8,
            journal=Journal(root / "home"),
            conveyor=conveyor,
            clock=SystemClock(),
            chance=lambda: 0.5,
            pace=QUICK,
        )
        running = asyncio.create_task(exchange.run())
        try:
            yield folder
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110  what another process does to a file
            await asyncio.sleep(0.01)


async def answered(folder: Path, content: bytes, name: str) -> Document:
    hidden = folder / "req" / f".{name}"
    answer = folder / "res" / name.replace("req_", "res_")
    _write(hidden, content)
    os.rename(hidden, folder / "req" / name)
    await until(lambda: os.listdir(folder / "req") == [])
    return parse(_taken(answer), limit=1 << 20)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _taken(path: Path) -> bytes:
    content = path.read_bytes()
    path.unlink()
    return content


WHO = {
    "InsurerNumber": INSURER,
    "InsuredCardSymbol": "12",
    "InsuredIdentificationNumber": "34",
}


@pytest.mark.parametrize("encoding", Encoding)
async def test_a_file_in_req_has_its_answer_in_res(
    https: Https, tmp_path: Path, encoding: Encoding
) -> None:
    async with serving(tmp_path, address(https)) as folder:
        content = file(asked(**WHO), facility=FACILITY, encoding=encoding)
        found = await answered(folder, content, "OQSsiquc01req_1.xml")
        assert found.encoding is encoding
        assert found.body.get("QualificationValidity") == "1"
        other = file(asked(**WHO), facility="1310000016")
        refused = await answered(folder, other, "OQSsiquc01req_2.xml")
        assert refused.header.get("ErrorCode") == "B159"


async def test_a_bulk_upload_goes_up_and_says_its_number(
    https: Https, tmp_path: Path
) -> None:
    async with serving(tmp_path, address(https)) as folder:
        content = file(*searches(row(one) for one in range(50)), facility=FACILITY)
        found = await answered(folder, content, "OQSmuquc01req_1.xml")
        number = found.body.get("ReceptionNumber")
        assert len(number) == 20
        body = file(*leaves(("ReceptionNumber", number)), facility=FACILITY)
        later = await answered(folder, body, "OQSmuquc02req_1.xml")
        assert later.header.get("SegmentOfResult") in {"1", "2"}


async def test_records_take_somebody_who_signed_in(
    https: Https, tmp_path: Path
) -> None:
    async with serving(tmp_path, address(https)) as folder:
        content = records_file(facility=FACILITY)
        found = await answered(folder, content, "YZKsiquc01req_1.xml")
        assert found.header.get("ErrorCode") == "A902"


async def test_a_session_that_is_over_keeps_no_other_file_waiting(
    https: Https, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    _write(token, b"a session of yesterday")
    async with serving(tmp_path, replace(address(https), token=token)) as folder:
        content = file(asked(**WHO), facility=FACILITY)
        found = await answered(folder, content, "OQSsiquc01req_1.xml")
        assert found.body.get("QualificationValidity") == "1"


@pytest.mark.parametrize("who", ["unregistered", "stranger"])
async def test_with_another_certificate_the_request_waits(
    https: Https, tmp_path: Path, who: str
) -> None:
    asking = tmp_path / "OQSsiquc01req_1.xml"
    _write(asking, file(asked(**WHO), facility=FACILITY))
    async with http_conveyor(address(https, who)) as conveyor:
        with pytest.raises(NotConveyedError) as caught:
            await conveyor.convey(asking.name, asking, "k" * 32, tmp_path / "into")
    assert caught.value.code == ("A901" if who == "unregistered" else "B160")
    assert "into" not in os.listdir(tmp_path)


async def test_a_cloud_that_is_away_or_somebody_else_is_no_answer(
    https: Https, tmp_path: Path
) -> None:
    asking = tmp_path / "OQSsiquc01req_1.xml"
    _write(asking, file(asked(**WHO), facility=FACILITY))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        away = replace(
            address(https), url=f"https://127.0.0.1:{probe.getsockname()[1]}"
        )
    named_otherwise = replace(
        address(https), url=https.url.replace("127.0.0.1", "localhost")
    )
    for at in (away, named_otherwise):
        async with http_conveyor(at) as conveyor:
            with pytest.raises(NotConveyedError, match="B160"):
                await conveyor.convey(asking.name, asking, "k" * 32, tmp_path / "x")


async def test_certificates_that_cannot_be_read_are_a_wrong_configuration(
    https: Https, tmp_path: Path
) -> None:
    gone = replace(address(https), key=tmp_path / "no.key")
    with pytest.raises(PartError, match="D702 bridge"):
        async with http_conveyor(gone):
            pass
