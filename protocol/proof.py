"""The proof number: which facility got which answer when, signed (README 10).

Signed by the cloud, it is verified offline with the cloud's public key and nothing
else. It is text for people and QR codes: 15 groups of ten, each with a check symbol
of its own, so that a slip of the hand is told from a forgery, and where it is.
"""

import base64
import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from protocol import cbor
from protocol.codec import decode_answer, encode
from protocol.errors import SignatureError
from protocol.ids import FacilityCode
from protocol.keys import Signer, key_id, verify
from protocol.sessions import PROTOCOL

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
GROUPS: Final = 15
GROUP: Final = 10
"""Symbols of one group: nine that say something, and their check."""
LENGTH: Final = GROUPS * GROUP
HASH_BYTES: Final = 9
"""72 bits of the result's SHA-256."""
_VERSION: Final = 1
# From the front, in bits: version 5, key 20, facility 34, second 32, hash 72.
_KEY_BITS, _FACILITY_BITS, _TIME_BITS, _HASH_BITS = 20, 34, 32, 8 * HASH_BYTES
_SIGNATURE_BITS: Final = 512
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256. With s and order - s both valid, only the lower one is a proof number."""
_FIELD: Final = cbor.tstr("proof")
_NONE_YET: Final = _FIELD + cbor.tstr("")

_RFC4648: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TO_DIGITS: Final = bytes.maketrans(_RFC4648, bytes(range(32)))
_TO_RFC4648: Final = bytes.maketrans(bytes(range(32)), _RFC4648)
_TO_SYMBOLS: Final = bytes.maketrans(bytes(range(32)), ALPHABET.encode())
_MEANT: Final = {symbol: place for place, symbol in enumerate(ALPHABET)} | {
    "O": 0,
    "I": 1,
    "L": 1,
}
_SKIPPED: Final = frozenset("-‐‑‒–—―−ー ")


class TypoError(ValueError):
    """Not a proof number as it was given out; `group` counts from 1, 0: unknown."""

    def __init__(self, sentence: str, group: int = 0) -> None:
        super().__init__(sentence)
        self.group = group


class OtherKeyError(SignatureError):
    """Signed with a key that is not among those given."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a proof number says; believed only after `check`."""

    key: int
    """The first 20 bits of the signing key's id: finds it, proves nothing."""
    facility: FacilityCode
    at_s: int
    """Whole seconds since 1970 UTC, when it was answered."""
    hash: bytes
    signature: bytes

    def check(self, keys: Iterable[EllipticCurvePublicKey]) -> None:
        """Raises OtherKeyError or SignatureError unless one of the keys signed it."""
        fitting = [key for key in keys if _hint(key_id(key)) == self.key]
        if not fitting:
            raise OtherKeyError("signed with another key than those given")
        if int.from_bytes(self.signature[32:]) > _ORDER // 2:
            raise SignatureError("the signature is not in its one form")
        for key in fitting[:-1]:
            try:
                return self._check(key)
            except SignatureError:
                continue
        return self._check(fitting[-1])

    def fits(self, result: bytes) -> bool:
        """Whether this is the proof of the result with this SHA-256."""
        return result[:HASH_BYTES] == self.hash

    def _check(self, key: EllipticCurvePublicKey) -> None:
        signed = _signed(key_id(key), self.facility, self.at_s, self.hash)
        verify(key, self.signature, signed)


def make(facility: FacilityCode, at_ms: int, result: bytes, signer: Signer) -> str:
    """The number for a result (its SHA-256), 150 symbols without hyphens."""
    at_s, short = at_ms // 1000, result[:HASH_BYTES]
    signature = signer.sign(_signed(signer.key_id, facility, at_s, short))
    value = _VERSION
    for part, bits in (
        (_hint(signer.key_id), _KEY_BITS),
        (int(facility), _FACILITY_BITS),
        (at_s, _TIME_BITS),
        (int.from_bytes(short), _HASH_BITS),
        (_lower(int.from_bytes(signature)), _SIGNATURE_BITS),
    ):
        value = value << bits | part
    # A digit of zero in front makes whole bytes of it: 136 times five bits are 85.
    digits = base64.b32encode(value.to_bytes(85)).translate(_TO_DIGITS)[1:]
    columns = [digits[place :: GROUP - 1] for place in range(GROUP - 1)]
    grouped = bytearray(LENGTH)
    for place, column in enumerate((*columns, _checks(columns))):
        grouped[place::GROUP] = column
    return grouped.translate(_TO_SYMBOLS).decode()


