"""One question, its answer in the making, and all that is committed with it. Pure."""

from dataclasses import dataclass, replace

from cloud.access.circumstances import ORDINARY, Here
from cloud.access.ledger import Settled, Usage, Verification
from cloud.audit import model as audit
from cloud.consent.keys import DataKey
from cloud.consent.link import Link
from cloud.consent.model import Consent
from cloud.eligibility.service import ContinuingCare
from cloud.eligibility.watch import Watch
from cloud.facilities.model import Reader
from cloud.registry.model import PersonId
from protocol.codec import decode_answer
from protocol.messages import (
    Answer,
    Asked,
    Request,
    VerificationAnswer,
    VerificationBody,
)


@dataclass(frozen=True, slots=True)
class Question:
    """One opened and decoded request, and the circumstances it is judged in."""

    request: Request
    asked: Asked
    """The request itself, or the body that the card signed."""
    hash: bytes
    reader: Reader
    now_ms: int
    here: Here = ORDINARY


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer and what it entails."""

    answer: Answer
    verifications: tuple[Verification, ...] = ()
    consents: tuple[Consent, ...] = ()
    data_keys: tuple[DataKey, ...] = ()
    registers: PersonId | None = None
    watch: Watch | None = None
    continuing: ContinuingCare | None = None
    link: Link | None = None
    person: PersonId | None = None
    """Whom it is about, for the audit log."""


def settled(
    question: Question, envelope: bytes, draft: Draft, answer: bytes, result: bytes
) -> Settled:
    """`answer` is what leaves, `result` its hash without the proof number."""
    link = draft.link
    if link is not None:
        link = replace(link, proof=decode_answer(answer).proof)
    usage = _usage(question, draft.answer)
    return Settled(
        request=question.asked.request_id,
        request_hash=question.hash,
        envelope=envelope,
        reader=question.reader.id,
        expires_at=question.asked.expires_at,
        answer=answer,
        usage=usage,
        entry=_entry(usage, draft, result, question.here.mode),
        verifications=draft.verifications,
        consents=draft.consents,
        data_keys=draft.data_keys,
        registers=draft.registers,
        watch=draft.watch,
        continuing=draft.continuing,
        mode=question.here.mode,
        link=link,
    )


def _entry(usage: Usage, draft: Draft, result: bytes, mode: str) -> audit.Entry:
    said = audit.detail(
        by=usage.reader,
        outcome=usage.outcome,
        code=usage.code,
        method=usage.method,
        care=usage.care,
        items=[f"{one.item}:{one.decision}" for one in draft.consents],
        mode=mode,
    )
    kind = audit.Kind(usage.kind)
    return audit.Entry(usage.facility, usage.at, kind, draft.person, said, result)


def _usage(question: Question, answer: Answer) -> Usage:
    asked = question.asked
    verified = asked if isinstance(asked, VerificationBody) else None
    outcome = answer.outcome if isinstance(answer, VerificationAnswer) else answer.kind
    return Usage(
        at=question.now_ms,
        reader=question.reader.id,
        facility=question.reader.facility,
        kind=question.request.kind.removesuffix("-request"),
        method=verified.method if verified else "",
        care=verified.care if verified else "",
        outcome=outcome,
        code=getattr(answer, "code", ""),
        waited_ms=max(0, question.now_ms - asked.issued_at),
    )
