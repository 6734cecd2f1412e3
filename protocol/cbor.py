"""Deterministic CBOR (RFC 8949 section 4.2.1), the part of it the wire uses.

The writer is cbor2. The reader is our own: general decoders accept many encodings
of one value and act on tags (they compile patterns, build dates) before anybody has
checked a signature. This one knows integers, bytes, text, arrays, maps, booleans
and null, and accepts exactly one encoding of each value.
"""

from typing import cast

import cbor2

from protocol.errors import MalformedError

Item = int | bytes | str | bool | list["Item"] | dict[int | str, "Item"] | None
Map = dict[int | str, Item]

MAX_DEPTH = 8
_KEY_TYPES = (int, str)
_SIMPLE: dict[int, bool | None] = {20: False, 21: True, 22: None}
_Read = tuple[Item, int]


def dumps(value: object) -> bytes:
    """Encode deterministically; maps with text keys only.

    cbor2 still sorts as RFC 7049 did (shorter keys first), which is the same order
    for text, and another one when texts and numbers are mixed.
    """
    return cbor2.dumps(value, canonical=True)


def head(major: int, value: int) -> bytes:
    """Major type and argument in the shortest form (RFC 8949 section 3)."""
    if value < 24:
        return bytes((major << 5 | value,))
    size = max(0, (value.bit_length() - 1).bit_length() - 3)
    return bytes((major << 5 | 24 + size,)) + value.to_bytes(1 << size, "big")


def bstr(data: bytes) -> bytes:
    return head(2, len(data)) + data


def tstr(text: str) -> bytes:
    data = text.encode()
    return head(3, len(data)) + data


def loads(data: bytes, tag: int | None = None) -> Item:
    """Decode exactly one item, below exactly this tag if one is named.

    Raises MalformedError for anything that `dumps` would have written otherwise.
    """
    try:
        at = 0 if tag is None else _skip_tag(data, tag)
        item, end = _item(data, at, 0)
    except (IndexError, UnicodeDecodeError):
        raise MalformedError("cut off, or text that is not UTF-8") from None
    if end != len(data):
        raise MalformedError("bytes after the end")
    return item


def load_map(data: bytes) -> Map:
    """Decode exactly one map. Raises MalformedError."""
    item = loads(data)
    if type(item) is not dict:
        raise MalformedError("not a map")
    return item


def _skip_tag(data: bytes, tag: int) -> int:
    major, value, at = _head(data, 0)
    if (major, value) != (6, tag):
        raise MalformedError("not the structure expected here")
    return at


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Major type, argument, and where the content starts."""
    first = data[at]
    low = first & 31
    if low < 24:
        return first >> 5, low, at + 1
    if low > 27:
        raise MalformedError("indefinite length or reserved head")
    size = 1 << (low - 24)
    end = at + 1 + size
    if end > len(data):
        raise MalformedError("cut off in a head")
    value = int.from_bytes(data[at + 1 : end], "big")
    if value < (24 if size == 1 else 1 << (4 * size)):
        raise MalformedError("a number not in its shortest form")
    return first >> 5, value, end


def _item(data: bytes, at: int, depth: int) -> _Read:
    major, value, at = _head(data, at)
    if major < 2:
        return (~value if major else value), at
    if major < 4:
        end = at + value
        if end > len(data):
            raise MalformedError("cut off in a string")
        piece = data[at:end]
        return (piece if major == 2 else piece.decode()), end
    if major < 6 and depth < MAX_DEPTH:
        read = _array if major == 4 else _map
        return read(data, at, value, depth + 1)
    if major == 7 and value in _SIMPLE:
        return _SIMPLE[value], at
    raise MalformedError("a tag, a float, or too deep")


def _array(data: bytes, at: int, count: int, depth: int) -> _Read:
    items: list[Item] = []
    for _ in range(count):
        item, at = _item(data, at, depth)
        items.append(item)
    return items, at


def _map(data: bytes, at: int, count: int, depth: int) -> _Read:
    entries: Map = {}
    before = b""
    for _ in range(count):
        key, end = _item(data, at, depth)
        encoded = data[at:end]
        # Ascending order also means: no key twice.
        if type(key) not in _KEY_TYPES or encoded <= before:
            raise MalformedError("map keys out of order, twice, or of a wrong type")
        entries[cast(int | str, key)], at = _item(data, end, depth)
        before = encoded
    return entries, at
