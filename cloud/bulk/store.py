"""What bulk inquiries need kept, and in which transactions."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from cloud.audit.model import Entry
from cloud.bulk.model import Family, Job, Reception, Selection
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode


class Batch(NamedTuple):
    """Questions that nobody has answered yet, sealed."""

    first: int
    """The place of the first row, from 1."""
    size: int
    sealed: bytes


class Answered(NamedTuple):
    """One answered row, sealed."""

    place: int
    person: PersonId | None
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Step:
    """A batch that was decided on."""

    before: Job
    after: Job
    """The same job behind this batch."""
    answers: Sequence[Answered]
    entries: Sequence[Entry]


class GoneError(Exception):
    """Somebody of this batch was erased meanwhile: decide it again."""


class BulkStore(Protocol):
    def begin(
        self, job: Job, head: bytes, batches: Sequence[Batch], entry: Entry
    ) -> bool:
        """All of it in one transaction; False: the reception number is taken."""
        ...

    def jobs(self, facility: FacilityCode) -> list[Job]:
        """The newest first."""
        ...

    def job(self, facility: FacilityCode, reception: Reception) -> Job | None: ...

    def head(self, reception: Reception) -> bytes: ...

    def waiting(self, after: Reception | None) -> tuple[Job, Batch] | None:
        """The next batch of the next job behind this one, and round again."""
        ...

    def settle(self, step: Step) -> bool:
        """Questions away, answers, audit rows and position in, in one transaction.

        False, and nothing is changed, where the job is not at `before` any more:
        another worker answered the batch, or the job was deleted.
        Raises GoneError.
        """
        ...

    def answers(self, reception: Reception) -> Generator[Answered, None, None]:
        """In order; who was erased meanwhile is not among them."""
        ...

    def delete(
        self, facility: FacilityCode, reception: Reception, entry: Entry
    ) -> bool:
        """With all its rows; False: there is none."""
        ...

    def people(
        self,
        facility: FacilityCode,
        family: Family,
        selection: Selection,
        now_ms: int,
    ) -> list[PersonId]:
        """Whom this facility may ask for again without the card, in order."""
        ...