def read(text: str) -> Proof:
    """Read a number as people write it. Raises TypoError, which says where.

    Case, hyphens and spaces do not count; O is 0, I and L are 1; full width is fine.
    """
    digits = _digits(text)
    bare = b"\0" + _checked(digits)
    value = int.from_bytes(base64.b32decode(bare.translate(_TO_RFC4648)))
    parts = []
    for bits in (_SIGNATURE_BITS, _HASH_BITS, _TIME_BITS, _FACILITY_BITS, _KEY_BITS):
        parts.append(value & ((1 << bits) - 1))
        value >>= bits
    if value != _VERSION:
        raise TypoError("a proof number of another version: update this program")
    signature, short, at_s, facility, key = parts
    return Proof(
        key,
        FacilityCode(f"{facility:010}"),
        at_s,
        short.to_bytes(HASH_BYTES),
        signature.to_bytes(64),
    )


def printed(number: str) -> str:
    """As it is printed: groups of ten with hyphens."""
    return "-".join(number[at : at + GROUP] for at in range(0, len(number), GROUP))


def result_hash(message: bytes) -> bytes:
    """SHA-256 of an answer's bytes whose `proof` is still empty."""
    return hashlib.sha256(message).digest()


def attach(message: bytes, number: str) -> bytes:
    """The bytes of an answer with its number in the place of the empty one.

    Only `code`, `kind`, `mode` and `cause`, words of code lists, stand before `proof`
    in the order of keys: the first place that looks like the empty field is the field.
    """
    before, found, after = message.partition(_NONE_YET)
    if not found:
        raise ValueError("not an answer that waits for its proof")
    return before + _FIELD + cbor.tstr(number) + after


def proven(
    message: bytes, facility: FacilityCode, at_ms: int, signer: Signer
) -> tuple[bytes, bytes]:
    """The bytes of an answer with its number, and the hash of the result."""
    result = result_hash(message)
    return attach(message, make(facility, at_ms, result, signer)), result


def result_of(message: bytes) -> bytes:
    """`result_hash` of an answer as it travelled. Raises WireError."""
    bare = decode_answer(message).model_copy(update={"proof": ""})
    return result_hash(encode(bare))


def _signed(key: bytes, facility: FacilityCode, at_s: int, short: bytes) -> bytes:
    return cbor.dumps((PROTOCOL, "proof", key, facility, at_s, short))


def _hint(key: bytes) -> int:
    return int.from_bytes(key[:3]) >> 4


def _lower(signature: int) -> int:
    r, s = signature >> 256, signature & ((1 << 256) - 1)
    return r << 256 | min(s, _ORDER - s)


def _digits(text: str) -> bytes:
    digits = bytearray()
    for symbol in unicodedata.normalize("NFKC", text).upper():
        if symbol in _SKIPPED or symbol.isspace():
            continue
        digit = _MEANT.get(symbol)
        if digit is None:
            group = len(digits) // GROUP + 1
            raise TypoError(f"group {group} has a sign that never occurs", group)
        digits.append(digit)
    return bytes(digits)


def _checked(digits: bytes) -> bytes:
    """Without the check symbols, when all of them fit."""
    whole = digits[: min(len(digits) // GROUP * GROUP, LENGTH)]
    *columns, given = (whole[place::GROUP] for place in range(GROUP))
    for group, (found, wanted) in enumerate(
        zip(given, _checks(columns), strict=True), 1
    ):
        if found != wanted:
            raise TypoError(f"group {group} is mistyped", group)
    if len(digits) != LENGTH:
        sentence = f"{LENGTH} letters and digits are expected, not {len(digits)}"
        raise TypoError(sentence, min(GROUPS, len(digits) // GROUP + 1))
    bare = bytearray(GROUPS * (GROUP - 1))
    for place, column in enumerate(columns):
        bare[place :: GROUP - 1] = column
    return bytes(bare)


def _times_alpha(value: int) -> int:
    """In the field of 32 elements, x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


def _tables() -> tuple[bytes, ...]:
    tables, products = [], list(range(32))
    for _ in range(GROUP - 1):
        products = [_times_alpha(value) for value in products]
        tables.append(bytes(products).ljust(256, b"\0"))
    return tuple(tables)


_TABLES: Final = _tables()
"""Products with alpha, alpha^2 ...: no two places of a group weigh the same."""


def _checks(columns: Sequence[bytes]) -> bytes:
    """The check symbol of every group; a column holds one place of all groups.

    One wrong symbol, or any two of a group that changed places, never go unseen. The
    group's number is in it: groups that changed places show too.
    """
    groups = len(columns[0])
    total = int.from_bytes(bytes(range(groups)))
    for table, column in zip(_TABLES, columns, strict=True):
        total ^= int.from_bytes(column.translate(table))
    return total.to_bytes(groups)
