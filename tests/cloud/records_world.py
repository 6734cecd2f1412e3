"""A person with records, consents that open them, and what can go wrong between."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from cloud.consent.gate import OpenConsent
from cloud.consent.keys import SECRET_BYTES as READING_BYTES
from cloud.consent.model import Ended, Pressed
from cloud.consent.service import Consents
from cloud.consent.service import Vault as ConsentVault
from cloud.main import Stores
from cloud.records.lag import Period
from cloud.records.model import (
    ITEM_OF,
    Checkup,
    CheckupItem,
    DrugLine,
    Form,
    Institution,
    Kind,
    Operation,
    Record,
    Setting,
    Treatment,
)
from cloud.records.month import Month, month_of
from cloud.records.sealing import SECRET_BYTES, SealedRow, record_key
from cloud.records.service import Found, Records, RecordStore
from cloud.records.vault import Vault
from cloud.registry.model import CertificateLink, Entry, LinkKind, Person, PersonId
from cloud.registry.service import Record as Registered
from protocol.codes import CareKind, Decision
from protocol.ids import FacilityCode, RequestId
from tests.cloud.test_stores import settled
from tests.cloud.world import FACILITY, NOON, TODAY, ms, person

DRUGS, OPERATION, CHECKUP = "diagnosis_and_drugs", "operation", "checkup"
SECRET = bytes(range(SECRET_BYTES))
READING = bytes(range(READING_BYTES))
CLINIC = Institution("見本内科医院", "1310000008")
_numbers = count(1)


def line(day: date = date(2026, 4, 3), **changes: object) -> DrugLine:
    values: dict[str, object] = {
        "setting": Setting.DISPENSING,
        "month": month_of(day),
        "prescribed_on": day,
        "dispensed_on": day,
        "usage": "1日1回朝食後",
        "form": Form.INTERNAL,
        "brand": "ノルバスク錠5mg",
        "generic": "アムロジピンベシル酸塩錠",
        "quantity": "1",
        "unit": "錠",
        "times": 28,
        "prescriber": CLINIC,
        "dispenser": Institution("見本薬局"),
        **changes,
    }
    return DrugLine(**values)  # type: ignore[arg-type]


def treatment(day: date = date(2026, 4, 3), **changes: object) -> Treatment:
    values: dict[str, object] = {
        "setting": Setting.OUTPATIENT,
        "month": month_of(day),
        "done_on": day,
        "category": "医学管理",
        "name": "生活習慣病管理料（２）",
        "quantity": "1",
        "unit": "回",
        "times": 1,
        "institution": CLINIC,
        **changes,
    }
    return Treatment(**values)  # type: ignore[arg-type]


def operation(day: date = date(2025, 9, 1)) -> Operation:
    return Operation(
        Setting.INPATIENT, month_of(day), day, "腹腔鏡下胆嚢摘出術", CLINIC
    )


def checkup(day: date = date(2026, 5, 20), *items: CheckupItem) -> Checkup:
    held = items or (CheckupItem("9A751000000000001", "収縮期血圧", "152", "mmHg"),)
    return Checkup(month_of(day), day, CLINIC, held)


def many_lines(number: int) -> list[DrugLine]:
    """Over three months, each with a brand of its own."""
    months = [date(2026, 2, 9), date(2026, 3, 9), date(2026, 4, 9)]
    return [line(months[one % 3], brand=f"見本錠{one}mg") for one in range(number)]


EVERYTHING: tuple[Record, ...] = (line(), treatment(), operation(), checkup())


def everything(found: Found) -> Found:
    """What a read makes when it makes nothing of it."""
    return found


@dataclass
class Shelf:
    """One person, their sealed records, and a clock that can be set."""

    stores: Stores
    now: int = ms(NOON)
    entry: Entry = field(init=False)
    consents: Consents = field(init=False)
    vault: Vault = field(init=False)

    def __post_init__(self) -> None:
        self.entry = self.registers(b"one")
        self.consents = Consents(
            self.stores.consents,
            ConsentVault(lambda who, item: record_key(SECRET, who, item), READING),
        )
        self.vault = Vault(
            self.stores.records,
            SECRET,
            lambda size: next(_numbers).to_bytes(size, "big"),
        )

    def registers(self, reference: bytes, who: Person | None = None) -> Entry:
        link = CertificateLink(LinkKind.CERTIFICATE, reference.ljust(32))
        self.stores.registry.put([Registered(reference, who or person(), (link,))])
        found = self.stores.registry.linked(link)
        assert found is not None
        return found

    def holds(self, *records: Record, person: PersonId | None = None) -> None:
        self.vault.replace({person or self.entry.id: records})

    def presses(
        self,
        *items: str,
        care: CareKind = CareKind.OUTPATIENT,
        facility: FacilityCode = FACILITY,
    ) -> RequestId:
        request = RequestId(f"request-{next(_numbers)}")
        made = self.consents.settle(
            tuple(Pressed(item, Decision.GRANTED) for item in items),
            facility=facility,
            person=self.entry.id,
            request=request,
            care=care,
            pressed_at=self.now,
            decided_at=self.now,
        )
        keys = self.consents.keys(made)
        one = settled(request, envelope=request.encode(), consents=made, data_keys=keys)
        self.stores.ledger.commit([one], [])
        return request

    def withdraws(self) -> None:
        self.consents.withdraw(
            self.entry.id,
            why=Ended.BY_PATIENT,
            request=RequestId(f"request-{next(_numbers)}"),
            at=self.now,
        )

    def gate(self, item: str, facility: FacilityCode = FACILITY) -> OpenConsent:
        return self.consents.gate(
            facility=facility,
            person=self.entry.id,
            item=item,
            visit=None,
            now_ms=lambda: self.now,
        )

    def reads(
        self,
        *items: str,
        store: RecordStore | None = None,
        page_rows: int = 2,
        make: Callable[[Found], Found] = everything,
        day: date = TODAY,
    ) -> Found:
        records = Records(store or self.stores.records, page_rows)
        gates = {item: self.gate(item) for item in items}
        return records.read(self.entry, gates, day, make)

    def rows(self, kind: Kind) -> list[SealedRow]:
        period = Period(Month("0000-00"), Month("9999-12"))
        return self.stores.records.page(self.entry.id, kind, period, None, 10_000)

    def puts_back(self, rows: Sequence[SealedRow]) -> None:
        """As somebody who can write the database, and has no key."""
        kinds = {row.place.kind for row in rows}
        others = [row for kind in Kind if kind not in kinds for row in self.rows(kind)]
        self.stores.records.replace([self.entry.id], [*others, *rows])


@dataclass
class Interrupted:
    """A store in the middle of whose pages something happens."""

    inner: RecordStore
    page_number: int
    happens: Callable[[], None]
    asked: int = 0

    def page(
        self,
        person: PersonId,
        kind: Kind,
        period: Period,
        after: tuple[Month, int] | None,
        limit: int,
    ) -> list[SealedRow]:
        self.asked += 1
        if self.asked == self.page_number:
            self.happens()
        return self.inner.page(person, kind, period, after, limit)

    def replace(self, persons: Sequence[PersonId], rows: Sequence[SealedRow]) -> None:
        self.inner.replace(persons, rows)


ALL_ITEMS = tuple(dict.fromkeys(ITEM_OF.values()))
