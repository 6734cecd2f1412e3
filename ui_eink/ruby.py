"""Furigana: ``受付《うけつけ》``, and ``｜お願い《おねがい》`` when not all is kanji.

The notation is that of Aozora Bunko. A base and its reading are never parted.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

OPEN, CLOSE, START = "《", "》", "｜"
KANJI = "一-鿿㐀-䶿々〆"
_TOKEN = re.compile(
    f"(?:{START}([^{OPEN}]+)|([{KANJI}]+)){OPEN}([^{CLOSE}]+){CLOSE}|(.)"
)
_KANJI = re.compile(f"[{KANJI}]")


@dataclass(frozen=True, slots=True)
class Token:
    """One letter, or a base with its reading."""

    base: str
    reading: str = ""

    def __str__(self) -> str:
        return (
            f"{START}{self.base}{OPEN}{self.reading}{CLOSE}"
            if self.reading
            else self.base
        )


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    found = []
    for marked, kanji, reading, letter in _TOKEN.findall(text):
        found.append(Token(marked or kanji or letter, reading))
    return tuple(found)


def base(text: str) -> str:
    """The sentence without its readings."""
    if OPEN not in text:
        return text
    return "".join(token.base for token in tokens(text))


def unread(text: str) -> str:
    """The kanji that have no reading."""
    bare = [token.base for token in tokens(text) if not token.reading]
    return "".join(_KANJI.findall("".join(bare)))
