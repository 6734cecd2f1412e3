"""Every sentence that can be heard, by the name of its recording.

The sentences are those of the screens and of the code catalogue, so that what is read
and what is heard is one. "enter_pin.body" is the body of that screen, "problem.C101"
the patient's line of a code.
"""

import re
from collections.abc import Iterator
from dataclasses import fields

from device.voice.own import OWN
from protocol.catalogue import ENTRIES
from ui_eink.strings import WORDS
from ui_eink.views import Lang
from ui_eink.words import Count, ItemWords, Saying

MOST = 4
"""Tries of a PIN, and months to a renewal, are fewer."""
FOR_THE_EYE = frozenset(
    {
        "attempt",
        "attempts_left",
        "back_key",
        "cancel_key",
        "clear_key",
        "enter_key",
        "for_staff",
        "help_key",
        "last_time",
        "number_groups",
        "question_of",
        "receipt_number",
        "same",
        "script",
        "seconds",
        "simulated",
        "steps",
        "tested",
        "title",
        "understood",
    }
)
"""Words that are only ever read: labels, numbers that count, what staff see."""
AT_A_READER = frozenset("CFNMKRDVE")
"""First letters of codes that a reader shows; others are of the facilities' side."""
_RUBY = re.compile(r"([一-龯々〆ヵヶ]+)《([^》]+)》")


def phrases(lang: Lang) -> dict[str, str]:
    """Name of the recording -> the sentence, as plain text, in the order of screens."""
    words = WORDS[lang]
    found: dict[str, str] = {}
    for field in fields(words):
        for name, text in _sentences(field.name, getattr(words, field.name)):
            if (
                text.strip()
                and "{" not in text
                and not FOR_THE_EYE & {*name.split(".")}
            ):
                found[name] = plain(text)
    for code, entry in ENTRIES.items():
        line = entry.patient.get(lang.value)
        if line is not None and code.value[0] in AT_A_READER:
            found[f"problem.{code.value}"] = plain(line)
    for code_of, line in getattr(words, "problems", {}).items():
        found[f"problem.{code_of}"] = plain(line)
    return found | OWN.get(lang.value, {})


def plain(text: str) -> str:
    """Without marks for the eye: line breaks, and kanji that carry their reading."""
    return _RUBY.sub(r"\2", text.replace("|", "").replace("\n", " "))


def _sentences(name: str, said: object) -> Iterator[tuple[str, str]]:
    match said:
        case str():
            yield name, said
        case Saying(headline, body):
            yield f"{name}.headline", headline
            yield f"{name}.body", body
        case Count():
            for n in range(MOST):
                yield f"{name}.{n}", said.of(n)
        case ItemWords():
            for part in fields(said):
                yield f"{name}.{part.name}", getattr(said, part.name)
        case tuple():
            yield name, " ".join(str(part) for part in said)
        case dict():
            for key, value in said.items():
                if name != "problems":
                    yield from _sentences(f"{name}.{key}", value)
