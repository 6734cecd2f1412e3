"""The air between reader and card, as nfcpy's udp driver has it. Loopback only.

A datagram is "106B <hex>" without CRC (or 212B, 424B, once ATTRIB has said so); "RFOFF"
switches the field off. Silence is an answer, too: no card, another bit rate, a frame
the card does not hear, as while it still works on the last one.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from device.simulated.card.timing import Rate
from device.simulated.card.tray import Tray

LOOPBACK = "127.0.0.1"
RATES = {rate.air: rate for rate in Rate}
Address = tuple[str, int]


class Air(asyncio.DatagramProtocol):
    def __init__(self, tray: Tray) -> None:
        self._tray = tray
        self._reader: Address | None = None
        self._pending: asyncio.TimerHandle | None = None
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's own datagram transport does not inherit its interface in 3.11.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        if addr != self._reader or data.startswith(b"RFOFF"):
            # Another socket is another field: the card lost power in between.
            self._reader = addr
            self._power_off()
        rate = RATES.get(data[:4])
        if rate is None or self._pending is not None:
            return
        answer = self._tray.frame(_frame(data), rate)
        if answer is not None:
            self._later(rate.air + b" " + answer.hex().encode(), addr)

    def _power_off(self) -> None:
        if self._pending is not None:
            self._pending.cancel()
        self._pending = None
        self._tray.field_off()

    def _later(self, datagram: bytes, addr: Address) -> None:
        if not self._tray.delay_s:
            self._send(datagram, addr)
            return
        loop = asyncio.get_running_loop()
        self._pending = loop.call_later(self._tray.delay_s, self._send, datagram, addr)

    def _send(self, datagram: bytes, addr: Address) -> None:
        self._pending = None
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(datagram, addr)


@asynccontextmanager
async def on_air(tray: Tray, port: int) -> AsyncIterator[int]:
    """Answer a reader on this loopback UDP port while open; 0 picks a free one."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: Air(tray), local_addr=(LOOPBACK, port)
    )
    try:
        address: Address = transport.get_extra_info("sockname")
        yield address[1]
    finally:
        transport.close()


def _frame(data: bytes) -> bytes:
    try:
        return bytes.fromhex(data[4:].decode("ascii"))
    except ValueError:
        return b""
