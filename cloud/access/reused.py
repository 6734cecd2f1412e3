"""A request id that was used for another request: its answer, and the answer's row."""

from collections.abc import Iterator, Sequence

from cloud.access.ledger import Kept, Settled
from cloud.audit.model import Entry, Kind, detail
from protocol.catalogue import Code
from protocol.codec import encode
from protocol.messages import Refusal
from protocol.proof import result_hash


def refusal(settled: Settled) -> Refusal:
    """M409, without its proof."""
    return Refusal(
        request_id=settled.request,
        request_hash=settled.request_hash,
        reader_id=settled.reader,
        answered_at=settled.usage.at,
        code=Code.REQUEST_ID_REUSED.value,
        mode=settled.mode,
    )


def entries(settled: Sequence[Settled], kept: Sequence[Kept]) -> Iterator[Entry]:
    """The rows of a batch. An answer that is given again is no new one."""
    for one, fate in zip(settled, kept, strict=True):
        if fate.refused is Code.REQUEST_ID_REUSED:
            yield _of_refusal(one)
        elif fate.answer is not None and not fate.repeated:
            yield one.entry


def _of_refusal(settled: Settled) -> Entry:
    usage, answer = settled.usage, refusal(settled)
    said = detail(
        by=usage.reader, outcome=answer.kind, code=answer.code, mode=answer.mode
    )
    result = result_hash(encode(answer))
    return Entry(usage.facility, usage.at, Kind(usage.kind), None, said, result)
