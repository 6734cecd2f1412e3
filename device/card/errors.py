"""What a card can answer that is not an answer.

PartError (device.ports)
├── CardLostError            C103  the card left (device.ports)
└── CardError
    ├── CardRefusedError     C101  a status word nobody expected here
    ├── MalformedCardError   C101  bytes that do not parse (TLVError below it)
    ├── NotMyNumberCardError C102
    ├── VerificationNumberError C104  照合番号B wrong, or too few tries to dare
    ├── PhotoNotAuthenticError  C105  changed, unsigned, or on a copied card
    ├── WrongPinError        C106
    ├── PinBlockedError      C107
    ├── NoCertificateError   C108
    ├── OtherCardError       C109  signed by another card than the one identified
    └── TerminalRefusedError K505  the card does not accept this terminal
"""

from device.ports import PartError
from protocol.catalogue import Code


class CardError(PartError):
    """The card is there and talks, and the dialog cannot go on."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(code, detail)


class CardRefusedError(CardError):
    def __init__(self, sw: int) -> None:
        super().__init__(Code.CARD_UNREADABLE, f"SW={sw:04X}")
        self.sw = sw


class MalformedCardError(CardError):
    def __init__(self, detail: str) -> None:
        super().__init__(Code.CARD_UNREADABLE, detail)


class NotMyNumberCardError(CardError):
    def __init__(self, detail: str = "") -> None:
        super().__init__(Code.NOT_MY_NUMBER_CARD, detail)


class VerificationNumberError(CardError):
    """`tries_left` of ten. `sent`: whether this number was tried at all."""

    def __init__(self, tries_left: int, *, sent: bool) -> None:
        super().__init__(Code.VERIFICATION_NUMBER_WRONG, f"{tries_left} tries left")
        self.tries_left = tries_left
        self.sent = sent


class PhotoNotAuthenticError(CardError):
    def __init__(self, detail: str) -> None:
        super().__init__(Code.PHOTO_NOT_AUTHENTIC, detail)


class WrongPinError(CardError):
    def __init__(self, tries_left: int) -> None:
        super().__init__(Code.WRONG_PIN, f"{tries_left} tries left")
        self.tries_left = tries_left


class PinBlockedError(CardError):
    """Only the municipal office can unblock it."""

    def __init__(self) -> None:
        super().__init__(Code.PIN_BLOCKED)


class NoCertificateError(CardError):
    def __init__(self, detail: str = "") -> None:
        super().__init__(Code.NO_CERTIFICATE, detail)


class OtherCardError(CardError):
    def __init__(self) -> None:
        super().__init__(Code.OTHER_CARD)


class TerminalRefusedError(CardError):
    def __init__(self, sw: int) -> None:
        super().__init__(Code.TERMINAL_PROOF_REFUSED, f"SW={sw:04X}")
        self.sw = sw
