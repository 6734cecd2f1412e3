"""A bulk inquiry: which kinds there are, what a job is, how far it has come. Pure.

A job is known to its facility by a reception number. Its rows are questions until they
are answered, and then answers: never both, never neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, NewType

from cloud.eligibility.model import JST
from protocol.catalogue import Code
from protocol.ids import FacilityCode

Reception = NewType("Reception", str)
"""受付番号: 14 digits of Japan's time, six that nobody can guess."""

ROWS = 100_000
"""Of one file (issue 6)."""
WAITING = 20
"""Files of one facility that are not answered yet; one more is refused."""
BATCH = 1_000
"""Rows that are answered in one transaction."""
DAY_MS = 24 * 60 * 60 * 1000
KEEP_MS = 180 * DAY_MS
"""180 days to download; then questions, answers and job are deleted."""


class Family(StrEnum):
    """The four kinds, by the stem of their files."""

    NUMBERS = "OQSmuquc"
    """一括照会: the file names insured persons by number."""
    HOME_VISITS = "OQSmuhvq"
    """再照会 of home visits: everybody in continuing care with this facility."""
    ONLINE = "OQSmuonq"
    """Online care: everybody whose consent for it is open here now."""
    ASSISTANCE = "OQSmutic"
    """医療扶助 of a month of treatment."""


class Span(StrEnum):
    """By what a file chooses its persons, where it does not name them."""

    ROWS = "rows"
    DAYS = "days"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Form:
    """One family as data."""

    span: Span
    flag: str = ""
    """MedicalTreatmentFlag that its file may carry; empty: none of its own."""


FORMS: Mapping[Family, Form] = MappingProxyType(
    {
        Family.NUMBERS: Form(Span.ROWS),
        Family.HOME_VISITS: Form(Span.DAYS, "2"),
        Family.ONLINE: Form(Span.DAYS, "3"),
        Family.ASSISTANCE: Form(Span.MONTH),
    }
)


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


class By(StrEnum):
    """What the days are of; the stem of the two elements."""

    CONSENT = "ConsentDate"
    EXAMINATION = "ExaminationDate"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which persons of this facility: those of these days, both included."""

    first: date
    last: date
    by: By = By.CONSENT

    @property
    def span(self) -> tuple[int, int]:
        """In Japan: their first ms, and the first one behind them."""
        low = datetime.combine(self.first, time(), JST)
        high = datetime.combine(self.last + timedelta(days=1), time(), JST)
        return int(low.timestamp() * 1000), int(high.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says of itself before its rows. Free text of the facility: sealed."""

    family: Family
    facility: str
    """MedicalInstitutionCode as it stands there."""
    file_id: str = ""
    """ArbitraryFileIdentifier, given back as it came."""
    on: date | None = None
    """QualificationConfirmationDate; None: the day it is received."""
    selection: Selection | None = None


class Question(NamedTuple):
    """One row that asks by number; text as printed."""

    identifier: str
    insurer: str
    symbol: str
    number: str
    branch: str
    birth_date: str
    """ISO."""
    limit: bool

    def __repr__(self) -> str:
        """No number: a value may meet a log or a traceback."""
        return "Question()"


class FaultyRow(NamedTuple):
    """A row that asks nothing that can be answered."""

    identifier: str
    code: Code
    """B172 or B173."""
    field: str
    """The element it is about."""

    def __repr__(self) -> str:
        return f"FaultyRow({self.code.value})"


@dataclass(frozen=True, slots=True)
class Job:
    """What is known of a job without opening anything of it."""

    reception: Reception
    facility: FacilityCode
    family: Family
    received: int
    """Unix ms, as are all times here."""
    rows: int
    on: date
    """The day it asks for, in Japan."""
    until: int
    """From here on it is gone."""
    answered: int = 0
    """Rows 1 to this one are answered; the others are questions."""
    faulty: int = 0
    """Of those answered: rows that could not be read."""
    started: int | None = None
    finished: int | None = None
    digest: bytes = bytes(32)
    """Over every answer so far, in order (cloud/bulk/answer.py)."""
    proof: str = ""
    """The proof number of the whole result, once it is done."""

    @property
    def state(self) -> State:
        if self.finished is not None:
            return State.DONE
        return State.WAITING if self.started is None else State.RUNNING

    @property
    def good(self) -> int:
        return self.answered - self.faulty

    def over(self, now_ms: int) -> bool:
        return now_ms >= self.until


def reception(local: str, random: bytes) -> Reception:
    """`local` is Japan's time as yyyyMMddHHmmss; six digits of `random` (8 bytes)."""
    return Reception(f"{local}{int.from_bytes(random) % 1_000_000:06}")
