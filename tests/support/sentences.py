"""Every sentence that a language can put on a screen."""

import dataclasses


def sentences(value: object) -> list[str]:
    """All text inside words, tuples and mappings, in order."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [s for part in value.values() for s in sentences(part)]
    if isinstance(value, tuple):
        return [s for part in value for s in sentences(part)]
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return [s for f in fields for s in sentences(getattr(value, f.name))]
    return []
