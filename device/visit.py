"""The folder of one tap: what belongs to a person, while the visit needs it.

The machine holds none of this. The folder lives in memory and is emptied when the
visit is decided; the answer stays until the facility has it.
"""

from dataclasses import dataclass, field
from typing import Literal

from device.pin_pad import wipe
from protocol.ids import RequestId, VisitId
from protocol.messages import (
    ConsentReceipt,
    FaceEvidence,
    VerificationAnswer,
    VerificationRequest,
)


@dataclass(slots=True)
class Visit:
    tap: int
    visit_id: VisitId
    token: Literal["card", "phone"] = "card"  # noqa: S105 (which kind of token)
    certificate: bytes = field(default=b"", repr=False)
    photo: bytearray = field(default_factory=bytearray, repr=False)
    face: FaceEvidence | None = None
    """Only a match is evidence."""
    request: VerificationRequest | None = field(default=None, repr=False)
    verification: RequestId | None = None
    """The request that the cloud answered last; consent builds on it."""
    granted: frozenset[str] = frozenset()
    """Items this patient agreed to: no receipt may say more."""
    answer: VerificationAnswer | None = field(default=None, repr=False)
    receipt: ConsentReceipt | None = field(default=None, repr=False)
    told: tuple[VerificationAnswer | None, ConsentReceipt | None] | None = field(
        default=None, repr=False
    )
    """What the facility was given last: the same is not written twice."""
    open_asks: int = 0
    undelivered: int = 0
    card_s: float = 0.0
    face_s: float = 0.0
    round_trip_s: float = 0.0
    machine_s: float = 0.0

    @property
    def done(self) -> bool:
        """Nothing about this tap is still on its way."""
        return not self.open_asks and not self.undelivered

    def forget_card(self) -> None:
        """The card and the face are needed until the request is signed, no longer."""
        wipe(self.photo)
        self.photo = bytearray()
        self.certificate = b""
        self.face = None
        self.request = None
