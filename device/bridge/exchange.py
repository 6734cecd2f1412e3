"""`req` and `res`: requests of the receipt computer, conveyed, and their answers.

The steps of one request, each of which may be the last before the power goes:

    answer into a hidden file of `res` and flushed -> noted as ready -> named -> request
    removed -> note removed

Before the note a request is sent again with the same key, which the cloud takes once.
From the note on nothing is sent any more: what is left of the steps is done.
"""

import asyncio
import errno
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from device.bridge.conveyor import Conveyor, NotConveyedError, RefusedError
from device.bridge.disk import as_part_error, flush, put, write_through
from device.bridge.journal import Journal
from device.bridge.request_file import Look, key_of, look, sound
from device.ports import Clock
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from protocol.oqs.errors import OqsError
from protocol.oqs.names import FileName, request_name
from protocol.oqs.reply import Sender, refused
from protocol.oqs.text import Encoding

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds."""

    poll: float = 1.0
    settle: float = 1.0
    """A file that did not change for so long is taken to be whole."""
    half: float = 30.0
    """One that is not well-formed and does not change for so long is refused."""
    pause: float = 2.0
    """Before the second try; doubled each time, with jitter."""
    longest_pause: float = 300.0
    at_once: int = 8
    """Requests on the way at the same time."""


@dataclass(slots=True)
class _Seen:
    """What this process knows of one file."""

    look: Look
    since: float
    """Monotonic: when it last changed."""
    tries: int = 0
    not_before: float = 0.0


@dataclass(slots=True)
class Exchange:
    """One folder with `req` and `res`; one process serves it."""

    folder: Path
    facility: FacilityCode
    encoding: Encoding
    """Of refusals for files whose own cannot be told."""
    journal: Journal
    conveyor: Conveyor
    clock: Clock
    chance: Callable[[], float]
    """Numbers in [0, 1)."""
    pace: Pace = field(default_factory=Pace)
    _seen: dict[str, _Seen] = field(init=False, default_factory=dict)
    _strange: set[str] = field(init=False, default_factory=set)
    _trouble: str = field(init=False, default="")
    _on_the_way: set[str] = field(init=False, default_factory=set)
    _gate: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._gate = asyncio.Semaphore(self.pace.at_once)

    @property
    def req(self) -> Path:
        return self.folder / "req"

    @property
    def res(self) -> Path:
        return self.folder / "res"

    async def run(self) -> None:
        """Until cancelled."""
        await self.recover()
        async with asyncio.TaskGroup() as tasks:
            while True:
                for name in await self._looked():
                    tasks.create_task(self._alone(name))
                await asyncio.sleep(self.pace.poll)

    async def recover(self) -> None:
        """What an earlier process left behind, before anything new."""
        try:
            await asyncio.to_thread(self._tidy)
        except OSError as error:
            self._say_trouble(error)

    async def turn(self) -> int:
        """Look once, and bring what is ready to its end; how many there were."""
        ready = await self._looked()
        await asyncio.gather(*map(self._alone, ready))
        return len(ready)

    async def _looked(self) -> list[FileName]:
        """Ready and not on their way yet; from here on they are."""
        try:
            ready = await asyncio.to_thread(self._ready)
        except OSError as error:
            self._say_trouble(error)
            return []
        self._trouble = ""
        self._on_the_way |= {name.text for name in ready}
        return ready

    async def _alone(self, name: FileName) -> None:
        try:
            async with self._gate:
                await self._guarded(name)
        finally:
            self._on_the_way.discard(name.text)

    # -- what is there -----------------------------------------------------------------
    def _ready(self) -> list[FileName]:
        now = self.clock.monotonic()
        if not self.res.is_dir():
            # Before anything is asked whose answer would have no place.
            raise NotADirectoryError(errno.ENOTDIR, "res is not there", str(self.res))
        ready, present = [], set()
        for file in sorted(self.req.iterdir()):
            found = None if file.name.startswith(".") else look(file)
            name = self._named(file.name) if found else None
            if found is None or name is None:
                continue
            present.add(name.text)
            if name.text in self._on_the_way:
                continue
            seen = self._seen.get(name.text)
            if seen is None or seen.look != found:
                self._seen[name.text] = _Seen(found, now)
                continue
            if now - seen.since >= self.pace.settle and now >= seen.not_before:
                ready.append(name)
        for gone in self._seen.keys() - present - self._on_the_way:
            del self._seen[gone]
        return ready

    def _named(self, text: str) -> FileName | None:
        """A file whose name is none of the exchange's is said once and left alone."""
        try:
            return request_name(text)
        except OqsError as error:
            if text not in self._strange:
                self._strange.add(text)
                _log.warning("file left alone", code=error.code.value)
            return None

    def _tidy(self) -> None:
        """Answers that were never ready, and notes of requests that are gone."""
        keys = set()
        for file in self.req.iterdir():
            found = None if file.name.startswith(".") else look(file)
            name = self._named(file.name) if found else None
            if found is not None and name is not None:
                keys.add(key_of(name, file, found))
        for hidden in self.res.glob(".*.part"):
            key = hidden.name[1 : -len(".part")]
            if key not in keys or self.journal.extension(key) is None:
                hidden.unlink(missing_ok=True)
        self.journal.keep_only(keys)

    # -- one request -------------------------------------------------------------------
    async def _guarded(self, name: FileName) -> None:
        seen = self._seen[name.text]
        begun = self.clock.monotonic()
        try:
            code = await self._served(name, seen)
        except NotConveyedError as error:
            self._again(seen)
            self._say(name, seen, "waiting", error.code.value, begun)
        except FileNotFoundError:
            # Its writer took it back; or the folder went, which the next look says.
            self._seen.pop(name.text, None)
        except OSError as error:
            self._again(seen)
            self._say_trouble(error)
        else:
            if code is not None:
                outcome = "refused" if code else "answered"
                self._say(name, seen, outcome, code, begun)

    async def _served(self, name: FileName, seen: _Seen) -> str | None:
        """The code of a refusal, "" for an answer; None: not yet."""
        file = self.req / name.text
        key = await asyncio.to_thread(key_of, name, file, seen.look)
        if self.journal.extension(key) is not None:
            await asyncio.to_thread(self._finish, name, seen.look, key)
            return ""
        hidden = self.res / f".{key}.part"
        try:
            identifier = await asyncio.to_thread(sound, name, file, seen.look)
        except OqsError as error:
            if error.code is Code.OQS_UNREADABLE and self._maybe_half(seen):
                seen.not_before = seen.since + self.pace.half
                return None
            await asyncio.to_thread(self._refuse, hidden, error.code, error.place)
            extension, code = "xml", error.code.value
        else:
            try:
                extension, code = await self.conveyor.convey(
                    name.text, file, key, hidden
                )
            except RefusedError as error:
                await asyncio.to_thread(
                    self._refuse, hidden, error.code, "", identifier
                )
                extension, code = "xml", error.code.value
        await asyncio.to_thread(self._deliver, name, seen.look, key, extension)
        return code

    def _maybe_half(self, seen: _Seen) -> bool:
        return self.clock.monotonic() - seen.since < self.pace.half

    def _refuse(
        self, hidden: Path, code: Code, place: str, identifier: str = ""
    ) -> None:
        now_ms = int(self.clock.now().timestamp() * 1000)
        sender = Sender(self.facility, self.encoding, identifier)
        write_through(hidden, refused(sender, now_ms, code, place))

    def _deliver(self, name: FileName, seen: Look, key: str, extension: str) -> None:
        flush(self.res / f".{key}.part")
        self.journal.note(key, extension)
        self._finish(name, seen, key)

    def _finish(self, name: FileName, seen: Look, key: str) -> None:
        """From the note on: once more or from the middle, the end is the same."""
        extension = self.journal.extension(key)
        if extension is None:
            raise AssertionError("nothing is ready")
        file, hidden = self.req / name.text, self.res / f".{key}.part"
        if look(file) != seen:
            # Written anew under the same name meanwhile: that one is not answered yet,
            # and this answer would be taken for its answer.
            hidden.unlink(missing_ok=True)
        else:
            if hidden.exists():
                put(hidden, self.res / name.answer(extension))
            file.unlink()
        self._seen.pop(name.text, None)
        self.journal.forget(key)

    # -- words -------------------------------------------------------------------------
    def _again(self, seen: _Seen) -> None:
        longest = min(self.pace.longest_pause, self.pace.pause * 2**seen.tries)
        seen.tries = min(seen.tries + 1, 16)
        wait = longest / 2 + self.chance() * longest / 2
        seen.not_before = self.clock.monotonic() + wait

    def _say(
        self, name: FileName, seen: _Seen, outcome: str, code: str, begun: float
    ) -> None:
        """Kind and size; its name is the receipt computer's, maybe with a number."""
        _log.info(
            "exchange",
            kind=name.kind.prefix,
            size=seen.look.size,
            outcome=outcome,
            code=code,
            tries=seen.tries,
            ms=round((self.clock.monotonic() - begun) * 1000),
        )

    def _say_trouble(self, error: OSError) -> None:
        """Once, until the folder is well again."""
        said = as_part_error(error, self.folder)
        if said.code != self._trouble:
            self._trouble = said.code
            _log.error("exchange folder", code=said.code)
