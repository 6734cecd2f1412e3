"""Operators, staff and a person without a card, over stores of any kind."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count

from cloud.access.circumstances import Circumstances
from cloud.access.reading import Reading
from cloud.audit.model import HOUSE, Entry, Row, details
from cloud.main import Stores, circumstances_of
from cloud.modes.disaster import Disaster
from cloud.modes.finding import Finding
from cloud.modes.openings import Openings
from cloud.modes.outage import Outage
from cloud.modes.region import Region
from cloud.modes.search import NameQuery
from cloud.modes.store import Change
from cloud.modes.use import Use
from cloud.records.answer import as_json, from_json
from cloud.records.report import Report
from cloud.records.service import Records
from cloud.registry.service import Registry
from protocol.codes import Decision, Sex
from protocol.ids import FacilityCode, uuid7
from tests.cloud.records_world import EVERYTHING, Shelf
from tests.cloud.world import FACILITY, NOON, TODAY, cloud_keys, ms

HOUR_MS = 60 * 60 * 1000
REASON = "回線障害でカードを読めない"
ELSEWHERE = FacilityCode("2710000005")
HANAKO = NameQuery("シケン　ハナコ", date(1970, 1, 2), Sex.FEMALE)
_numbers = count(1)


def new_id(now_ms: int) -> str:
    return uuid7(now_ms, next(_numbers).to_bytes(10, "big"))


def end_of(mode: Outage | Disaster) -> int:
    assert mode.until is not None
    return mode.until


@dataclass
class Town:
    """One facility, its registry and records, and whoever opens modes there."""

    stores: Stores
    now: int = ms(NOON)
    facility: FacilityCode = FACILITY
    shelf: Shelf = field(init=False)
    openings: Openings = field(init=False)
    finding: Finding = field(init=False)
    circumstances: Circumstances = field(init=False)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.stores)
        self.shelf.holds(*EVERYTHING)
        self.circumstances = circumstances_of(self.stores)
        self.openings = Openings(self.stores.modes, new_id)
        registry = Registry(self.stores.registry)
        self.finding = Finding(
            self.stores.modes,
            registry,
            self.shelf.consents,
            self.circumstances,
            cloud_keys().signer,
            new_id,
        )

    # -- modes -----------------------------------------------------------------------
    def asks(self) -> Outage:
        return self.openings.ask(
            self.facility, reason=REASON, by="desk-1", now_ms=self.now
        )

    def outage(self, hours: int = 1) -> Outage:
        """Open, and every worker has seen it."""
        asked = self.asks()
        opened = self.openings.approve(
            asked.id, by="operator-1", hours=hours, now_ms=self.now
        )
        assert opened.since is not None
        self.now = opened.since
        return opened

    def begins(self, first: date = TODAY, last: date = TODAY) -> Disaster:
        return self.openings.begin(
            Region(self.facility[:2]),
            reason="地震による大規模な被害",
            by="operator-1",
            days=(first, last),
            now_ms=self.now,
        )

    def disaster(self, first: date = TODAY, last: date = TODAY) -> Disaster:
        begun = self.begins(first, last)
        opened = self.openings.admit(begun.id, by="operator-2", now_ms=self.now)
        assert opened.since is not None
        self.now = max(self.now, opened.since)
        return opened

    def mark(self) -> str:
        return self.circumstances.facility(self.facility, self.now).mode

    # -- searches --------------------------------------------------------------------
    def search(
        self, query: NameQuery = HANAKO, *, staff: str = "nurse-1"
    ) -> dict[str, object]:
        return self.finding.by_name(
            self.facility, query, staff=staff, reason=REASON, now_ms=self.now
        )

    def case(self) -> str:
        return str(self.search()["case"])

    def says(self, case: str, **decisions: Decision) -> Use:
        return self.finding.spoken(
            self.facility, case, decisions, staff="dr-1", now_ms=self.now
        )

    def unconscious(self, case: str, *items: str) -> Use:
        return self.finding.unconscious(
            self.facility,
            case,
            items,
            staff="dr-1",
            reason="意識障害で呼びかけに応じない",
            now_ms=self.now,
        )

    def reads(self) -> Report:
        """Raises ConsentClosedError."""
        self.shelf.now = self.now
        reading = Reading(
            self.shelf.consents,
            Records(self.stores.records),
            self.logs,
            lambda: self.now,
            self.circumstances,
        )
        entry = self.shelf.entry
        return from_json(reading.read(self.facility, entry, as_json))

    def logs(self, entry: Entry) -> None:
        self.stores.modes.commit(Change(entries=(entry,)))

    def rows(self, facility: str = "") -> list[Row]:
        return list(self.stores.audit.rows(facility or self.facility))

    def house(self) -> list[dict[str, str]]:
        return [details(row.detail) for row in self.rows(HOUSE)]
