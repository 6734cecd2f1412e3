"""特定機関認証: a terminal proves itself, and the card signs without a PIN.

The command that begins it is known (80 A2 00 C1, checked against EF 0016); the rest
and the keys are given to designated bodies only. So the handshake is a plug: what a
designated facility installs, or the plainly fictitious one of the virtual card.
"""

from typing import Protocol

from device.card.apdu import Dialog
from protocol.codes import TerminalProof


class TerminalAuthenticator(Protocol):
    @property
    def proof(self) -> TerminalProof:
        """What the request to the cloud says about this proof."""
        ...

    def authenticate(self) -> Dialog[None]:
        """Runs after the JPKI application is selected; then its key may sign.

        Raises CardRefusedError when the card does not accept the terminal.
        """
        ...
