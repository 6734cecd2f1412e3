"""同意取得困難: the patient cannot be asked, and the records are needed now."""

from dataclasses import dataclass
from enum import StrEnum

from cloud.registry.model import PersonId
from protocol.ids import FacilityCode, RequestId

REASON_CHARACTERS = 5
"""A reason says something: "x" and "-" do not."""


class Verdict(StrEnum):
    """What the review found."""

    OPEN = "open"
    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


class EmergencyRefusedError(ValueError):
    """Without a reason, or without a name for it, nothing is opened."""


@dataclass(frozen=True, slots=True)
class Emergency:
    """One opening without consent; it stays on the list until somebody looked at it."""

    request: RequestId
    facility: FacilityCode
    person: PersonId
    items: tuple[str, ...]
    reason: str
    staff: str
    at: int
    until: int
    against: bool = False
    """The patient had said no to one of the items at this facility."""
    verdict: Verdict = Verdict.OPEN
    reviewer: str = ""
    reviewed_at: int | None = None

    def __post_init__(self) -> None:
        if len("".join(self.reason.split())) < REASON_CHARACTERS:
            raise EmergencyRefusedError("say why consent could not be asked")
        if not self.staff.strip():
            raise EmergencyRefusedError("say who opens the records")
        if not self.items:
            raise EmergencyRefusedError("say which items are needed")


def may_review(emergency: Emergency, reviewer: str) -> bool:
    """Four eyes: whoever opened it does not judge it; and it is judged once."""
    return (
        emergency.verdict is Verdict.OPEN
        and bool(reviewer.strip())
        and reviewer.strip() != emergency.staff.strip()
    )
