"""What the page says, as data. A language that lacks a sentence does not type-check."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cloud.eligibility.model import JST


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    help: str
    """What it is, in one sentence."""


@dataclass(frozen=True, slots=True)
class PageWords:
    lang: str
    other: str
    """The other language's code."""
    other_name: str
    """In that language."""
    brand: str
    skip: str
    fictitious: str
    weekdays: str
    """Seven, from Monday, comma-separated."""
    months: str
    moment: str
    """With {weekday}, {year}, {month}, {day}, {time}."""
    until: str
    until_withdrawn: str
    valid_link: str
    menu: str
    leave: str
    back: str

    word_title: str
    word_lead: str
    word_label: str
    word_hint: str
    word_button: str
    word_tries: str
    word_wait: str
    word_no_number: str

    overview_title: str
    overview_lead: str
    overview_none: str
    here: str
    to_place: str
    to_receipt: str
    to_seen: str
    to_withdraw_all: str
    to_presets: str

    place_none: str
    place_items: str
    withdraw_item: str
    withdraw_place: str

    receipt_title: str
    receipt_lead: str
    receipt_none: str
    states: Mapping[str, str]
    receipt_note: str
    proof_title: str
    proof_lead: str

    confirm_title: str
    confirm_lead: str
    confirm_none: str
    confirm_effect: tuple[str, ...]
    confirm_button: str
    confirm_back: str
    done_title: str
    done_lead: str
    done_still: str

    presets_title: str
    presets_lead: str
    presets_yes: str
    presets_no: str
    presets_button: str
    presets_saved: str

    seen_title: str
    seen_lead: str
    seen_none: str
    seen_records: str
    seen_newer: str
    seen_older: str
    seen_sheet: str
    house: str

    left_title: str
    left_lead: str
    problem_title: str
    code: str
    start: str

    items: Mapping[str, Item]

    def when(self, at_ms: int) -> str:
        """Day and time in Japan."""
        at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(JST)
        return self.moment.format(
            weekday=self.weekdays.split(",")[at.weekday()],
            year=at.year,
            month=self.months.split(",")[at.month - 1],
            day=at.day,
            time=f"{at:%H:%M}",
        )

    def iso(self, at_ms: int) -> str:
        at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(JST)
        return at.isoformat(timespec="minutes")
