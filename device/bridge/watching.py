"""What passes in an exchange folder: kinds, sizes, outcomes; never a name or number.

It only looks. Whoever serves the folder, this reader or another program, does not
notice it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from device.bridge.request_file import look
from protocol.catalogue import Code
from protocol.oqs.document import HEADER, Reading
from protocol.oqs.errors import OqsError
from protocol.oqs.names import Direction, FileName, file_name

FOLDERS: Final = ("req", "res", "face")
_HEADER_BYTES: Final = 1 << 30
"""Only the header is read; its file may be as large as it likes."""


class Outcome(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    PROCESSING = "processing"
    """Answered, with: not yet."""
    REFUSED = "refused"
    PUSHED = "pushed"
    """After a tap; nobody asked."""
    WAITING = "waiting"
    """Asked, and no answer has come for a while."""
    TAKEN = "taken"
    """The answer was fetched."""
    STRANGE = "strange"
    """No name of the exchange."""


_SEGMENTS: Final = {"2": Outcome.PROCESSING, "9": Outcome.REFUSED}


@dataclass(frozen=True, slots=True)
class Passed:
    kind: str
    """The prefix of its name: OQSsiquc01, ..."""
    size: int
    outcome: Outcome
    code: str = ""
    waited_s: float | None = None
    """Since it was asked."""


@dataclass(slots=True)
class Watching:
    folder: Path
    patience_s: float = 30.0
    _asked: dict[tuple[str, str], float] = field(init=False, default_factory=dict)
    _told_waiting: set[tuple[str, str]] = field(init=False, default_factory=set)
    _here: dict[tuple[str, str], int] = field(init=False, default_factory=dict)

    def look(self, now: float) -> Iterator[Passed]:
        """What changed since the last look. `now` is monotonic seconds."""
        here: dict[tuple[str, str], int] = {}
        for part in FOLDERS:
            place = self.folder / part
            if not place.is_dir():
                continue
            for file in sorted(place.iterdir()):
                found = None if file.name.startswith(".") else look(file)
                if found is not None:
                    here[part, file.name] = found.size
        for where in [one for one in here if one not in self._here]:
            yield from self._came(*where, here[where], now)
        for where in [one for one in self._here if one not in here]:
            yield from self._went(*where)
        self._here = here
        yield from self._waiting(here, now)

    def _came(self, part: str, text: str, size: int, now: float) -> Iterator[Passed]:
        try:
            name = file_name(text)
        except OqsError as error:
            yield Passed("", size, Outcome.STRANGE, error.code.value)
            return
        kind, request = name.kind.prefix, _request(name)
        if name.direction is Direction.REQUEST:
            self._asked[request] = now
            self._told_waiting.discard(request)
            yield Passed(kind, size, Outcome.ASKED)
            return
        if name.pushed:
            yield Passed(kind, size, Outcome.PUSHED)
            return
        outcome, code = _outcome(self.folder / part / text, name)
        asked = self._asked.pop(request, None)
        waited = None if asked is None else round(now - asked, 3)
        yield Passed(kind, size, outcome, code, waited)

    def _went(self, part: str, text: str) -> Iterator[Passed]:
        if part != "res":
            return
        try:
            name = file_name(text)
        except OqsError:
            return
        yield Passed(name.kind.prefix, self._here[part, text], Outcome.TAKEN)

    def _waiting(
        self, here: dict[tuple[str, str], int], now: float
    ) -> Iterator[Passed]:
        """Once for each: its answer may never come."""
        for request, since in self._asked.items():
            if now - since < self.patience_s or request in self._told_waiting:
                continue
            self._told_waiting.add(request)
            size = next(
                (
                    held
                    for (part, text), held in here.items()
                    if part == "req" and text.startswith(f"{request[0]}req_")
                ),
                0,
            )
            code = Code.OQS_WAITING.value
            waited = round(now - since, 3)
            yield Passed(request[0], size, Outcome.WAITING, code, waited)


def _request(name: FileName) -> tuple[str, str]:
    return name.kind.prefix, name.free


def _outcome(file: Path, name: FileName) -> tuple[Outcome, str]:
    if name.extension != "xml":
        return Outcome.ANSWERED, ""
    try:
        with file.open("rb") as source:
            for element in Reading(source, limit=_HEADER_BYTES):
                if element.name == HEADER:
                    segment = element.get("SegmentOfResult")
                    found = _SEGMENTS.get(segment, Outcome.ANSWERED)
                    return found, _known(element.get("ErrorCode"))
    except (OqsError, OSError):
        pass
    return Outcome.ANSWERED, ""


def _known(code: str) -> str:
    """Ours as they are; another system's only that there is one."""
    try:
        return Code(code).value
    except ValueError:
        return "other" if code else ""
