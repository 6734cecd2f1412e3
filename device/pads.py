"""What a person types stays here: digits in buffers, and only their count goes on."""

from device.pin_pad import PinPad
from device.session.events import Event, KeyPressed, NumberTyped, PinTyped
from device.session.number_entry import DIGITS
from device.session.session import Session
from device.session.state import State


class Pads:
    """The PIN and 照合番号B, each zeroed as soon as the visit does not need it."""

    def __init__(self, pin_digits: int) -> None:
        self._pin = PinPad(pin_digits)
        self._number = PinPad(DIGITS)

    def typed(self, event: Event, session: Session) -> Event:
        """Where digits are asked for, one goes to a pad; the machine hears how many."""
        covered = session.choosing_language or session.warned
        if covered or not (isinstance(event, KeyPressed) and event.key.value.isdigit()):
            return event
        match session.state:
            case State.ENTERING_PIN:
                return PinTyped(self._pin.press(event.key.value))
            case State.ENTERING_NUMBER:
                return NumberTyped(self._number.press(event.key.value))
            case _:
                return event

    def take_pin(self) -> bytearray:
        """Once. Whoever takes it zeroes it."""
        return self._pin.take()

    def copy_number(self) -> bytearray:
        """A card in motion is opened again, so the digits stay. Zeroed by the taker."""
        return self._number.copy()

    def follow(self, session: Session) -> None:
        """Hold no more digits than the machine counts, and none it has no use for."""
        if session.state is State.ENTERING_PIN and session.digits:
            self._pin.keep(session.digits)
        elif session.state is not State.SIGNING:
            self._pin.clear()
        match session.state:
            case State.ENTERING_NUMBER:
                self._number.keep(session.digits)
            case State.LOOKING if session.typed:
                pass
            case _:
                self._number.clear()

    def clear(self) -> None:
        self._pin.clear()
        self._number.clear()
