"""A report as JSON, and the schema of that JSON."""

from typing import Any

from pydantic import TypeAdapter

from cloud.records.report import Report

_FORM: TypeAdapter[Report] = TypeAdapter(Report)


def as_json(report: Report) -> bytes:
    """UTF-8. Dates are ISO, times Unix ms, months YYYY-MM, quantities text."""
    return _FORM.dump_json(report)


def from_json(text: bytes) -> Report:
    """Raises pydantic's ValidationError."""
    return _FORM.validate_json(text)


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of `as_json`."""
    return _FORM.json_schema(mode="serialization")
