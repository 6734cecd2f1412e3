"""The few ISO 7816-4 commands this product needs, in the only forms the card takes."""

from dataclasses import replace

from device.card import tlv
from device.card.apdu import Command, Dialog, Response
from device.card.errors import CardRefusedError, MalformedCardError
from device.card.long_reads import FURTHEST
from device.card.status_words import (
    END_OF_FILE,
    NO_LIMIT,
    OK,
    PAST_END,
    more_data,
    right_le,
    tries_left,
)

_HEADER = 7
_AHEAD = 2
"""Some cards of about 2023 are said to have so many bytes before their record."""
_ROUNDS = 256


def send(command: Command) -> Dialog[Response]:
    """One command with its 61xx and 6Cxx follow-ups; any final status returns."""
    response = yield command
    le = right_le(response.sw)
    if le is not None and not command.once:
        response = yield replace(command, le=le)
    data = response.data
    for _ in range(_ROUNDS):
        more = more_data(response.sw)
        if more is None:
            return Response(data, response.sw)
        response = yield Command(0x00, 0xC0, le=more)
        data += response.data
    raise MalformedCardError("the response does not end")


def demand(command: Command) -> Dialog[bytes]:
    """Answer data of a command that must succeed; else CardRefusedError."""
    response = yield from send(command)
    if response.sw != OK:
        raise CardRefusedError(response.sw)
    return response.data


def select_application(aid: bytes) -> Dialog[None]:
    """SELECT by name, no answer wanted (P2 0C): what every such card accepts."""
    yield from demand(Command(0x00, 0xA4, 0x04, 0x0C, aid))


def select_file(ef: int) -> Dialog[None]:
    """SELECT an elementary file; P1 must be 02 (OpenSC pull request 801)."""
    yield from demand(Command(0x00, 0xA4, 0x02, 0x0C, ef.to_bytes(2, "big")))


def read_start(length: int) -> Dialog[bytes]:
    """Up to `length` bytes from the start of the file; an empty file gives none."""
    response = yield from send(Command(0x00, 0xB0, le=length))
    if response.sw == PAST_END:
        return b""
    if response.sw not in (OK, END_OF_FILE):
        raise CardRefusedError(response.sw)
    return response.data[:length]


def read(offset: int, length: int) -> Dialog[bytes]:
    """Exactly `length` bytes. Raises MalformedCardError when the file is shorter."""
    data = b""
    while len(data) < length:
        at = offset + len(data)
        if at > FURTHEST:
            raise MalformedCardError("a file longer than READ BINARY reaches")
        wanted = length - len(data)
        response = yield from send(Command(0x00, 0xB0, at >> 8, at & 0xFF, le=wanted))
        if response.sw == PAST_END or not response.data:
            raise MalformedCardError("the file ends before its object does")
        if response.sw not in (OK, END_OF_FILE):
            raise CardRefusedError(response.sw)
        data += response.data[:wanted]
    return data


def read_object(tag: int | None = None, first: int = _HEADER) -> Dialog[bytes]:
    """The TLV object at the start of the current file, without filler behind it.

    `first`: bytes of the first READ, which tells the length; in a file that is known to
    be long a whole CHUNK saves one command.
    A two-byte `tag` is searched: one or two bytes before it are stepped over. Empty
    when the file holds nothing but filler. Raises TLVError.
    """
    start = yield from read_start(first)
    if not start.strip(b"\xff\x00"):
        return b""
    at = 0 if tag is None else max(0, start[: _AHEAD + 2].find(tag.to_bytes(2, "big")))
    if at:
        start = start[at:] + (yield from read(len(start), at))
    whole = tlv.header(start[:_HEADER]).total
    rest = yield from read(at + len(start), max(0, whole - len(start)))
    return (start + rest)[:whole]


def tries(full: int) -> Dialog[int]:
    """Tries left of the current key, without spending one.

    9000 (already verified, so the counter is full) and 6300 (no limit) give `full`.
    """
    response = yield from send(Command(0x00, 0x20, 0x00, 0x80))
    left = tries_left(response.sw)
    if left is not None:
        return left
    if response.sw in (OK, NO_LIMIT):
        return full
    raise CardRefusedError(response.sw)


def verify(secret: bytes) -> Dialog[int | None]:
    """None when the card took it, else the tries left. One command, never repeated."""
    response = yield from send(Command(0x00, 0x20, 0x00, 0x80, secret, once=True))
    if response.sw == OK:
        return None
    left = tries_left(response.sw)
    if left is None:
        raise CardRefusedError(response.sw)
    return left


def compute_signature(data: bytes, key: int) -> Dialog[bytes]:
    """PKCS#1 v1.5 over `data` as given. `key`: P2, 80 the selected, 00 the AP's own."""
    answer = yield from demand(Command(0x80, 0x2A, 0x00, key, data, le=0, once=True))
    if not answer:
        raise MalformedCardError("an empty signature")
    return answer
