"""An iterator that runs in a second process, some items ahead of who takes them."""

import gc
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Semaphore
from typing import Any, TypeVar

AHEAD = 3
"""Items that may wait: a slow taker must not make them pile up in memory."""

T = TypeVar("T")


def ahead(make: Callable[[], Iterator[T]]) -> Iterator[T]:
    """What `make()` yields; what it raises is raised here. `make` must pickle."""
    # Not fork: the taker has databases open.
    context = get_context("spawn")
    room = context.Semaphore(AHEAD)
    mine, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_run, args=(make, theirs, room), daemon=True)
    child.start()
    theirs.close()
    try:
        while True:
            kind, item = mine.recv()
            room.release()
            if kind == "end":
                return
            if kind == "error":
                raise item
            yield item
    finally:
        child.terminate()
        child.join()
        mine.close()


def _run(make: Callable[[], Iterator[Any]], to: Connection, room: Semaphore) -> None:
    # Items are trees of plain values: nothing for the collector, which would look at
    # every one of them again and again (a tenth of the time).
    gc.disable()
    try:
        for item in make():
            room.acquire()
            to.send(("item", item))
        end: tuple[str, Any] = ("end", None)
    except Exception as error:
        end = ("error", error)
    room.acquire()
    to.send(end)
