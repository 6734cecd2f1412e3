"""READ BINARY in the lengths that a transport and its card can do.

Dialogs ask for as many bytes as they need. Here a long wish becomes parts of 251 bytes,
which fit one 256-byte frame with their status word, or one command of extended length
where the transport takes it; a card that refuses that is asked in parts after all.
"""

from dataclasses import replace
from typing import TypeVar

from device.card.apdu import Command, Dialog, Response
from device.card.status_words import OK, WRONG_LENGTH

T = TypeVar("T")
CHUNK = 251
EXTENDED = 65536
FURTHEST = 0x7FFF
"""READ BINARY's offset has 15 bits."""
_READ = 0xB0


def split(dialog: Dialog[T], longest: int = CHUNK) -> Dialog[T]:
    """The same dialog; none of its answers is longer than `longest` bytes."""
    try:
        command = next(dialog)
        while True:
            command = dialog.send((yield from _exchange(command, longest)))
    except StopIteration as done:
        result: T = done.value
        return result
    finally:
        dialog.close()


def _exchange(command: Command, longest: int) -> Dialog[Response]:
    wanted = command.le or 0
    if command.ins != _READ or command.p1 & 0x80 or wanted <= CHUNK:
        return (yield command)
    if longest > CHUNK:
        response = yield replace(command, le=min(wanted, longest))
        if response.sw != WRONG_LENGTH:
            return response
    return (yield from _in_parts(command.p1 << 8 | command.p2, wanted))


def _in_parts(start: int, wanted: int) -> Dialog[Response]:
    data = b""
    while len(data) < wanted and start + len(data) <= FURTHEST:
        at, size = start + len(data), min(CHUNK, wanted - len(data))
        part = yield Command(0x00, _READ, at >> 8, at & 0xFF, le=size)
        data += part.data[:size]
        if part.sw != OK or not part.data:
            return Response(data, part.sw)
    return Response(data, OK)
