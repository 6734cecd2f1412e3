"""The ordinary answer of a row, on flat rows: exactly one person, one insurance, valid.

Nineteen of twenty rows are of this kind, and the general rules
(`cloud.access.inquire`) cost them six times as much. What is not plainly so is None
here and goes there; a property holds both to the same answer wherever this gives one.
"""

from collections.abc import Sequence
from functools import lru_cache

from cloud.bulk.answer import Record
from cloud.bulk.model import Question
from cloud.eligibility.inquiry import insurer_impossible
from cloud.registry.held import Held
from cloud.registry.model import PersonId
from cloud.registry.values import folded, folded_number, insurer_key
from protocol.codes import Validity

_VALID = Validity.VALID.value
_REMEMBERED = 1 << 14
_mistyped = lru_cache(_REMEMBERED)(insurer_impossible)


def key_of(question: Question) -> str:
    """registry.model.lookup_key of it, from what most rows of a file share."""
    number = folded_number(question.number).lstrip("0")
    return f"{insurer_key(question.insurer)}|{number}|{folded(question.symbol)}"


def ordinary(
    question: Question, key: str, found: Sequence[Held], day: str
) -> tuple[Record, PersonId] | None:
    """The answer and the person, or None: ask the general rules. `day` is ISO."""
    branch, birth = question.branch, question.birth_date
    fitting = [
        one
        for one in found
        if one.birth_date == birth
        and one.lookup == key
        and (not branch or one.branch == branch or folded(one.branch) == folded(branch))
    ]
    if len(fitting) != 1 or _mistyped(question.insurer):
        return None
    (one,) = fitting
    until = one.valid_until
    if (
        one.hold
        or one.unregistered
        or one.benefits
        or one.valid_from > day
        or (until is not None and until < day)
        or (len(found) > 1 and sum(other.person == one.person for other in found) > 1)
    ):
        return None
    patient = (
        *(one.name, one.name_kana, birth, one.sex, one.address, one.post_number),
    )
    insurance = (
        *(one.card_classification, one.insurer_number, one.insurer_name),
        *(one.relationship, one.valid_from, until, one.symbol, one.number),
        *(one.branch, one.insured_name, one.loss_reason, one.copayment_ratio),
        *(one.copayment_limit if question.limit else "", (), (), ()),
    )
    # Plain tuples are written faster than named ones.
    record = (tuple(question), "", "", _VALID, day, "", patient, (insurance,), ())
    return record, PersonId(one.person)
