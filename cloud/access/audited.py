"""What the audit log says of a request that was settled."""

from collections.abc import Iterator, Sequence

from cloud.access.ledger import Kept, Settled, Usage
from cloud.audit.model import Entry, Kind, detail
from cloud.registry.model import PersonId
from protocol.catalogue import Code
from protocol.codec import encode
from protocol.messages import Answer, ConsentReceipt, Refusal
from protocol.proof import result_hash


def audited(
    usage: Usage, answer: Answer, person: PersonId | None, result: bytes
) -> Entry:
    """One row: which reader of which facility was told what about whom."""
    grants = answer.grants if isinstance(answer, ConsentReceipt) else ()
    said = detail(
        by=usage.reader,
        method=usage.method,
        care=usage.care,
        outcome=usage.outcome,
        code=usage.code,
        items=[f"{grant.item}:{grant.decision}" for grant in grants],
    )
    return Entry(usage.facility, usage.at, Kind(usage.kind), person, said, result)


def entries(settled: Sequence[Settled], kept: Sequence[Kept]) -> Iterator[Entry]:
    """Of what a batch comes to. An answer that is given again is no new one."""
    for one, fate in zip(settled, kept, strict=True):
        if fate.refused is Code.REQUEST_ID_REUSED:
            yield _of_reuse(one)
        elif fate.answer is not None and not fate.repeated and one.entry is not None:
            yield one.entry


def reused(settled: Settled) -> Refusal:
    """The answer to a request whose id was used for another one."""
    return Refusal(
        request_id=settled.request,
        request_hash=settled.request_hash,
        reader_id=settled.reader,
        answered_at=settled.usage.at,
        code=Code.REQUEST_ID_REUSED.value,
    )


def _of_reuse(settled: Settled) -> Entry:
    usage, refusal = settled.usage, reused(settled)
    said = detail(by=usage.reader, outcome=refusal.kind, code=refusal.code)
    result = result_hash(encode(refusal))
    return Entry(usage.facility, usage.at, Kind(usage.kind), None, said, result)
