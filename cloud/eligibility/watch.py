"""What was not found is looked for again, until it is valid or hope has ended."""

from dataclasses import dataclass, replace
from enum import StrEnum

from cloud.eligibility.cause import ADVICE, Cause
from protocol.ids import FacilityCode, RequestId

EVERY_MS = 60 * 60 * 1000
"""Insurers' registrations arrive over the day; a look costs one lookup."""
FOR_MS = 90 * 24 * 60 * 60 * 1000
"""Registration takes ten days at most; a dispute takes longer."""


class Target(StrEnum):
    """By what somebody was asked for."""

    CARD = "card"
    """`value` is the certificate's SHA-256 (hex)."""
    NUMBER = "number"
    """`value` is the query (JSON)."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One question of one facility that is still open."""

    facility: FacilityCode
    handle: RequestId
    """The request it comes from: what the facility knows the case by."""
    target: Target
    value: str
    cause: Cause
    since: int
    next_at: int

    def __repr__(self) -> str:
        return f"Watch({self.facility}, {self.cause})"

    @property
    def over_at(self) -> int:
        return self.since + FOR_MS


class NoticeKind(StrEnum):
    VALID = "valid"
    """Ask again: there is an answer now."""
    GIVEN_UP = "given_up"
    """Nothing came in all that time; call the insurer."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A word to a facility. Names nobody: the handle leads back to the question."""

    facility: FacilityCode
    handle: RequestId
    kind: NoticeKind
    at: int


def worth_watching(cause: Cause | None) -> bool:
    return cause is not None and ADVICE[cause].rechecked


def begun(
    facility: FacilityCode,
    handle: RequestId,
    target: tuple[Target, str],
    cause: Cause,
    now_ms: int,
) -> Watch:
    return Watch(facility, handle, *target, cause, now_ms, now_ms + EVERY_MS)


def looked(watch: Watch, cause: Cause | None, now_ms: int) -> Watch | Notice:
    """After a look: on with it, or what there is to tell. No cause: it is valid."""
    if cause is None:
        return Notice(watch.facility, watch.handle, NoticeKind.VALID, now_ms)
    if now_ms >= watch.over_at:
        return Notice(watch.facility, watch.handle, NoticeKind.GIVEN_UP, now_ms)
    return replace(watch, cause=cause, next_at=now_ms + EVERY_MS)
