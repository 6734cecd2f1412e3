"""What changed since a facility last saw a person: compared, sealed, let go of."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.access.asking import Asking
from cloud.access.inquire import Inquiries, InquiryAnswer
from cloud.access.told import told
from cloud.adapters.sql.audit import SqlAudit
from cloud.adapters.sql.changes import SqlLastSeen
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.retention import Retention
from cloud.audit.model import Entry
from cloud.audit.retention import DAY_MS, configured
from cloud.audit.service import Verifier
from cloud.changes.model import (
    Change,
    Difference,
    Seen,
    State,
    difference,
    meant,
    remembered,
)
from cloud.changes.sealing import SECRET_BYTES, STEP_BYTES, seal, unseal
from cloud.changes.service import Changes
from cloud.changes.shown import shown
from cloud.changes.words import plain
from cloud.eligibility.inquiry import NumberQuery
from cloud.eligibility.service import ContinuingCare
from cloud.main import Stores, circumstances_of, sql_stores
from cloud.registry.benefits import (
    Benefits,
    CopaymentLimit,
    ElderlyCertificate,
    Period,
    PublicExpense,
)
from cloud.registry.model import Insurance, Person, PersonId
from cloud.registry.service import Record, Registry
from protocol.codes import Validity
from protocol.ids import FacilityCode, RequestId
from tests.cloud.test_audit_chain import KEYS, SECRET, SIGNER
from tests.cloud.world import (
    AUDIT_SECRET,
    FACILITY,
    NOON,
    TODAY,
    insurance,
    ms,
    person,
)

SEALING = bytes(range(SECRET_BYTES))
ELSEWHERE = FacilityCode("1310000016")
_numbers = count(1)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
SEEN = st.dictionaries(TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=4), max_size=4)


# -- the rule ----------------------------------------------------------------------
@given(SEEN)
def test_what_is_shown_again_has_not_changed(seen: Seen) -> None:
    assert difference(seen, seen).state is State.SAME


@given(SEEN)
def test_the_first_time_is_called_so_and_has_no_fields(seen: Seen) -> None:
    found = difference(None, seen)
    assert (found.state, found.since, found.changes) == (State.FIRST, None, ())


@given(SEEN, SEEN)
def test_after_it_was_shown_it_has_not_changed(before: Seen, now: Seen) -> None:
    assert difference(remembered(before, now), now).state is State.SAME


@given(SEEN, SEEN)
def test_a_group_that_is_not_shown_is_neither_compared_nor_forgotten(
    before: Seen, now: Seen
) -> None:
    apart = {f"other {name}": fields for name, fields in before.items()}
    kept = {group: now[group] for group in now if group not in apart}
    assert difference(apart, kept).changes == ()
    assert apart.items() <= remembered(apart, kept).items()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("１２－３４", "12-34", True),
        ("00138057", "  138057", True),
        ("試験　花子", "試験 花子", True),
        ("ｼｹﾝ ﾊﾅｺ", "シケン　ハナコ", True),
        ("01", "1", True),
        ("", "00", False),
        ("0", "00", True),
        ("1", "10", False),
        ("あ1", "あ01", False),
    ],
)
def test_writings_that_mean_the_same_are_the_same(
    one: str, other: str, *, same: bool
) -> None:
    assert (meant(one) == meant(other)) is same


def test_the_originals_are_shown() -> None:
    (change,) = difference(
        {"insurance": {"symbol": "１２", "number": "7"}},
        {"insurance": {"symbol": "12", "number": "０８"}},
    ).changes
    assert (change.field, change.before, change.now) == ("number", "7", "０８")
    assert "０８" not in repr(change)


# -- at rest -----------------------------------------------------------------------
@given(SEEN)
def test_what_was_sealed_opens_in_its_place_only(seen: Seen) -> None:
    row = seal(seen, FACILITY, PersonId(7), 5, SEALING)
    assert unseal(row, SEALING) == seen
    for moved in (
        replace(row, facility=ELSEWHERE),
        replace(row, person=PersonId(8)),
        replace(row, at=6),
        replace(row, sealed=row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])),
    ):
        assert unseal(moved, SEALING) is None
    assert unseal(row, SEALING[::-1]) is None
    assert len(row.sealed) % STEP_BYTES == 16


# -- answers -----------------------------------------------------------------------
@dataclass
class Desk:
    """A facility's desk that asks by number, over any stores."""

    stores: Stores
    now: int = ms(NOON)
    log: Callable[[Entry], None] = lambda _: None
    asking: Asking = field(init=False)

    def __post_init__(self) -> None:
        self.asking = Asking(
            Inquiries(Registry(self.stores.registry), self.stores.eligibility),
            self.stores.eligibility,
            lambda entry: self.log(entry),
            SIGNER,
            circumstances_of(self.stores),
            seen=Changes(self.stores.changes, SEALING),
        )

    def knows(self, who: Person, name: bytes = b"one") -> None:
        self.stores.registry.put([Record(name, who)])

    def asks(self, facility: FacilityCode = FACILITY, **more: Any) -> dict[str, Any]:
        query = NumberQuery("99130015", "", "1", date(1970, 1, 2))
        handle = RequestId(f"handle-{next(_numbers)}")
        self.now += 1000
        found: dict[str, Any] = self.asking.by_number(
            facility, replace(query, **more), handle=handle, now_ms=self.now
        )["changes"]
        return found


