"""What must be on the disk before an answer leaves, and what makes it happen once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cloud.audit.model import Entry
from cloud.consent.keys import DataKey
from cloud.consent.link import Link
from cloud.consent.model import Consent
from cloud.eligibility.service import ContinuingCare
from cloud.eligibility.watch import Watch
from cloud.registry.model import PersonId
from protocol.catalogue import Code
from protocol.codes import CareKind, Outcome
from protocol.ids import FacilityCode, ReaderId, RequestId
from protocol.messages import Mode

VERIFICATION_STANDS_MS = 24 * 60 * 60 * 1000
"""How long consent and registration may build on a verification."""


@dataclass(frozen=True, slots=True)
class Usage:
    """One request as statistics see it. Nothing here leads to a person."""

    at: int
    reader: ReaderId
    facility: FacilityCode
    kind: str
    method: str
    care: str
    outcome: str
    code: str
    waited_ms: int
    """From the reader's asking to the decision; its clock may be off by seconds."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What later requests of the same reader may build on."""

    reader: ReaderId
    request: RequestId
    person: PersonId
    outcome: Outcome
    asked: tuple[str, ...]
    at: int
    certificate_expires: int
    care: CareKind = CareKind.OUTPATIENT


@dataclass(frozen=True, slots=True)
class Settled:
    """One request, decided: everything that is committed together."""

    request: RequestId
    request_hash: bytes
    envelope: bytes
    reader: ReaderId
    expires_at: int
    """When the request cannot be repeated any more; its answer is forgotten then."""
    answer: bytes
    usage: Usage
    entry: Entry
    """Its row in the audit log."""
    verifications: tuple[Verification, ...] = ()
    consents: tuple[Consent, ...] = ()
    data_keys: tuple[DataKey, ...] = ()
    registers: PersonId | None = None
    watch: Watch | None = None
    """What was not found is looked for again."""
    continuing: ContinuingCare | None = None
    mode: Mode = ""
    """The exceptional mode it was answered in."""
    link: Link | None = None
    """Of the consent receipt."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands after the commit: the answer that leaves, or why none may."""

    answer: bytes | None
    refused: Code | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Audit:
    """A refusal without a request: how often, never who."""

    at: int
    code: Code
    reader: str
    """A reader's name that is ours; else empty."""


class LedgerError(Exception):
    """The store could not commit: nothing of this batch may leave."""


class Ledger(Protocol):
    def commit(self, settled: Sequence[Settled], audits: Sequence[Audit]) -> list[Kept]:
        """Write all or nothing, durably; one `Kept` for each settled, in order.

        A request that its reader sent before writes nothing: the same hash gives the
        stored answer, another hash REQUEST_ID_REUSED, the same envelope REPLAYED.
        Both of these refusals are audited. Raises LedgerError.
        """
        ...

    def verification(
        self, reader: ReaderId, request: RequestId
    ) -> Verification | None: ...

    def verification_at(
        self, facility: FacilityCode, request: RequestId
    ) -> Verification | None:
        """By any reader of the facility: what its own computer may build on."""
        ...

    def verifications(self, facility: FacilityCode) -> list[Verification]:
        """Of its readers, as long as they stand; the newest first."""
        ...

    def forget(self, now_ms: int) -> int:
        """Drop what can have no use any more; how many.

        Answers 240 s after their request's end and further envelopes after 240 s
        (protocol/README 5.2), verifications after 24 hours.
        """
        ...

    def counts(self) -> list[tuple[str, str, str, int]]:
        """Requests settled so far by kind, outcome and code."""
        ...

    def refusals(self) -> list[tuple[str, int]]:
        """Audited refusals so far by code."""
        ...
