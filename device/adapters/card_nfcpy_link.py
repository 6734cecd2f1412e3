"""What nfcpy needs to talk to a My Number card well, added from outside.

Measured with nfcpy 1.0.4: it gives ATTRIB 30 ms and always asks for 106 kbit/s, and
waits a whole second for a card that is not there on its udp driver. Blocks are our own
(card_nfcpy_blocks.py).
"""

import logging
import select

import nfc.clf
import nfc.clf.udp
import nfc.tag

from device.adapters.card_nfcpy_blocks import BlockError, Blocks
from device.card.apdu import APDUError, Command, Response

QUICK_S = 0.25
"""Long enough for SELECT and READ BINARY on any card."""
PRESENCE_S = 0.1
_SENSE_S = 0.12
_ATTRIB_S = 0.15
_LONGEST_DATAGRAM = 1024
_STRANGERS = 8
_RETRIES = 3
_RETRIES_ONCE = 1
"""At full waiting time each: R(NAK) only, so the card never does a thing twice."""
_SLOWEST = 106
_RATES = {106: 0x00, 212: 0x50, 424: 0xA0}
"""Both directions in ATTRIB Param 2 (ISO 14443-3 section 7.10.4)."""
_FRAME_SIZES = (16, 24, 32, 40, 48, 64, 96, 128, 256)
_LOST = (nfc.clf.Error, nfc.tag.TagCommandError, OSError)
"""nfcpy's two families, and USB errors through them."""


class LinkLostError(Exception):
    """No valid answer from a card any more."""


def quiet() -> None:
    """nfcpy logs every APDU in clear at DEBUG, and with it the PIN. Never ours."""
    logging.getLogger("nfc").setLevel(logging.WARNING)
    for name in ("nfc.clf", "nfc.clf.udp", "nfc.tag", "nfc.tag.tt4"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def open_frontend(path: str) -> nfc.clf.ContactlessFrontend:
    """`usb:054c:06c3`, `udp:127.0.0.1:PORT`, ... Raises OSError."""
    quiet()
    kind, _, rest = path.partition(":")
    if kind != "udp":
        return nfc.clf.ContactlessFrontend(path)
    host, _, port = rest.rpartition(":")
    frontend = nfc.clf.ContactlessFrontend()
    frontend.device = _QuickUdp(host or "127.0.0.1", int(port))
    return frontend


class _QuickUdp(nfc.clf.udp.Device):  # type: ignore[misc]  # nfcpy has no types
    """The udp driver, noticing an empty field as quickly as a real reader does."""

    _sensing = False

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        self._vendor_name, self._device_name = "nfcpy", "udp"
        self._chipset_name = "udp"

    def sense_ttb(self, target: object) -> object:
        self._sensing = True
        try:
            return super().sense_ttb(target)
        finally:
            self._sensing = False

    def _send_data(self, rate: str, data: bytes, addr: object) -> None:
        # Nobody hears on the air what was said before he spoke himself.
        while select.select([self.socket], [], [], 0)[0]:
            self.socket.recvfrom(_LONGEST_DATAGRAM)
        super()._send_data(rate, data, addr)

    def _recv_data(self, timeout: float, *rates: str) -> tuple[str, bytearray, object]:
        """One frame of the card. Raises nfc.clf.TransmissionError for what is none.

        nfcpy's own lets half a byte out as a ValueError, and takes what a stranger
        sends to a port that was somebody else's a moment ago.
        """
        wait = min(timeout, _SENSE_S) if self._sensing else timeout
        for _ in range(_STRANGERS):
            try:
                rate, data, sender = super()._recv_data(wait, *rates)
            except ValueError:
                raise nfc.clf.TransmissionError("not a frame") from None
            if sender == self.addr:
                return rate, data, sender
        raise nfc.clf.TimeoutError("only strangers were heard")


class CardLink:
    """One activated Type B card; ends with the first exchange that fails."""

    def __init__(
        self, frontend: nfc.clf.ContactlessFrontend, atqb: bytes, rate: int = _SLOWEST
    ) -> None:
        """`rate` in kbit/s, one that the card offers. Raises LinkLostError."""
        self.rate = rate
        fwt = 4096 / 13.56e6 * 2 ** min(atqb[11] >> 4, 14)
        self._patience_s = max(QUICK_S, fwt + 49152 / 13.56e6)
        frame = _FRAME_SIZES[min(atqb[10] >> 4, 8)]
        speed = _RATES[rate]
        parameters = bytes((0x00, speed | _fsdi(frontend), 0x01, 0x00))
        try:
            frontend.exchange(b"\x1d" + atqb[1:5] + parameters, timeout=_ATTRIB_S)
            # The card answers ATTRIB as it was asked; from here on both are faster.
            frontend.target.brty = f"{rate}B"
            size = min(frame, frontend.max_send_data_size)
        except _LOST as error:
            raise LinkLostError from error
        self._blocks = Blocks(frontend.exchange, size, fwt)
        if rate != _SLOWEST and not self.present():
            raise LinkLostError

    def transmit(self, command: Command) -> Response:
        """One APDU. `once` commands get the card's full waiting time.

        Raises LinkLostError: what was asked may have happened.
        """
        wait_s = self._patience_s if command.once else QUICK_S
        repeats = _RETRIES_ONCE if command.once else _RETRIES
        try:
            raw = self._blocks.transmit(command.to_bytes(), wait_s, repeats)
            return Response.from_bytes(raw)
        except (*_LOST, BlockError, APDUError, TypeError) as error:
            # nfcpy gives None, and we bytes(None), where a torn exchange had nothing.
            raise LinkLostError from error

    def present(self) -> bool:
        """R(NAK), twice if need be: one lost frame is not a removed card."""
        return self._answers() or self._answers()

    def _answers(self) -> bool:
        try:
            self._blocks.present(PRESENCE_S)
        except _LOST:
            return False
        return True


def offered_rates(atqb: bytes) -> tuple[int, ...]:
    """kbit/s both ways, slowest first (ISO 14443-3 section 7.9.4.4). 106 is always."""
    both = atqb[9] & atqb[9] >> 4
    if atqb[9] & 0x08:
        return (_SLOWEST,)
    return (_SLOWEST, *(rate for bit, rate in ((1, 212), (2, 424)) if both & bit))


def sense(frontend: nfc.clf.ContactlessFrontend) -> bytes | None:
    """ATQB of a Type B card in the field; switches the field off and on."""
    try:
        target = frontend.sense(nfc.clf.RemoteTarget("106B"))
    except nfc.clf.Error:
        return None
    atqb = None if target is None else bytes(target.sensb_res or b"")
    return atqb if atqb and len(atqb) >= 12 else None


def _fsdi(frontend: nfc.clf.ContactlessFrontend) -> int:
    return 8 if frontend.max_recv_data_size >= _FRAME_SIZES[8] else 7
