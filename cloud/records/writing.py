"""Records as JSON and back, read strictly: a row that fits half is a wrong one."""

from pydantic import TypeAdapter, ValidationError

from cloud.records.errors import SealBrokenError
from cloud.records.model import (
    Checkup,
    DrugLine,
    Kind,
    Operation,
    Record,
    Treatment,
    kind_of,
)

_FORMS: dict[Kind, TypeAdapter[Record]] = {
    Kind.DRUG: TypeAdapter(DrugLine),
    Kind.TREATMENT: TypeAdapter(Treatment),
    Kind.OPERATION: TypeAdapter(Operation),
    Kind.CHECKUP: TypeAdapter(Checkup),
}


def written(record: Record) -> bytes:
    return _FORMS[kind_of(record)].dump_json(record)


def read(kind: Kind, text: bytes) -> Record:
    """Raises SealBrokenError, which shows nothing of the text."""
    try:
        return _FORMS[kind].validate_json(text)
    except ValidationError:
        raise SealBrokenError("a stored record is not of its kind") from None