@pytest.fixture
def desk(stores: Stores) -> Desk:
    return Desk(stores)


def holding(*held: Insurance, **more: Any) -> Person:
    return replace(person(insurances=held or (insurance(),)), **more)


def test_first_seen_then_unchanged_then_what_changed(desk: Desk) -> None:
    desk.knows(holding())
    assert desk.asks() == {"state": "first_seen", "since": None, "fields": []}
    first = desk.now
    assert desk.asks() == {"state": "unchanged", "since": first, "fields": []}
    desk.knows(holding(insurance(copayment_ratio="020"), address="架空県新町2"))
    found = desk.asks()
    assert found["state"] == "changed"
    assert [(one["field"], one["before"], one["now"]) for one in found["fields"]] == [
        ("patient.address", "架空県見本市1", "架空県新町2"),
        ("insurance.copayment_ratio", "030", "020"),
    ]
    assert found["fields"][1]["ja"] == "保険の負担割合"
    assert desk.asks()["state"] == "unchanged"


def test_another_facility_sees_a_person_for_the_first_time(desk: Desk) -> None:
    desk.knows(holding())
    desk.asks()
    assert desk.asks(ELSEWHERE)["state"] == "first_seen"


def test_nobody_found_is_no_difference(desk: Desk) -> None:
    desk.knows(holding(hold=True))
    assert desk.asks() is None
    assert desk.asks(number="2") is None


def test_an_answer_as_of_another_day_is_not_compared_or_kept(desk: Desk) -> None:
    desk.knows(holding())
    assert desk.asks(on=TODAY - timedelta(days=30)) is None
    assert desk.asks(on=TODAY)["state"] == "first_seen"


def limited(category: str) -> Insurance:
    limit = CopaymentLimit(Period(date(2026, 4, 1)), "01", category)
    return insurance(copayment_limit=category, benefits=Benefits(limits=(limit,)))


def test_a_limit_nobody_consented_to_has_neither_changed_nor_ended(desk: Desk) -> None:
    desk.knows(holding(limited("A01")))
    assert desk.asks(limit_consent=True)["state"] == "first_seen"
    desk.knows(holding(limited("A05")))
    assert desk.asks()["state"] == "unchanged"
    fields = desk.asks(limit_consent=True)["fields"]
    assert {(one["field"], one["before"], one["now"]) for one in fields} == {
        ("insurance.limit.copayment_limit", "A01", "A05"),
        ("insurance.limit.category", "A01", "A05"),
    }


def test_public_expenses_are_told_apart_by_their_payer(desk: Desk) -> None:
    def paid(*payers: str) -> Insurance:
        expenses = tuple(
            PublicExpense(Period(date(2026, 4, 1)), one, "1234567", 5000)
            for one in payers
        )
        return insurance(benefits=Benefits(public=expenses))

    desk.knows(holding(paid("54136015", "51136018")))
    desk.asks()
    desk.knows(holding(paid("51136018", "54136015")))
    assert desk.asks()["state"] == "unchanged"
    desk.knows(holding(paid("51136018")))
    fields = desk.asks()["fields"]
    assert {one["field"].split(".")[2] for one in fields} == {"54136015"}
    assert all(one["now"] == "" for one in fields)


def test_an_insurance_that_ends_shows_as_validity(desk: Desk) -> None:
    desk.knows(holding())
    desk.asks()
    desk.knows(holding(insurance(ends=TODAY - timedelta(days=1), loss_reason="99")))
    found = {one["field"]: one["now"] for one in desk.asks()["fields"]}
    assert found["insurance.validity.validity"] == "2"
    assert found["insurance.loss_reason"] == "99"


def test_the_old_card_typed_again_does_not_undo_the_new_one(desk: Desk) -> None:
    old = insurance(date(2020, 4, 1), date(2025, 3, 31))
    new = insurance(date(2025, 4, 1), number="2")
    desk.knows(holding(old, new))
    desk.asks()
    assert "insurance.number" in {
        one["field"] for one in desk.asks(number="2")["fields"]
    }
    assert desk.asks()["state"] == "unchanged"
    assert desk.asks(number="2")["state"] == "unchanged"


