"""Text as a facility's computer reads it: width, encoding, legal XML characters."""

import re
import unicodedata
from enum import StrEnum

GETA = "●"
"""Stands for a character the encoding does not hold, as the national system does."""


class Encoding(StrEnum):
    UTF8 = "utf-8"
    SHIFT_JIS = "cp932"
    """Windows' Shift_JIS: what the facilities' computers mean by that name."""

    def twins(self, text: str) -> str:
        """The same characters by the code points that this encoding has for them."""
        return text.translate(_CP932_TWINS) if self is Encoding.SHIFT_JIS else text


CHARACTER_CODE = {Encoding.UTF8: "0", Encoding.SHIFT_JIS: "1"}
"""OQSCD005 as the samples have it (domain trap 2: one table says 1 and 2)."""
DECLARED = {Encoding.UTF8: "UTF-8", Encoding.SHIFT_JIS: "Shift_JIS"}

# Shift_JIS tables disagree on these; cp932 reads the right-hand ones only.
_CP932_TWINS = str.maketrans("〜−‖—¢£¬", "～－∥―￠￡￢")
_HALF_WIDTH = {
    unicodedata.normalize("NFKC", chr(point)): chr(point)
    for point in range(0xFF61, 0xFF9E)
}
# XML 1.0 section 2.2, without the controls: no field holds a line break.
_ILLEGAL = re.compile(
    "[^\\x20-\\x7e\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]"
)
_SOUND_MARKS = {"\u3099": "ﾞ", "\u309a": "ﾟ", "゛": "ﾞ", "゜": "ﾟ"}


def half_width(kana: str) -> str:
    """Kana as the face file writes it: ヤマダ　ハナコ becomes ﾔﾏﾀﾞ ﾊﾅｺ."""
    return unicodedata.normalize("NFKC", kana).translate(_HALVES)


def full_width_space(name: str) -> str:
    """氏名: family and given name stand apart by one full-width space."""
    return "\u3000".join(name.split())


def encodable(text: str, encoding: Encoding) -> tuple[str, int]:
    """The text with what cannot be written replaced by ●, and how many were."""
    text = encoding.twins(text)
    characters = [_or_geta(character, encoding) for character in text]
    replaced = sum(
        written != meant for written, meant in zip(characters, text, strict=True)
    )
    return "".join(characters), replaced


def unwritable(text: str, encoding: Encoding) -> int | None:
    """Where the first character stands that cannot be written; None: all can."""
    illegal = _ILLEGAL.search(text)
    at = illegal.start() if illegal else None
    try:
        text.encode(encoding)
    except UnicodeEncodeError as error:
        at = error.start if at is None else min(at, error.start)
    return at


def _or_geta(character: str, encoding: Encoding) -> str:
    if _ILLEGAL.match(character):
        return GETA
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return GETA
    return character


def _katakana(character: str) -> str:
    """Hiragana lies 0x60 below katakana in Unicode."""
    if "ぁ" <= character <= "ゖ":
        return chr(ord(character) + 0x60)
    return character


def _half(character: str) -> str:
    if not "ァ" <= character <= "ヺ":
        return _HALF_WIDTH.get(character) or _SOUND_MARKS.get(character, character)
    # ガ is カ and a mark: half-width kana writes the two one after the other.
    return "".join(
        _HALF_WIDTH.get(part) or _SOUND_MARKS.get(part, part)
        for part in unicodedata.normalize("NFD", character)
    )


_HALVES = {
    ord(one): _half(_katakana(one))
    for one in (*map(chr, range(0x3000, 0x3100)), *_HALF_WIDTH, *_SOUND_MARKS)
    if len(one) == 1
}
"""Each character by itself: a hundred thousand names go through here."""
