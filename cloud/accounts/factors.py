"""Kinds of proof that a member of staff is who they say (OQSCD041, 042). Pure."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """OQSCD041 二要素."""

    MEMORY = "1"
    BIOMETRIC = "2"
    POSSESSION = "3"


class Method(StrEnum):
    """OQSCD042, behind its OQSCD041 kind."""

    PASSWORD = "1-01"  # noqa: S105  its code
    PIN = "1-02"
    SECRET_QUESTION = "1-03"  # noqa: S105  its code
    FINGERPRINT = "2-01"
    FACE = "2-02"
    VOICE = "2-03"
    VEIN = "2-04"
    IRIS = "2-05"
    IC_CARD = "3-01"
    ONE_TIME_PASSWORD = "3-02"  # noqa: S105  its code
    OTHER_POSSESSION = "3-03"

    @property
    def kind(self) -> Kind:
        return Kind(self.value[0])


CHECKED_HERE: Final = frozenset({Method.PASSWORD, Method.ONE_TIME_PASSWORD})
"""What this cloud can check itself; of the others nothing is believed."""


class SameKindError(ValueError):
    """Not exactly two factors, or two of one kind: two things one knows are one."""


def two_kinds(methods: Sequence[Method]) -> None:
    """Raises SameKindError."""
    if len(methods) != 2 or methods[0].kind is methods[1].kind:
        raise SameKindError
