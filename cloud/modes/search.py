"""By name, birth date and sex: one person, or a word that tells of nobody. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from cloud.modes.errors import ModeError
from protocol.catalogue import Code
from protocol.codes import Sex
from protocol.numbers import fold

ADDRESS_SHORTEST: Final = 3
_HIRAGANA: Final = {at: at + 0x60 for at in range(0x3041, 0x3097)}
_MARKS: Final = dict.fromkeys(map(ord, "・･=＝.,"), None)
_LONG: Final = str.maketrans(dict.fromkeys("-‐−", "ー"))


class Found(StrEnum):
    """How a search ended. SEVERAL and NOBODY carry no person at all."""

    ONE = "one"
    NOBODY = "nobody"
    SEVERAL = "several"


class Candidate(NamedTuple):
    """A person of that birth date and sex, as the registry writes them."""

    person: int
    name_kana: str
    address: str


@dataclass(frozen=True, slots=True)
class NameQuery:
    name_kana: str
    birth_date: date
    sex: Sex
    address: str = ""
    """From its beginning; empty: not asked for."""

    def __post_init__(self) -> None:
        if not spelled(self.name_kana):
            raise ModeError(Code.MODE_INCOMPLETE, "name_kana")
        if self.address and len(fold(self.address)) < ADDRESS_SHORTEST:
            raise ModeError(Code.MODE_INCOMPLETE, "address: from the prefecture on")

    def __repr__(self) -> str:
        """No name: a value may meet a log or a traceback."""
        return "NameQuery()"


def spelled(kana: str) -> str:
    """One writing of a reading: width, hiragana, spaces and middle dots do not count.

    Small and long kana do: シヨ and ショ are two names.
    """
    katakana = fold(kana).translate(_HIRAGANA).translate(_MARKS)
    return katakana.translate(_LONG)


def search(
    query: NameQuery, candidates: Iterable[Candidate]
) -> tuple[Found, int | None]:
    """Among those of exactly this birth date and sex."""
    name, address = spelled(query.name_kana), fold(query.address)
    fitting = {
        one.person
        for one in candidates
        if spelled(one.name_kana) == name and fold(one.address).startswith(address)
    }
    if len(fitting) == 1:
        return Found.ONE, fitting.pop()
    return (Found.SEVERAL if fitting else Found.NOBODY), None
