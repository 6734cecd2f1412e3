"""A virtual card on the bench: dialogs run at once, every command is remembered."""

from typing import TypeVar

from device.card.apdu import Command, Dialog, Response
from device.card.dialog import run
from device.simulated.card.virtual import VirtualCard

T = TypeVar("T")


class Bench:
    def __init__(self, card: VirtualCard) -> None:
        self.card = card
        self.trace: list[Command] = []

    def transmit(self, command: Command) -> Response:
        self.trace.append(command)
        return Response.from_bytes(self.card.transmit(command.to_bytes()))

    def run(self, dialog: Dialog[T]) -> T:
        return run(dialog, self.transmit)
