"""What PC/SC gives: its daemon, a reader of it, and one card held exclusively.

Blocking, for one thread. Nothing in here repeats a command.
"""

from smartcard import scard

from device.card.apdu import APDUError, Command, Response
from device.ports import PartError
from protocol.catalogue import Code

VIRTUAL = "Virtual PCD"
"""vsmartcard's reader: whatever lies in it is simulated."""
_PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
_EMPTY = frozenset(
    {
        scard.SCARD_E_NO_SMARTCARD,
        scard.SCARD_W_REMOVED_CARD,
        scard.SCARD_W_UNPOWERED_CARD,
        scard.SCARD_W_UNRESPONSIVE_CARD,
        scard.SCARD_W_UNSUPPORTED_CARD,
        scard.SCARD_E_PROTO_MISMATCH,
        scard.SCARD_E_NOT_READY,
    }
)
"""The reader is well; there is no card that can be spoken to."""


class PcscError(Exception):
    """PC/SC refused. The message is its own and carries nothing of a card."""

    def __init__(self, result: int) -> None:
        super().__init__(scard.SCardGetErrorMessage(result).strip())
        self.result = result

    @property
    def no_card(self) -> bool:
        return bool(self.result in _EMPTY)

    @property
    def held(self) -> bool:
        """Another program has the card."""
        return bool(self.result == scard.SCARD_E_SHARING_VIOLATION)


class Daemon:
    """One connection to pcscd."""

    def __init__(self) -> None:
        """Raises PcscError when no daemon runs."""
        result, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        _expect(result)

    def readers(self) -> tuple[str, ...]:
        result, names = scard.SCardListReaders(self._context, [])
        if result == scard.SCARD_E_NO_READERS_AVAILABLE:
            return ()
        _expect(result)
        return tuple(names)

    def occupied(self, reader: str) -> bool:
        """Whether anything lies there; returns at once. Raises PcscError."""
        asked = [(reader, scard.SCARD_STATE_UNAWARE)]
        result, states = scard.SCardGetStatusChange(self._context, 0, asked)
        _expect(result)
        state = states[0][1]
        if state & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
            raise PcscError(scard.SCARD_E_READER_UNAVAILABLE)
        return bool(state & scard.SCARD_STATE_PRESENT)

    def connect(self, reader: str) -> "HeldCard":
        """Raises PcscError."""
        result, handle, protocol = scard.SCardConnect(
            self._context, reader, scard.SCARD_SHARE_EXCLUSIVE, _PROTOCOLS
        )
        _expect(result)
        return HeldCard(handle, protocol)

    def release(self) -> None:
        scard.SCardReleaseContext(self._context)


class HeldCard:
    """One powered card that no other program can reach; ends with its first error."""

    def __init__(self, handle: int, protocol: int) -> None:
        self._handle = handle
        self._protocol = protocol

    def transmit(self, command: Command) -> Response:
        """Short or extended, sent once. Raises PcscError: it may have happened."""
        result, raw = scard.SCardTransmit(
            self._handle, self._pci(), list(command.to_bytes())
        )
        _expect(result)
        try:
            return Response.from_bytes(bytes(byte & 0xFF for byte in raw))
        except APDUError as error:
            raise PcscError(scard.SCARD_E_COMM_DATA_LOST) from error

    def present(self) -> bool:
        status = scard.SCardStatus(self._handle)
        return bool(status[0] == scard.SCARD_S_SUCCESS)

    def forget(self) -> None:
        """Power off and on: what was verified is verified no more. Raises PcscError."""
        result, self._protocol = scard.SCardReconnect(
            self._handle,
            scard.SCARD_SHARE_EXCLUSIVE,
            _PROTOCOLS,
            scard.SCARD_UNPOWER_CARD,
        )
        _expect(result)

    def release(self) -> None:
        """Without power, what was verified is verified no more."""
        scard.SCardDisconnect(self._handle, scard.SCARD_UNPOWER_CARD)

    def abandon(self) -> None:
        """After an error. A power-down that finds no card makes pcscd 1.9 believe in
        an empty reader, even if another card lies there before it looks again.
        """
        scard.SCardDisconnect(self._handle, scard.SCARD_LEAVE_CARD)

    def _pci(self) -> int:
        block = self._protocol == scard.SCARD_PROTOCOL_T1
        pci: int = scard.SCARD_PCI_T1 if block else scard.SCARD_PCI_T0
        return pci


def choose(readers: tuple[str, ...], part: str, *, virtual: bool) -> str:
    """The one reader whose name contains `part`; without `virtual` never vpcd's.

    Raises PartError D704 that lists what there is.
    """
    fit = [one for one in readers if virtual or not one.startswith(VIRTUAL)]
    found = [one for one in fit if part.casefold() in one.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        listed = "; ".join(found)
        raise _missing(f"several readers fit {part!r}, name one of: {listed}")
    listed = "; ".join(readers) or "none"
    raise _missing(f"no PC/SC reader named like {part!r}; connected: {listed}")


def _missing(detail: str) -> PartError:
    return PartError(Code.SELFTEST_FAILED, detail)


def _expect(result: int) -> None:
    if result != scard.SCARD_S_SUCCESS:
        raise PcscError(result)
