"""The virtual card in vsmartcard's virtual reader (vpcd): real PC/SC software sees it.

The card is the TCP client. A message is two bytes of length and a body; a body of one
byte is the reader speaking (power, reset, the ATR), any other one is an APDU.
"""

import socket
from typing import Protocol

PORT = 35963
"""vpcd's first slot; the second one listens on the next port."""
ATR = bytes.fromhex("3B888001004B51FFB381D1000F")
"""Of a contactless reader with this card: the ATQB's last bytes are in it."""
_ATR_ASKED = b"\x04"
_CONNECT_S = 5.0


class Chip(Protocol):
    """A card without air or wire around it."""

    def transmit(self, raw: bytes) -> bytes: ...

    def reset(self) -> None: ...


def insert(host: str, port: int) -> socket.socket:
    """The card's side of the slot; close it to take the card out. Raises OSError."""
    link = socket.create_connection((host, port), _CONNECT_S)
    link.settimeout(None)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return link


def serve(chip: Chip, link: socket.socket) -> None:
    """Be the card until the reader goes, or somebody shuts the link down."""
    try:
        while (body := _body(link)) is not None:
            answer = _answer(chip, body)
            if answer is not None:
                link.sendall(len(answer).to_bytes(2, "big") + answer)
    except OSError:
        return
    finally:
        chip.reset()


def _answer(chip: Chip, body: bytes) -> bytes | None:
    if len(body) > 1:
        return chip.transmit(body)
    if body == _ATR_ASKED:
        return ATR
    # Off, on and reset: each of them ends the security status, none has an answer.
    chip.reset()
    return None


def _body(link: socket.socket) -> bytes | None:
    head = _exactly(link, 2)
    return None if head is None else _exactly(link, int.from_bytes(head, "big"))


def _exactly(link: socket.socket, size: int) -> bytes | None:
    data = b""
    while len(data) < size:
        # vpcd sends length and body apart; unacknowledged at once, that costs 40 ms an
        # APDU (Nagle there, delayed acknowledgement here). The kernel forgets the flag.
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = link.recv(size - len(data))
        if not part:
            return None
        data += part
    return data
