"""The whole cloud on one machine: worker processes, and the operators' pages."""

import asyncio
import signal
import sys
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from cloud.api import open_api
from cloud.bulk_process import keep_answering
from cloud.config import Config
from cloud.pages import open_page
from cloud.web.app import Watched, open_pages
from cloud.web.metrics import Tally
from cloud.worker import LISTENING

RESTART_S = 1.0
ENDING_S = 10.0

log = structlog.get_logger("serve")


@dataclass(slots=True)
class Crew:
    """The workers of this process, and which of them listen."""

    file: Path
    size: int
    listening: set[int] = field(default_factory=set)
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    async def keep(self, index: int) -> None:
        """Run one worker for ever: when it dies, another takes its place."""
        while True:
            await self._live(index)
            log.warning("worker died", worker=index)
            await asyncio.sleep(RESTART_S)

    async def _live(self, index: int) -> None:
        command = (sys.executable, "-m", "cloud", "worker")
        process = await asyncio.create_subprocess_exec(
            *command,
            *("--config", str(self.file), "--index", str(index)),
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            while process.stdout and (line := await process.stdout.readline()):
                self._heard(index, line.decode().strip())
        finally:
            self._heard(index, "")
            await _end(process)

    def _heard(self, index: int, line: str) -> None:
        if line == LISTENING:
            self.listening.add(index)
        else:
            self.listening.discard(index)
        if len(self.listening) == self.size:
            self.complete.set()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Let it finish its batch; then wait no longer."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(ENDING_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def serve(config: Config, file: Path) -> None:
    """Run until SIGTERM or SIGINT. Prints one line when every worker listens."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    crew = Crew(file, config.intake.workers)
    async with AsyncExitStack() as stack:
        tally = Tally() if config.api else None
        watched = Watched(config.where, lambda: len(crew.listening), crew.size, tally)
        address = await open_pages(watched, config.web.host, config.web.port, stack)
        if tally:
            log.info("facilities' interface", at=await open_api(config, stack, tally))
        if config.page:
            log.info("the patient's page", at=await open_page(config, stack))
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        running = [tasks.create_task(crew.keep(index)) for index in range(crew.size)]
        running.append(tasks.create_task(keep_answering(file)))
        running.append(tasks.create_task(_announce(config, crew, address)))
        await stop.wait()
        for task in running:
            task.cancel()
    log.info("ended")


async def _announce(config: Config, crew: Crew, address: str) -> None:
    await crew.complete.wait()
    broker = f"{config.broker.host}:{config.broker.port}"
    sys.stdout.write(
        f"shikaku-cloud ready: {crew.size} worker(s) on {broker}, pages at {address}\n"
    )
    sys.stdout.flush()
