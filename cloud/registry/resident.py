"""The resident register: a port, and what a comparison with it says. Pure.

A person is known there by a reference that the register gives out; the individual
number is never held here.
"""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from protocol.numbers import fold

MISSING_GLYPH = "●"
"""Printed in place of a character that a system cannot show (外字)."""
REFERENCE_BYTES = 16
"""Of SHA-256: among 160 million persons two would meet with probability 4e-23."""


class HoldKind(StrEnum):
    """Why nothing is disclosed until the insurer confirms (閲覧停止, R1)."""

    BIRTH_OR_SEX = "birth_or_sex"
    NAME = "name"
    NOT_FOUND = "not_found"
    IMPORTED = "imported"
    """Came in as held (`import persons`): nobody's match, and no insurer's to end."""


class Resident(NamedTuple):
    """A person as the resident register writes them; the date is ISO text."""

    name: str
    name_kana: str
    sex: str
    """OQSCD007."""
    birth_date: str
    other_name: str = ""
    """A former surname or a common name (旧氏, 通称) that stands beside the name."""
    other_kana: str = ""


class ResidentRegister(Protocol):
    def find(self, references: Sequence[str]) -> Mapping[str, Resident]:
        """Those that exist, in one question for all."""
        ...


def reference_of(resident_ref: str) -> bytes:
    """What the registry keeps in its place: it cannot be looked up there with it."""
    digest = hashlib.sha256(b"shikaku resident\0" + resident_ref.encode())
    return digest.digest()[:REFERENCE_BYTES]


def verdict(
    name: str, name_kana: str, sex: str, birth_date: str, resident: Resident | None
) -> HoldKind | None:
    """None where the two agree; else the gravest difference."""
    if resident is None:
        return HoldKind.NOT_FOUND
    if birth_date != resident.birth_date or sex != resident.sex:
        return HoldKind.BIRTH_OR_SEX
    if name == resident.name and name_kana == resident.name_kana:
        return None
    if _is_called(name, name_kana, resident.name, resident.name_kana):
        return None
    other = resident.other_name
    if other and _is_called(name, name_kana, other, resident.other_kana):
        return None
    return HoldKind.NAME


def _is_called(name: str, name_kana: str, theirs: str, their_kana: str) -> bool:
    if fold(name_kana) != fold(their_kana):
        return False
    return _same_but_for_glyphs(fold(name), fold(theirs))


def _same_but_for_glyphs(one: str, other: str) -> bool:
    """● is any one character: the reading has been found equal already."""
    if one == other:
        return True
    return len(one) == len(other) and all(
        a == b or MISSING_GLYPH in (a, b) for a, b in zip(one, other, strict=True)
    )
