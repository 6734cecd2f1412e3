"""The virtual card: command in, response out, by the rules of the real one.

Counters live as long as the object; everything else is forgotten when the field goes.
What a real card does here is described in the README beside this file.
"""

import hmac
from collections.abc import Callable

from device.card.apdu import APDUError, Command, Response
from device.card.status_words import (
    BLOCKED,
    CONDITIONS,
    NO_CURRENT_FILE,
    NOT_A_FILE,
    NOT_FOUND,
    OK,
    PAST_END,
    REFERENCE_NOT_FOUND,
    SECURITY_NOT_SATISFIED,
    UNKNOWN_CLA,
    UNKNOWN_INS,
    WRONG_LENGTH,
    WRONG_P1_P2,
)
from device.simulated.card.contents import CardContents
from device.simulated.card.files import (
    Application,
    DataFile,
    Element,
    PrivateKey,
    Secret,
    applications,
)
from device.simulated.card.signing import LONGEST_INPUT, card_sign
from device.simulated.card.terminal import TerminalCheck

Random = Callable[[int], bytes]


class RefusedError(Exception):
    """Inside the card only: becomes the status word of the response."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = sw


class VirtualCard:
    def __init__(self, contents: CardContents, random: Random) -> None:
        """`random(n)` gives n bytes for challenges and the card's changing name."""
        self.contents = contents
        self.random = random
        self._applications = applications(contents)
        self._tries = {
            (aid, ef): element.left
            for aid, application in self._applications.items()
            for ef, element in application.elements.items()
            if isinstance(element, Secret)
        }
        self.reset()

    def reset(self) -> None:
        """The field went off."""
        self._application: Application | None = None
        self._current: int | None = None
        self._verified: set[tuple[bytes, int]] = set()
        self._terminal = TerminalCheck(self.contents.terminal_ca, self.random)

    def transmit(self, raw: bytes) -> bytes:
        """One APDU as bytes; any bytes at all have an answer."""
        try:
            command = Command.from_bytes(raw)
        except APDUError:
            return Response(b"", WRONG_LENGTH).to_bytes()
        return self.answer(command).to_bytes()

    def answer(self, command: Command) -> Response:
        try:
            return self._dispatch(command)
        except RefusedError as refused:
            return Response(b"", refused.sw)

    def _dispatch(self, command: Command) -> Response:
        match command.cla, command.ins:
            case 0x00, 0xA4:
                return self._select(command)
            case 0x00, 0xB0:
                return self._read(command)
            case 0x00, 0x20:
                return self._verify(command)
            case 0x80, 0x2A:
                return self._sign(command)
            case (0x80, 0xA2) | (0x00, 0x84) | (0x00, 0x82):
                self._need_application()
                return self._terminal.answer(command)
            case ((0x00 | 0x80), _):
                raise RefusedError(UNKNOWN_INS)
            case _:
                raise RefusedError(UNKNOWN_CLA)

    def _select(self, command: Command) -> Response:
        match command.p1, command.p2:
            case 0x04, 0x0C:
                application = self._applications.get(command.data)
                if application is None:
                    raise RefusedError(NOT_FOUND)
                self._application, self._current = application, None
            case 0x02, 0x0C:
                if len(command.data) != 2:
                    raise RefusedError(WRONG_LENGTH)
                self._select_file(int.from_bytes(command.data, "big"))
            case _:
                raise RefusedError(WRONG_P1_P2)
        return Response(b"", OK)

    def _select_file(self, ef: int) -> None:
        application = self._application
        if application is None or ef not in application.elements:
            raise RefusedError(NOT_FOUND)
        self._current = ef

    def _read(self, command: Command) -> Response:
        offset = command.p1 << 8 | command.p2
        if command.p1 & 0x80:
            self._select_file(command.p1 & 0x1F)
            offset = command.p2
        file = self._element()
        if not isinstance(file, DataFile):
            raise RefusedError(NOT_A_FILE)
        if not self._open(file.opened_by):
            raise RefusedError(SECURITY_NOT_SATISFIED)
        if command.le is None or command.data:
            raise RefusedError(WRONG_LENGTH)
        if offset >= len(file.content):
            raise RefusedError(PAST_END)
        return Response(file.content[offset:][: command.le or 256], OK)

    def _verify(self, command: Command) -> Response:
        if command.p1 != 0x00 or not command.p2 & 0x80:
            raise RefusedError(WRONG_P1_P2)
        if command.p2 & 0x1F:
            self._select_file(command.p2 & 0x1F)
        secret = self._element()
        if not isinstance(secret, Secret):
            raise RefusedError(REFERENCE_NOT_FOUND)
        name = self._name()
        # A blocked key still answers the empty VERIFY with 63C0; OpenSC depends on it.
        if not command.data:
            raise RefusedError(0x63C0 | self._tries[name])
        if self._tries[name] == 0:
            raise RefusedError(BLOCKED)
        if secret.value is None or not hmac.compare_digest(secret.value, command.data):
            self._tries[name] -= 1
            self._verified.discard(name)
            raise RefusedError(0x63C0 | self._tries[name])
        self._tries[name] = secret.full
        self._verified.add(name)
        return Response(b"", OK)

    def _sign(self, command: Command) -> Response:
        if command.p1 != 0x00:
            raise RefusedError(WRONG_P1_P2)
        key = self._signing_key(command.p2)
        proven = key.terminal and self._terminal.proven
        if not (self._open(key.opened_by) or proven):
            raise RefusedError(SECURITY_NOT_SATISFIED)
        if not 1 <= len(command.data) <= LONGEST_INPUT or command.le is None:
            raise RefusedError(WRONG_LENGTH)
        try:
            return Response(card_sign(key.der, command.data), OK)
        except ValueError as error:
            raise RefusedError(CONDITIONS) from error

    def _signing_key(self, p2: int) -> PrivateKey:
        if p2 == 0x00:
            own = self._need_application().own_key
            if own is None:
                raise RefusedError(WRONG_P1_P2)
            return own
        if not p2 & 0x80:
            raise RefusedError(WRONG_P1_P2)
        if p2 & 0x1F:
            self._select_file(p2 & 0x1F)
        key = self._element()
        if not isinstance(key, PrivateKey):
            raise RefusedError(REFERENCE_NOT_FOUND)
        return key

    def _element(self) -> Element:
        if self._application is None or self._current is None:
            raise RefusedError(NO_CURRENT_FILE)
        return self._application.elements[self._current]

    def _name(self) -> tuple[bytes, int]:
        if self._application is None or self._current is None:
            raise RefusedError(NO_CURRENT_FILE)
        return self._application.aid, self._current

    def _need_application(self) -> Application:
        if self._application is None:
            raise RefusedError(NO_CURRENT_FILE)
        return self._application

    def _open(self, opened_by: frozenset[int] | None) -> bool:
        if opened_by is None:
            return True
        application = self._need_application()
        return any((application.aid, ef) in self._verified for ef in opened_by)