def test_asked_again_in_care_an_assistance_that_is_gone_shows(desk: Desk) -> None:
    aid = insurance(card_classification="A1", insurer_number="99130023", number="9")
    desk.knows(holding(insurance(), aid))
    (entry,) = desk.stores.registry.numbered(["99130015|1|"])["99130015|1|"]
    care = ContinuingCare(FACILITY, entry.id, RequestId("care"), desk.now)
    desk.stores.eligibility.put_continuing(care)

    def again() -> dict[str, Any]:
        desk.now += 1000
        found = desk.asking.again(FACILITY, RequestId("care"), desk.now)
        return found["changes"]  # type: ignore[no-any-return]

    assert again()["state"] == "first_seen"
    desk.knows(holding())
    gone = {one["field"]: one for one in again()["fields"]}
    assert gone["assistance.number"]["before"] == "9"
    assert gone["assistance.number"]["now"] == ""
    desk.knows(holding(insurance(ends=TODAY - timedelta(days=1))))
    (change,) = (one for one in again()["fields"] if one["field"].endswith(".validity"))
    assert (change["before"], change["now"]) == ("1", "2")


def test_what_was_not_committed_was_not_seen(desk: Desk) -> None:
    desk.knows(holding())

    def fails(_: Entry) -> None:
        raise OSError("disk")

    desk.log = fails
    with pytest.raises(OSError, match="disk"):
        desk.asks()
    desk.log = lambda _: None
    assert desk.asks()["state"] == "first_seen"


def test_what_is_not_handed_out_was_not_seen(desk: Desk) -> None:
    desk.knows(holding())
    query = NumberQuery("99130015", "", "1", date(1970, 1, 2))
    for _ in range(2):
        given_ = desk.asking.number(
            FACILITY, query, handle=RequestId("h"), now_ms=desk.now
        )
        assert given_.plain["changes"]["state"] == "first_seen"
    given_.hand_out()
    assert desk.asks()["state"] == "unchanged"


def test_a_row_somebody_moved_counts_as_none(desk: Desk) -> None:
    desk.knows(holding())
    desk.knows(holding(insurance(number="2"), name="別人　太郎"), b"two")
    desk.asks()
    (one,) = desk.stores.registry.numbered(["99130015|1|"])["99130015|1|"]
    (two,) = desk.stores.registry.numbered(["99130015|2|"])["99130015|2|"]
    (row,) = desk.stores.changes.last_seen(FACILITY, [one.id, two.id])
    desk.stores.changes.put_last_seen([replace(row, person=two.id)])
    assert desk.asks(number="2")["state"] == "first_seen"


def test_every_field_that_can_be_shown_has_a_word() -> None:
    period = Period(date(2026, 4, 1), date(2027, 3, 31))
    carried = Benefits(
        (ElderlyCertificate(period, "020"),),
        (CopaymentLimit(period, "01", "A01", None, date(2026, 5, 1)),),
        (),
        (PublicExpense(period, "54136015", "1234567", 5000),),
    )
    held = (
        insurance(benefits=carried),
        insurance(benefits=carried, card_classification="A1"),
    )
    answer = InquiryAnswer(Validity.VALID, TODAY, None, holding(), held)
    groups = shown(told(answer), limit=True, whole=True, before=None)
    assert len(groups) == 11
    every = tuple(
        Change(group, name, "old", "new")
        for group, fields in groups.items()
        for name in fields
    )
    fields = plain(Difference(State.CHANGED, 5, every))["fields"]
    assert len({one["field"] for one in fields}) == len(every) == 60
    assert all(one["ja"] and one["en"] for one in fields)


# -- its end -----------------------------------------------------------------------
def _retention(database: Database) -> Retention:
    log = SqlAudit(database, SECRET)
    return Retention(database, log, Verifier(log, KEYS, SECRET), SIGNER, configured({}))


def test_it_goes_with_the_person_and_after_its_time(database: Database) -> None:
    stores = sql_stores(database, AUDIT_SECRET)
    desk = Desk(stores)
    for number in "12":
        desk.knows(holding(insurance(number=number)), number.encode())
        desk.asks(number=number)
    kept = SqlLastSeen(database)
    (one,) = stores.registry.numbered(["99130015|1|"])["99130015|1|"]
    (two,) = stores.registry.numbered(["99130015|2|"])["99130015|2|"]
    assert len(kept.last_seen(FACILITY, [one.id, two.id])) == 2
    list(_retention(database).erase(one.id, desk.now, dry=False))
    assert [row.person for row in kept.last_seen(FACILITY, [one.id, two.id])] == [
        two.id
    ]
    list(_retention(database).run(desk.now + 399 * DAY_MS, dry=False))
    assert kept.anything()
    list(_retention(database).run(desk.now + 401 * DAY_MS, dry=False))
    assert not kept.anything()


def test_nothing_of_a_person_can_be_read_in_the_table(database: Database) -> None:
    desk = Desk(sql_stores(database, AUDIT_SECRET))
    desk.knows(holding())
    desk.asks()
    ((sealed,),) = database.run_text("SELECT sealed FROM last_seen").fetchall()
    assert "試験".encode() not in bytes(sealed)
    assert b"99130015" not in bytes(sealed)
