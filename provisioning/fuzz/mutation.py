"""Recorded bytes, damaged as transmission, bugs and enemies would damage them."""

from collections.abc import Callable
from random import Random

_TELLING = (0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xFE, 0xFF, 0x1F, 0x30, 0xDF)
"""Values that begin, end or stretch something in TLV and APDUs."""
_LONGEST = 64 * 1024
Mutation = Callable[[Random, bytearray], None]


def mutated(random: Random, seed: bytes) -> bytes:
    """One to four injuries; may be the same bytes by chance."""
    data = bytearray(seed)
    for _ in range(random.randint(1, 4)):
        random.choice(_MUTATIONS)(random, data)
    return bytes(data[:_LONGEST])


def _place(random: Random, data: bytearray) -> int:
    """Half of the places are near the start, where headers are."""
    size = len(data)
    return random.randrange(min(size, 16) if random.random() < 0.5 else size)


def _flip(random: Random, data: bytearray) -> None:
    if data:
        data[_place(random, data)] ^= 1 << random.randrange(8)


def _tell(random: Random, data: bytearray) -> None:
    if data:
        data[_place(random, data)] = random.choice(_TELLING)


def _insert(random: Random, data: bytearray) -> None:
    at = random.randint(0, len(data))
    data[at:at] = random.randbytes(random.randint(1, 8))


def _delete(random: Random, data: bytearray) -> None:
    if data:
        at = _place(random, data)
        del data[at : at + random.randint(1, 8)]


def _cut(random: Random, data: bytearray) -> None:
    if data:
        del data[_place(random, data) :]


def _repeat(random: Random, data: bytearray) -> None:
    if data:
        at = _place(random, data)
        part = data[at : at + random.randint(1, 64)]
        data[at:at] = part * random.randint(1, 16)


def _fill(random: Random, data: bytearray) -> None:
    data += bytes((random.choice(_TELLING),)) * random.randint(1, 512)


_MUTATIONS: tuple[Mutation, ...] = (
    _flip,
    _tell,
    _insert,
    _delete,
    _cut,
    _repeat,
    _fill,
)
