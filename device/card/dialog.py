"""Drivers of a dialog: one blocking, one async; they are twins."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from device.card.apdu import Command, Dialog, Response

T = TypeVar("T")


def run(dialog: Dialog[T], transmit: Callable[[Command], Response]) -> T:
    """Drive `dialog` to its end; what `transmit` raises closes it and passes."""
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
    dialog: Dialog[T], transmit: Callable[[Command], Awaitable[Response]]
) -> T:
    """The same with an awaiting transmitter."""
    try:
        command = next(dialog)
        while True:
            command = dialog.send(await transmit(command))
    except StopIteration as done:
        result: T = done.value
        return result
    finally:
        dialog.close()
