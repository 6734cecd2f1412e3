"""One envelope at a time, for a device that speaks HTTP: the same rules as any reader.

The envelope is signed and sealed end to end, so the way it takes proves nothing and
needs to prove nothing.
"""

from cloud.intake.line import Arrival, Line
from cloud.intake.listener import Listener
from protocol import topics
from protocol.ids import ReaderId


class OneLine(Line):
    """Holds the answer to the one envelope that is being served."""

    def __init__(self) -> None:
        self.answer: bytes | None = None

    def receive(self, timeout_s: float, limit: int) -> list[Arrival]:
        return []

    def publish(self, topic: str, payload: bytes) -> None:
        self.answer = payload

    def acknowledge(self, arrival: Arrival) -> None:
        """HTTP's own answer does that."""

    def flush(self) -> None:
        """Nothing waits."""


class OneByOne:
    """Committed before it returns, as in a batch."""

    def __init__(self, listener: Listener, line: OneLine) -> None:
        self._listener = listener
        self._line = line

    def __call__(self, reader: ReaderId, envelope: bytes) -> bytes | None:
        """Sealed answer or signed notice; None: nothing may leave (commit failed)."""
        self._line.answer = None
        arrival = Arrival(topics.request(reader), envelope, 0)
        self._listener.serve([arrival])
        return self._line.answer
