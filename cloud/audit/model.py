"""Rows of the audit log, chained per facility.

A row holds the hash of the row before it and its own hash over everything, so that no
row can be changed, taken out, put in or moved without breaking the chain behind it.
The head of a chain is sealed under the audit secret: whoever has only the database
cannot move it. Nobody is named: a person is a pseudonym that the secret and the
person's tie make, and destroying the tie makes it nobody's.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from cloud.registry.model import PersonId
from protocol.ids import FacilityCode

HOUSE: Final = FacilityCode("0000000000")
"""The chain of what the cloud itself did. No prefecture is 00."""
NOBODY: Final = b""
START: Final = bytes(32)
"""What stands before the first row."""
SUBJECT_BYTES: Final = 16
TIE_BYTES: Final = 16
SECRET_BYTES: Final = 32
_CODES: Final = re.compile(r"[A-Za-z0-9_.:,+-]+")
_DETAIL_LENGTH: Final = 500
_LENGTHS: Final = [length.to_bytes(4) for length in range(1024)]
"""Nothing in a row is longer."""
_EIGHT: Final = _LENGTHS[8]


class Kind(StrEnum):
    """What a row tells of. A new kind is a new member and a word in `words`."""

    VERIFICATION = "verification"
    REGISTRATION = "registration"
    CONSENT = "consent"
    WITHDRAWAL = "withdrawal"
    READ = "read"
    """Records of a person went to a facility."""
    INQUIRY = "inquiry"
    """Eligibility was asked for without a card."""
    MODE = "mode"
    """Outage or disaster mode was asked for, approved, ended; a use was reviewed."""
    SEARCH = "search"
    """Somebody was looked for by name, in a mode."""
    DEVICE = "device"
    """A code, a device or a workplace came or went."""
    LINK = "link"
    """Of the patient's page: made for who lost theirs, opened, or locked."""
    ERASURE = "erasure"
    PRUNING = "pruning"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened, before it has a place in a chain."""

    facility: FacilityCode
    at: int
    """Unix ms."""
    kind: Kind
    person: PersonId | None
    """Whom it is about; only the pseudonym is written down."""
    detail: str
    """Made by `detail`."""
    result: bytes
    """SHA-256 of what was answered (protocol.proof.result_hash)."""


class Row(NamedTuple):
    """One row as it is kept. Not believed before it has been checked."""

    facility: str
    seq: int
    """From 1, without gaps."""
    at: int
    kind: str
    subject: bytes
    detail: str
    result: bytes
    previous: bytes
    hash: bytes


class Head(NamedTuple):
    """Where the chain of a facility ends."""

    facility: str
    seq: int
    hash: bytes
    seal: bytes


class Place(NamedTuple):
    """One point of a chain."""

    facility: str
    seq: int
    hash: bytes


def detail(**said: object) -> str:
    """Canonical small text of a row: names sorted, empty ones left out.

    Only codes and code-list words pass: ValueError for anything that could be a
    name, so that no person ever gets into the log by this door.
    """
    pairs = sorted((name, _said(value)) for name, value in said.items())
    text = ";".join(f"{name}={value}" for name, value in pairs if value)
    codes = all(_CODES.fullmatch(value) for _, value in pairs if value)
    if len(text) > _DETAIL_LENGTH or not codes:
        raise ValueError("a detail has codes only")
    return text


def details(text: str) -> dict[str, str]:
    """What `detail` was told."""
    pairs = (pair.partition("=") for pair in text.split(";") if pair)
    return {name: value for name, _, value in pairs}


def _said(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value)


def pseudonym(secret: bytes, tie: bytes) -> bytes:
    """Whom the log means; nobody without the secret and that person's random tie."""
    return hmac.digest(secret, b"subject" + tie, "sha256")[:SUBJECT_BYTES]


def seal(secret: bytes, place: Place) -> bytes:
    """Shows that the head of a chain was put there by somebody with the secret."""
    parts = (b"head", place.facility.encode(), place.seq.to_bytes(8), place.hash)
    return hmac.digest(secret, packed(parts), "sha256")


def packed(parts: Iterable[bytes]) -> bytes:
    """One string of many, each with its length before it: no two lists are alike."""
    return b"".join([len(part).to_bytes(4) + part for part in parts])


def digest(row: Row, seq: int | None = None) -> bytes:
    """The hash that a row should have, as it stands or as if it stood at `seq`.

    For something that cannot be a row there is none: a hash that fits nothing.
    """
    facility, here, at, kind, subject, text, result, previous, _ = row
    number = here if seq is None else seq
    try:
        return _hash(facility, number, at, kind, subject, text, result, previous)
    except (AttributeError, IndexError, OverflowError, TypeError, UnicodeEncodeError):
        return b""


def _hash(
    facility: str,
    seq: int,
    at: int,
    kind: str,
    subject: bytes,
    text: str,
    result: bytes,
    previous: bytes,
) -> bytes:
    """SHA-256 over all fields, each with its length in four bytes before it."""
    where, what, said = facility.encode(), kind.encode(), text.encode()
    parts = (
        _LENGTHS[len(where)],
        where,
        _EIGHT,
        seq.to_bytes(8),
        _EIGHT,
        at.to_bytes(8),
        _LENGTHS[len(what)],
        what,
        _LENGTHS[len(subject)],
        subject,
        _LENGTHS[len(said)],
        said,
        _LENGTHS[len(result)],
        result,
        _LENGTHS[len(previous)],
        previous,
    )
    return hashlib.sha256(b"".join(parts)).digest()


def chained(
    head: Place, entries: Sequence[Entry], subjects: Sequence[bytes]
) -> list[Row]:
    """The rows that these entries become behind this head of their facility."""
    rows = []
    seq, previous = head.seq, head.hash
    for entry, subject in zip(entries, subjects, strict=True):
        seq += 1
        said = (
            entry.facility,
            seq,
            entry.at,
            entry.kind.value,
            subject,
            entry.detail,
            entry.result,
            previous,
        )
        previous = _hash(*said)
        rows.append(Row(*said, previous))
    return rows
