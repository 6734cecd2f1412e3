"""Over any history of people and clocks: what modes may never do.

The book beside it is kept by hand, from who approved what and when; it knows nothing of
how the product decides.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cloud.consent.gate import ConsentClosedError
from cloud.modes.circumstances import REMEMBERED_MS
from cloud.modes.errors import ModeError
from cloud.modes.openings import mark_of, open_here
from cloud.modes.region import Region
from cloud.modes.window import Window
from protocol.codes import Decision
from tests.cloud.modes_world import ELSEWHERE, REASON, Town
from tests.cloud.world import FACILITY, TODAY, memory_stores

PEOPLE = st.sampled_from(["anna", "ben", "Ben", "carl"])
PLACES = st.sampled_from([FACILITY, ELSEWHERE])
HOUR = 60 * 60 * 1000
LONG = os.environ.get("SHIKAKU_LONG") == "1"
SETTLES = 2_000
JST = 9 * HOUR


def day_begins(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 24 * HOUR - JST


@dataclass
class Page:
    """One line of the book: who asked, and if somebody else approved, from and to."""

    kind: str
    handle: str
    asked_by: str
    where: str
    days: tuple[date, date] | None = None
    since: int | None = None
    until: int | None = None
    closed: bool = False

    def open_at(self, facility: str, now: int) -> bool:
        if self.since is None or self.until is None:
            return False
        return facility.startswith(self.where) and self.since <= now < self.until


class Histories(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.town = Town(memory_stores())
        self.book: list[Page] = []
        self.cases: list[tuple[str, Page]] = []
        self.changed = 0

    # -- what people do ------------------------------------------------------------
    @rule(by=PEOPLE, where=PLACES)
    def asks(self, by: str, where: Any) -> None:
        one = self.town.openings.ask(where, reason=REASON, by=by, now_ms=self.town.now)
        self.book.append(Page("outage", one.id, by, where))

    @rule(by=PEOPLE, start=st.integers(-1, 2), days=st.integers(1, 3))
    def begins(self, by: str, start: int, days: int) -> None:
        first = self.today + timedelta(days=start)
        last = first + timedelta(days=days - 1)
        with suppress(ModeError):
            one = self.town.openings.begin(
                Region("13"),
                reason=REASON,
                by=by,
                days=(first, last),
                now_ms=self.town.now,
            )
            self.book.append(Page("disaster", one.id, by, "13", (first, last)))

    @precondition(lambda self: self.book)
    @rule(data=st.data(), by=PEOPLE, hours=st.integers(0, 30))
    def approves(self, data: st.DataObject, by: str, hours: int) -> None:
        page = data.draw(st.sampled_from(self.book))
        now = self.town.now
        try:
            if page.kind == "outage":
                self.town.openings.approve(page.handle, by=by, hours=hours, now_ms=now)
            else:
                self.town.openings.admit(page.handle, by=by, now_ms=now)
        except ModeError:
            return
        # Whatever the product thought of it: these three must be so.
        assert by.casefold() != page.asked_by.casefold()
        assert page.since is None
        assert not page.closed
        self.changed = now
        if page.days is None:
            assert 1 <= hours <= 24
            page.since = now + SETTLES
            page.until = page.since + hours * HOUR
            return
        end = day_begins(page.days[1] + timedelta(days=1))
        page.since = min(max(day_begins(page.days[0]), now + SETTLES), end)
        page.until = end

    @precondition(lambda self: self.book)
    @rule(data=st.data(), by=PEOPLE)
    def ends(self, data: st.DataObject, by: str) -> None:
        page = data.draw(st.sampled_from(self.book))
        now = self.town.now
        try:
            if page.kind == "outage":
                self.town.openings.end(page.handle, by=by, now_ms=now)
            else:
                self.town.openings.close(page.handle, by=by, now_ms=now)
        except ModeError:
            return
        page.closed = True
        self.changed = now
        if page.since is not None and page.until is not None:
            page.until = min(page.until, max(now, page.since))

    @rule(ms=st.sampled_from([1, 999, 1_000, SETTLES, HOUR, 5 * HOUR, 24 * HOUR]))
    def waits(self, ms: int) -> None:
        self.town.now += ms

    @precondition(lambda self: any(page.until for page in self.book))
    @rule(data=st.data(), off=st.sampled_from([-1, 0, 1]))
    def waits_for_a_border(self, data: st.DataObject, off: int) -> None:
        ends = [t for p in self.book for t in (p.since, p.until) if t is not None]
        moment = data.draw(st.sampled_from(ends)) + off
        self.town.now = max(self.town.now, moment)

    # -- what is done in a mode ------------------------------------------------------
    @rule()
    def searches(self) -> None:
        now = self.town.now
        allowed = any(page.open_at(FACILITY, now) for page in self.book)
        found: dict[str, object] = {}
        with suppress(ModeError):
            found = self.town.search(staff=f"s-{now}")
        assert bool(found) == allowed, "open exactly while it was approved"
        if not found:
            return
        assert found["mode"] in {p.kind for p in self.open_pages()}
        pages = [p for p in self.open_pages() if p.kind == found["mode"]]
        if found["mode"] == "disaster":
            # It is one of these; which of them ends last bounds what may open.
            last = max(pages, key=lambda one: one.until or 0)
            self.cases.append((str(found["case"]), last))

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), unconscious=st.booleans())
    def opens_records(self, data: st.DataObject, unconscious: bool) -> None:
        case, _ = data.draw(st.sampled_from(self.cases))
        with suppress(ModeError):
            if unconscious:
                self.town.unconscious(case, "operation")
            else:
                self.town.says(case, operation=Decision.GRANTED)
            assert any(p.kind == "disaster" for p in self.open_pages())

    @rule(unconscious=st.booleans())
    def a_disaster_comes_and_somebody_is_found(self, unconscious: bool) -> None:
        """Together, because chance alone seldom gets so far."""
        before = len(self.book)
        self.begins(by="anna", start=0, days=1)
        page = self.book[before]
        self.town.openings.admit(page.handle, by="carl", now_ms=self.town.now)
        page.since = self.town.now + SETTLES
        page.until = day_begins(self.today + timedelta(days=1))
        self.changed = self.town.now
        self.town.now = page.since
        if not page.open_at(FACILITY, self.town.now):
            return
        case = self.town.case()
        self.cases.append((case, page))
        if unconscious:
            self.town.unconscious(case, "operation")
        else:
            self.town.says(case, operation=Decision.GRANTED)
        assert self.town.reads().mode == "disaster"

    @precondition(lambda self: self.open_pages())
    @rule(data=st.data(), close=st.booleans())
    def what_is_open_ends(self, data: st.DataObject, close: bool) -> None:
        """By an operator, or by the clock to the millisecond."""
        page = data.draw(st.sampled_from(self.open_pages()))
        if not close:
            self.town.now = page.until or 0
        elif page.kind == "outage":
            self.town.openings.end(page.handle, by="ben", now_ms=self.town.now)
        else:
            self.town.openings.close(page.handle, by="ben", now_ms=self.town.now)
        if close:
            page.closed = True
            page.until = self.changed = self.town.now

    # -- what must hold ----------------------------------------------------------------
    @invariant()
    def a_mode_is_open_exactly_while_it_was_approved(self) -> None:
        for where in (FACILITY, ELSEWHERE):
            mode = mark_of(open_here(self.town.stores.modes, where, self.town.now))
            kinds = {p.kind for p in self.book if p.open_at(where, self.town.now)}
            assert mode == ("" if not kinds else min(kinds))

    @invariant()
    def every_answer_bears_the_mark_of_what_is_open(self) -> None:
        mark = self.town.mark()
        kinds = {p.kind for p in self.open_pages()}
        looked = self.town.now >= self.changed + REMEMBERED_MS
        # What was ended early may be named for a second more; never is nothing said.
        assert bool(mark) or not kinds
        assert not looked or mark == ("" if not kinds else min(kinds))

    @invariant()
    def no_record_is_open_after_every_disaster_is_over(self) -> None:
        if any(p.kind == "disaster" for p in self.open_pages()):
            return
        try:
            self.town.reads()
        except ConsentClosedError:
            return
        raise AssertionError("records outlive the mode")

    def open_pages(self) -> list[Page]:
        return [p for p in self.book if p.open_at(FACILITY, self.town.now)]

    @property
    def today(self) -> date:
        return date(1970, 1, 1) + timedelta(days=(self.town.now + JST) // (24 * HOUR))


Histories.TestCase.settings = settings(
    max_examples=400 if LONG else 40,
    stateful_step_count=30,
    deadline=None,
)
TestHistories = Histories.TestCase


def test_the_book_and_the_product_count_days_alike() -> None:
    assert Histories().today == TODAY


TIMES = st.integers(0, 10**6)


@given(TIMES, TIMES, TIMES, TIMES)
def test_a_window_is_cut_and_never_lengthened(
    since: int, length: int, cut: int, now: int
) -> None:
    whole = Window(since, since + length)
    shorter = whole.cut(cut)
    assert whole.covers(now) == (since <= now < since + length)
    assert shorter.covers(now) == (whole.covers(now) and now < cut)
    assert whole.over(now) == (now >= since + length or length == 0)
    assert not (whole.over(now) and whole.covers(now))
