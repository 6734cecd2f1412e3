"""照会番号: one chart, one person; refused clearly; gone with the person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.access.inquire import Inquiries
from cloud.access.ledger import Settled, Usage, Verification
from cloud.access.linking import Linking, Wanted
from cloud.adapters.sql.audit import SqlAudit
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.references import SqlReferences
from cloud.adapters.sql.registry import SqlRegistry
from cloud.adapters.sql.retention import Retention
from cloud.audit.model import Entry, Kind
from cloud.audit.retention import configured
from cloud.audit.service import Verifier
from cloud.eligibility.inquiry import NumberQuery
from cloud.eligibility.reference import (
    NumberTakenError,
    PersonLinkedError,
    Reference,
    References,
    reference,
)
from cloud.main import Stores
from cloud.registry.model import CertificateLink, LinkKind, PersonId
from cloud.registry.service import Record, Registry
from protocol.catalogue import Code
from protocol.codes import Outcome
from protocol.ids import FacilityCode, RequestId
from tests.cloud.test_audit_chain import KEYS, SECRET, SIGNER
from tests.cloud.world import (
    DAY_MS,
    FACILITY,
    NOON,
    READER,
    Box,
    cloud_keys,
    insurance,
    ms,
    person,
)

NOW = ms(NOON)
OTHER = FacilityCode("1310000016")
INSURER = "99130015"
BORN = date(1970, 1, 2)


def put(stores: Stores, number: str, **more: object) -> PersonId:
    held = (insurance(number=number),)
    link = CertificateLink(LinkKind.CERTIFICATE, number.encode().ljust(32))
    who = person(insurances=held, **more)  # type: ignore[arg-type]
    stores.registry.put([Record(number.encode(), who, (link,))])
    found = stores.registry.linked(link)
    assert found is not None
    return found.id


@pytest.fixture
def two(stores: Stores) -> tuple[PersonId, PersonId]:
    return put(stores, "1"), put(stores, "2")


@pytest.fixture
def references(stores: Stores) -> References:
    return References(stores.references)


@pytest.fixture
def linking(stores: Stores, references: References) -> Linking:
    inquiries = Inquiries(Registry(stores.registry), stores.eligibility)

    def log(*rows: Entry) -> None:
        stores.audit.append(rows)

    return Linking(inquiries, references, stores.ledger, log)


def asked(number: str, own: str) -> Wanted:
    return Wanted(NumberQuery(INSURER, "", number, BORN), own)


# -- the link -------------------------------
def test_a_number_comes_back_with_its_person_at_its_facility_only(
    references: References, two: tuple[PersonId, PersonId]
) -> None:
    one, other = two
    assert references.link(FACILITY, one, "P-0001", NOW)
    assert references.reference_number(FACILITY, one) == "P-0001"
    assert references.reference_number(FACILITY, other) == ""
    assert references.reference_number(OTHER, one) == ""
    assert references.person_of(FACILITY, "P-0001") == one
    assert references.link(OTHER, other, "P-0001", NOW)


def test_a_number_is_nobody_elses(
    references: References, two: tuple[PersonId, PersonId]
) -> None:
    one, other = two
    references.link(FACILITY, one, "1", NOW)
    for replace in (False, True):
        with pytest.raises(NumberTakenError):
            references.link(FACILITY, other, "1", NOW, replace=replace)
    references.link(FACILITY, other, "2", NOW)
    with pytest.raises(NumberTakenError):
        references.link(FACILITY, other, "1", NOW, replace=True)


def test_a_second_number_replaces_the_first_only_when_that_is_said(
    references: References, two: tuple[PersonId, PersonId]
) -> None:
    one, other = two
    references.link(FACILITY, one, "1", NOW)
    with pytest.raises(PersonLinkedError):
        references.link(FACILITY, one, "2", NOW)
    assert references.link(FACILITY, one, "2", NOW, replace=True)
    assert references.reference_number(FACILITY, one) == "2"
    assert references.person_of(FACILITY, "1") is None
    assert references.link(FACILITY, other, "1", NOW)


def test_the_same_link_twice_changes_nothing(
    references: References, two: tuple[PersonId, PersonId]
) -> None:
    assert references.link(FACILITY, two[0], "1", NOW)
    assert not references.link(FACILITY, two[0], "1", NOW + 1)
    assert references.count(FACILITY) == 1


def test_an_unlinked_number_is_free(
    references: References, two: tuple[PersonId, PersonId]
) -> None:
    references.link(FACILITY, two[0], "1", NOW)
    assert not references.unlink(OTHER, "1")
    assert references.unlink(FACILITY, "1")
    assert not references.unlink(FACILITY, "1")
    assert references.link(FACILITY, two[1], "1", NOW)


@given(st.text(max_size=24))
def test_what_has_the_shape_survives_the_way_through_files(text: str) -> None:
    try:
        kept = reference(text)
    except ValueError:
        return
    assert kept.encode("ascii").decode("cp932") == text
    assert 1 <= len(kept) <= 20
    assert kept.strip("- ") == text


def test_a_link_names_nobody_in_a_repr() -> None:
    assert "7654" not in repr(Reference(FACILITY, PersonId(7654), "7654", 1))
    assert "7654" not in repr(asked("7654", "7654"))


# -- rows, and taps -------------------------------
def test_rows_are_taken_one_by_one_each_with_its_own_refusal(
    linking: Linking, references: References, two: tuple[PersonId, PersonId]
) -> None:
    rows = [
        asked("1", "A1"),
        asked("3", "A3"),
        asked("2", "A1"),
        asked("1", "A2"),
        asked("2", "not good"),
        asked("2", "A2"),
        asked("1", "A1"),
    ]
    assert linking.by_numbers(FACILITY, rows, NOW) == [
        None,
        Code.NOT_FOUND,
        Code.NUMBER_TAKEN,
        Code.PERSON_LINKED,
        Code.INPUT_UNREADABLE,
        None,
        None,
    ]
    assert references.count(FACILITY) == 2


def test_every_row_is_an_inquiry_in_the_log(
    linking: Linking, stores: Stores, two: tuple[PersonId, PersonId]
) -> None:
    linking.by_numbers(FACILITY, [asked("1", "A1"), asked("3", "A3")], NOW)
    rows = list(stores.audit.rows(FACILITY))
    assert [row.kind for row in rows] == [Kind.INQUIRY, Kind.INQUIRY]
    assert all("by=patient_number" in row.detail for row in rows)
    assert not any("A1" in row.detail for row in rows)


def test_whose_disclosure_is_held_is_not_found_here_either(
    linking: Linking, stores: Stores
) -> None:
    put(stores, "9", hold=True)
    assert linking.by_numbers(FACILITY, [asked("9", "A9")], NOW) == [Code.NOT_FOUND]


def test_after_a_tap_the_number_goes_to_who_tapped(
    linking: Linking,
    references: References,
    stores: Stores,
    two: tuple[PersonId, PersonId],
) -> None:
    visit = tapped(stores, two[0])
    assert linking.by_tap(OTHER, visit, "A1", NOW) is Code.NOT_THERE
    assert linking.by_tap(FACILITY, RequestId("x"), "A1", NOW) is Code.NOT_THERE
    assert linking.by_tap(FACILITY, visit, "A1", NOW + DAY_MS) is Code.NOT_THERE
    assert linking.by_tap(FACILITY, visit, "A1", NOW) is None
    assert references.reference_number(FACILITY, two[0]) == "A1"


def test_a_tap_that_was_refused_links_nobody(
    linking: Linking, stores: Stores, two: tuple[PersonId, PersonId]
) -> None:
    visit = tapped(stores, two[0], Outcome.REFUSED)
    assert linking.by_tap(FACILITY, visit, "A1", NOW) is Code.NOT_THERE


def tapped(
    stores: Stores, who: PersonId, outcome: Outcome = Outcome.ACCEPTED
) -> RequestId:
    stores.facilities.put_readers([Box(cloud_keys()).enrolled])
    visit = RequestId("00000000-0000-7000-8000-000000000001")
    seen = Verification(READER, visit, who, outcome, (), NOW, NOW)
    usage = Usage(NOW, READER, FACILITY, "verification", "pin", "1", "accepted", "", 1)
    entry = Entry(FACILITY, NOW, Kind.VERIFICATION, who, "outcome=accepted", bytes(32))
    one = Settled(
        visit,
        b"h" * 32,
        b"e" * 32,
        READER,
        NOW + 60_000,
        b"answer",
        usage,
        entry,
        verifications=(seen,),
    )
    stores.ledger.commit([one], [])
    return visit


# -- the end -------------------------------
def test_it_goes_with_the_person(database: Database) -> None:
    registry = SqlRegistry(database)
    links = [CertificateLink(LinkKind.CERTIFICATE, bytes([n]) * 32) for n in (1, 2)]
    registry.put(Record(link.value, person(), (link,)) for link in links)
    one, other = (registry.linked(link) for link in links)
    assert one
    assert other
    references = References(SqlReferences(database))
    references.link(FACILITY, one.id, "1", NOW)
    references.link(FACILITY, other.id, "2", NOW)
    log = SqlAudit(database, SECRET)
    retention = Retention(
        database, log, Verifier(log, KEYS, SECRET), SIGNER, configured({})
    )
    done = {d.table: d.rows for d in retention.erase(one.id, NOW, dry=False)}
    assert done["reference_numbers"] == 1
    assert references.reference_number(FACILITY, one.id) == ""
    assert references.reference_number(FACILITY, other.id) == "2"
