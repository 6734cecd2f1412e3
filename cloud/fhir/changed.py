"""What changed since this facility last saw this person, as an extension. Pure."""

from collections.abc import Mapping
from typing import Any

from cloud.fhir import systems


def extension(changes: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Of the plain `changes` of an answer (cloud/changes/words.py)."""
    if changes is None:
        return []
    state = {"url": "state", "valueCode": changes["state"]}
    fields = [_field(one) for one in changes["fields"]]
    return [{"url": systems.CHANGES, "extension": [state, *fields]}]


def _field(one: Mapping[str, str]) -> dict[str, Any]:
    texts = (
        ("field", one["field"]),
        ("before", one["before"]),
        ("now", one["now"]),
        ("label", f"{one['ja']} / {one['en']}"),
    )
    # FHIR has no empty string: what was not there has no value.
    parts = [{"url": url, "valueString": text} for url, text in texts if text]
    return {"url": "field", "extension": parts}
