"""The receipt computer's side of an exchange folder, and a cloud on a desk."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from device.bridge.conveyor import NotConveyedError, RefusedError
from device.bridge.exchange import Exchange, Pace
from device.bridge.journal import Journal
from device.ports import Clock
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from protocol.oqs.document import Document, Element, leaves, parse, written
from protocol.oqs.text import Encoding

FACILITY = FacilityCode("0110113719")
NAME = "OQSsiquc01req_0001.xml"
ANSWER = "OQSsiquc01res_0001.xml"


def request(number: str = "1", encoding: Encoding = Encoding.UTF8) -> bytes:
    search = leaves(
        ("InsurerNumber", "  138057"),
        ("InsuredIdentificationNumber", number),
        ("Birthdate", "19700102"),
    )
    header = leaves(
        ("MedicalInstitutionCode", FACILITY), ("ArbitraryFileIdentifier", "id-1")
    )
    body = [Element("QualificationConfirmSearchInfo", "", search)]
    return written(header, body, encoding)


class DeskCloud:
    """Takes each key once, as the cloud does; what it says is in `ledger`.

    A file, so that it outlives the process that asks.
    """

    def __init__(self, ledger: Path) -> None:
        self.ledger = ledger
        self.trouble: dict[str, Exception] = {}
        """By name: raised instead of an answer."""
        self.hangs: set[str] = set()
        self.meanwhile: Callable[[], None] = lambda: None
        self.code = ""

    @property
    def keys(self) -> list[str]:
        return self.ledger.read_text().split() if self.ledger.exists() else []

    async def convey(
        self, name: str, file: Path, key: str, into: Path
    ) -> tuple[str, str]:
        if name in self.hangs:
            await asyncio.Event().wait()
        with self.ledger.open("a") as out:
            out.write(f"{key}\n")
        if name in self.trouble:
            raise self.trouble[name]
        self.meanwhile()
        _answer(file, into)
        return "xml", self.code


def _answer(file: Path, into: Path) -> None:
    into.write_bytes(b"answer to " + file.read_bytes())


@dataclass
class Office:
    """One folder, one exchange that serves it, and who looks into it."""

    root: Path
    clock: Clock
    pace: Pace = field(default_factory=lambda: Pace(settle=1, half=30))
    cloud: DeskCloud = field(init=False)

    def __post_init__(self) -> None:
        for part in ("OQS/req", "OQS/res", "OQS/face"):
            (self.root / part).mkdir(parents=True, exist_ok=True)
        self.cloud = DeskCloud(self.root / "ledger")

    @property
    def req(self) -> Path:
        return self.root / "OQS" / "req"

    @property
    def res(self) -> Path:
        return self.root / "OQS" / "res"

    def exchange(self) -> Exchange:
        """A new process, as far as memory goes."""
        return Exchange(
            folder=self.root / "OQS",
            facility=FACILITY,
            encoding=Encoding.UTF8,
            journal=Journal(self.root / "home"),
            conveyor=self.cloud,
            clock=self.clock,
            chance=lambda: 1.0,
            pace=self.pace,
        )

    def asks(self, content: bytes | None = None, name: str = NAME) -> Path:
        """As a careful receipt computer writes: whole, then named."""
        hidden = self.req / f".{name}"
        hidden.write_bytes(request() if content is None else content)
        hidden.rename(self.req / name)
        return self.req / name

    def takes(self) -> dict[str, bytes]:
        """Read and delete what is there."""
        taken = {}
        for file in self.res.iterdir():
            if not file.name.startswith("."):
                taken[file.name] = file.read_bytes()
                file.unlink()
        return taken

    def left(self) -> list[str]:
        return sorted(os.listdir(self.res)) + sorted(os.listdir(self.req))


def refusal(content: bytes) -> Document:
    found = parse(content, limit=1 << 20)
    assert found.header.get("SegmentOfResult") == "9"
    return found


AWAY = NotConveyedError(Code.OQS_WAITING)
NEVER = RefusedError(Code.INPUT_TOO_LARGE)
