"""BER-TLV (ISO 8825-1), as far as cards use it. Total: junk raises only TLVError."""

from dataclasses import dataclass

from device.card.errors import MalformedCardError

LONGEST = 0xFFFF
"""No object on a card of this kind can be longer (15-bit offsets)."""


class TLVError(MalformedCardError):
    """Bytes that are no TLV object."""


@dataclass(frozen=True, slots=True)
class Header:
    tag: int
    """As written, e.g. 0xDF27."""
    size: int
    """Bytes of tag and length together."""
    length: int
    """Bytes of the value."""

    @property
    def total(self) -> int:
        return self.size + self.length


@dataclass(frozen=True, slots=True)
class Object:
    tag: int
    value: bytes
    raw: bytes
    """The object as written, header included: signatures cover these bytes."""
    start: int
    """Offset in the bytes that were parsed."""

    def __repr__(self) -> str:
        return f"Object({self.tag:X}, {len(self.value)} bytes)"


def header(data: bytes) -> Header:
    """The header at the start of `data`, which need not hold the whole value."""
    tag, at = _tag(data)
    length, size = _length(data, at)
    if length > LONGEST:
        raise TLVError("TLV length no card can hold")
    return Header(tag, size, length)


def parse(data: bytes, start: int = 0) -> Object:
    """The object at `start`; what follows it is left alone."""
    head = header(data[start : start + 8])
    raw = data[start : start + head.total]
    if len(raw) != head.total:
        raise TLVError("TLV value is cut short")
    return Object(head.tag, raw[head.size :], raw, start)


def parse_all(data: bytes) -> tuple[Object, ...]:
    """All objects side by side; filler (00 or FF) before and after is skipped."""
    found: list[Object] = []
    at, end = 0, len(data.rstrip(b"\xff"))
    while at < end:
        if data[at] == 0x00:
            at += 1
            continue
        found.append(parse(data, at))
        at += len(found[-1].raw)
    return tuple(found)


def by_tag(objects: tuple[Object, ...]) -> dict[int, Object]:
    """Raises TLVError when a tag occurs twice: signed things have one meaning."""
    found = {one.tag: one for one in objects}
    if len(found) != len(objects):
        raise TLVError("a tag occurs twice")
    return found


def need(objects: dict[int, Object], tag: int) -> Object:
    if tag not in objects:
        raise TLVError(f"tag {tag:X} is missing")
    return objects[tag]


def encode(tag: int, value: bytes) -> bytes:
    """Shortest definite length."""
    name = tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big")
    size = len(value)
    if size < 0x80:
        return name + bytes((size,)) + value
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return name + bytes((0x80 | len(digits),)) + digits + value


def _tag(data: bytes) -> tuple[int, int]:
    if not data:
        raise TLVError("no TLV tag")
    if data[0] & 0x1F != 0x1F:
        return data[0], 1
    # Cards use at most two more tag bytes; bit 8 says that another follows.
    for at in (1, 2):
        if len(data) > at and not data[at] & 0x80:
            return int.from_bytes(data[: at + 1], "big"), at + 1
    raise TLVError("TLV tag is cut short or too long")


def _length(data: bytes, at: int) -> tuple[int, int]:
    if len(data) <= at:
        raise TLVError("no TLV length")
    first = data[at]
    if first < 0x80:
        return first, at + 1
    digits = data[at + 1 : at + 1 + (first & 0x7F)]
    if not 1 <= first & 0x7F <= 4 or len(digits) != first & 0x7F:
        raise TLVError("TLV length is cut short, indefinite or too long")
    return int.from_bytes(digits, "big"), at + 1 + len(digits)
