"""Anchors as lines of text, to be kept where the cloud's own machines cannot write.

One JSON object a line, bytes as hex. A file can be continued by appending.
"""

import json
from collections.abc import Iterable, Iterator

from cloud.audit.anchor import Anchor
from cloud.audit.model import Place
from cloud.audit.service import Exported

_FIELDS = ("number", "at", "total", "previous", "root", "key_id", "signature")


def line(one: Exported) -> str:
    anchor = one.anchor
    values = {name: _text(getattr(anchor, name)) for name in _FIELDS}
    heads = [(place.facility, place.seq, place.hash.hex()) for place in one.moved]
    return json.dumps({**values, "heads": heads}, separators=(",", ":"))


def read(lines: Iterable[str]) -> Iterator[Exported]:
    """Raises ValueError, which names the line."""
    for number, text in enumerate(lines, 1):
        try:
            yield _exported(json.loads(text))
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"line {number} is not an exported anchor") from error


def _exported(values: dict[str, object]) -> Exported:
    if set(values) != {*_FIELDS, "heads"}:
        raise ValueError("other fields")
    numbers = [_whole(values[name]) for name in _FIELDS[:3]]
    blobs = [bytes.fromhex(str(values[name])) for name in _FIELDS[3:]]
    heads = values["heads"]
    if not isinstance(heads, list):
        raise TypeError("no list of heads")
    moved = tuple(
        Place(str(facility), _whole(seq), bytes.fromhex(digest))
        for facility, seq, digest in heads
    )
    anchor = Anchor(numbers[0], numbers[1], numbers[2], *blobs)
    return Exported(anchor, moved)


def _text(value: int | bytes) -> int | str:
    return value.hex() if isinstance(value, bytes) else value


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("not a whole number")
    return value
