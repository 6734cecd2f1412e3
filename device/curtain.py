"""What the paper says before the first visit and after the last one.

E-paper keeps its picture without power: a reader that stops would go on asking for
cards. Whoever installs a version puts a file `updating` into the reader's home first.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from device.ports import Panel, PartError
from ui_eink.render import render
from ui_eink.views import (
    Lang,
    OutOfService,
    SelfTest,
    StartingUp,
    Updating,
    View,
    name_of,
)

UPDATING = "updating"
Tried = Callable[[int, int], Awaitable[None]]
"""So many of so many parts have been opened."""


@asynccontextmanager
async def curtain(
    panel: Panel, lang: Lang, home: Path, *, simulated: bool
) -> AsyncIterator[Tried]:
    """Starting up, and at the end why nobody can be received here now."""

    async def put_up(view: View) -> None:
        picture = await asyncio.to_thread(render, view, lang, simulated=simulated)
        # A panel that fails is noticed with the first screen of a visit.
        with suppress(PartError):
            await panel.show(picture, name_of(view))

    async def tried(done: int, total: int) -> None:
        await put_up(SelfTest(done, total))

    mark, code = home / UPDATING, ""
    mark.unlink(missing_ok=True)
    await put_up(StartingUp())
    try:
        yield tried
    except PartError as error:
        code = error.code
        raise
    finally:
        await put_up(Updating() if mark.exists() else OutOfService(code))
