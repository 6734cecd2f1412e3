"""Drivers of a dialog: one blocking, one async; they are twins."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from device.card.apdu import Command, Dialog, Response
from device.card.long_reads import CHUNK, split

T = TypeVar("T")


def run(
    dialog: Dialog[T],
    transmit: Callable[[Command], Response],
    longest_read: int = CHUNK,
) -> T:
    """Drive `dialog` to its end; what `transmit` raises closes it and passes.

    `longest_read`: bytes that the transport takes in one answer (long_reads.py).
    """
    dialog = split(dialog, longest_read)
    try:
        command = next(dialog)
        while True:
            command = dialog.send(transmit(command))
    except StopIteration as done:
        result: T = done.value
        return result
    finally:
        dialog.close()


async def run_async(
    dialog: Dialog[T],
    transmit: Callable[[Command], Awaitable[Response]],
    longest_read: int = CHUNK,
) -> T:
    """The same with an awaiting transmitter."""
    dialog = split(dialog, longest_read)
    try:
        command = next(dialog)
        while True:
            command = dialog.send(await transmit(command))
    except StopIteration as done:
        result: T = done.value
        return result
    finally:
        dialog.close()
