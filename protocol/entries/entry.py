"""What the catalogue says of one code, in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Text = Mapping[str, str]
"""By language: "ja", "en"."""


class Retry(StrEnum):
    """What may be tried again, and who begins it."""

    BY_PATIENT = "by_patient"
    """At once: the patient does the one thing the line asks for."""
    BY_ITSELF = "by_itself"
    """The reader repeats with growing pauses; nobody has to do anything."""
    AFTER_REPAIR = "after_repair"
    """Only after somebody has put right what the technician line names."""
    NEVER = "never"
    """This request or visit is over; what follows is a new one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Lines for the three who meet a code, and the one thing to do now."""

    patient: Text
    """Short, kind, for an 80-year-old: Japanese at most 44 characters."""
    staff: Text
    technician: Text
    action: Text
    retry: Retry


def entry(
    patient: tuple[str, str],
    staff: tuple[str, str],
    technician: tuple[str, str],
    action: tuple[str, str],
    retry: Retry,
) -> Entry:
    """Each pair is Japanese, English."""
    return Entry(_text(patient), _text(staff), _text(technician), _text(action), retry)


def _text(pair: tuple[str, str]) -> Text:
    japanese, english = pair
    return {"ja": japanese, "en": english}
