"""Benefits as they are kept: JSON, empty for the many who have none."""

from pydantic import TypeAdapter

from cloud.registry.benefits import NONE, Benefits

_ADAPTER = TypeAdapter(Benefits)


def benefits(text: str) -> Benefits:
    return _ADAPTER.validate_json(text) if text else NONE


def benefits_text(what: Benefits) -> str:
    return "" if what == NONE else _ADAPTER.dump_json(what).decode()
