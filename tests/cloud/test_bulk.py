"""Bulk inquiries: every row answered once, whatever happens; nobody else's."""

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cloud.audit.model import Kind, details
from cloud.bulk.model import KEEP_MS, WAITING, Family, Reception
from cloud.bulk.sealing import JobSeal, SealBrokenError
from cloud.bulk.service import NoJobError, NotReadyError, OverError, sweep
from cloud.bulk.writing import Media
from cloud.consent.emergency import Emergency
from cloud.consent.keys import DataKey, scope_of
from cloud.consent.model import Consent
from cloud.eligibility.service import ContinuingCare
from cloud.main import Stores
from cloud.registry.model import PersonId
from protocol import proof
from protocol.catalogue import Code
from protocol.codes import CareKind, Decision
from protocol.ids import FacilityCode, RequestId
from protocol.oqs.bulk import SEARCH
from protocol.oqs.document import Element, leaves
from protocol.oqs.errors import OqsError
from protocol.oqs.text import Encoding
from tests.cloud.bulk_world import (
    NOW,
    SECRET,
    Room,
    file_of,
    held,
    row,
    searches,
    somebody,
)
from tests.cloud.world import DAY_MS, FACILITY, TODAY

ELSEWHERE = FacilityCode("1310000016")


@pytest.fixture
def room(stores: Stores, tmp_path: Path) -> Room:
    def commit(*rows: object) -> None:
        stores.audit.append(rows)  # type: ignore[arg-type]

    return Room(stores, tmp_path, commit)


def units(room: Room, name: Reception) -> tuple[Element, ...]:
    return room.result(name).body.all("BulkConfirmUnit")


def validities(room: Room, name: Reception) -> list[str]:
    return [one.get("QualificationValidity") for one in units(room, name)]


def test_a_file_becomes_a_number_and_the_number_an_answer_for_every_row(
    room: Room,
) -> None:
    room.stores.registry.put([somebody(n) for n in range(1, 4)])
    name = room.submit([row(1), row(2), row(9)])
    job = room.bulk.job(FACILITY, name)
    assert (job.rows, job.answered, job.state) == (3, 0, "waiting")
    room.run()
    job = room.bulk.job(FACILITY, name)
    assert (job.answered, job.good, job.faulty, job.state) == (3, 3, 0, "done")
    assert validities(room, name) == ["1", "1", "4"]
    header = room.result(name).header
    assert header.get("ReceptionNumber") == name
    assert header.get("ArbitraryFileIdentifier") == "月曜の予約"
    assert header.get("NumberOfProcessingResult") == "3"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"InsurerNumber": ""}, Code.BULK_ROW_LACKS, "InsurerNumber"),
        ({"Birthdate": ""}, Code.BULK_ROW_LACKS, "Birthdate"),
        ({"Birthdate": "20260231"}, Code.BULK_ROW_UNREADABLE, "Birthdate"),
        (
            {"LimitApplicationCertificateRelatedConsFlg": "2"},
            Code.BULK_ROW_UNREADABLE,
            "LimitApplicationCertificateRelatedConsFlg",
        ),
        ({"Consent": "1"}, Code.BULK_ROW_UNREADABLE, SEARCH),
        (
            {"InsuredCardSymbol": "1" * 65},
            Code.BULK_ROW_UNREADABLE,
            "InsuredCardSymbol",
        ),
    ],
)
def test_a_row_that_cannot_be_read_says_why_and_stops_no_other(
    room: Room, changes: dict[str, str], code: Code, field: str
) -> None:
    room.stores.registry.put([somebody(1), somebody(2)])
    name = room.submit([row(1), row(2, **changes), row(2)])
    room.run()
    job = room.bulk.job(FACILITY, name)
    assert (job.good, job.faulty) == (2, 1)
    assert validities(room, name) == ["1", "", "1"]
    wrong = units(room, name)[1]
    assert wrong.get("ProcessingResultStatus") == "2"
    assert wrong.get("ProcessingResultCode") == code.value
    assert field in wrong.get("ProcessingResultMessage")
    search = wrong.one(SEARCH)
    assert search is not None
    assert search.get("ArbitraryIdentifier") == "p-2"


def test_a_facility_sees_only_its_own(room: Room) -> None:
    name = room.submit([row(1)])
    room.run()
    assert room.bulk.jobs(ELSEWHERE, NOW) == []
    for ask in (
        lambda: room.bulk.job(ELSEWHERE, name),
        lambda: room.bulk.delete(ELSEWHERE, name, NOW),
        lambda: room.bulk.download(ELSEWHERE, name, Media.XML, Encoding.UTF8, NOW),
    ):
        with pytest.raises(NoJobError):
            ask()
    assert [one.reception for one in room.bulk.jobs(FACILITY, NOW)] == [name]


def test_a_file_of_another_facility_is_refused_and_nothing_of_it_is_kept(
    room: Room,
) -> None:
    file = file_of(room.folder, searches([row(1)]), facility=ELSEWHERE)
    with pytest.raises(OqsError) as refused:
        room.bulk.submit(FACILITY, Family.NUMBERS, file, NOW)
    assert refused.value.code is Code.OQS_OTHER_FACILITY
    assert room.bulk.jobs(FACILITY, NOW) == []
    assert room.worker.turn(None, NOW) is None


def test_a_facility_has_only_so_many_files_waiting(room: Room) -> None:
    for _ in range(WAITING):
        room.submit([row(1)])
    with pytest.raises(OqsError) as refused:
        room.submit([row(1)])
    assert refused.value.code is Code.BULK_WAITING
    assert room.submit([row(1)], ELSEWHERE)
    room.run()
    assert room.submit([row(1)])


def test_a_file_without_rows_is_refused(room: Room) -> None:
    with pytest.raises(OqsError) as refused:
        room.submit([])
    assert refused.value.code is Code.BULK_NOBODY


def test_file_every_row_and_download_are_rows_of_the_log(room: Room) -> None:
    room.stores.registry.put([somebody(1)])
    name = room.submit([row(1), row(9), row(1, Birthdate="x")])
    room.run()
    rows = [one for one in room.stores.audit.rows(FACILITY) if one.kind == Kind.INQUIRY]
    said = [details(one.detail) for one in rows]
    assert [one["by"] for one in said] == ["bulk_file", "bulk", "bulk", "bulk"]
    assert {one["job"] for one in said} == {name}
    assert [one.get("validity") for one in said[1:]] == ["1", "4", None]
    assert said[3]["code"] == "B173"
    seal = JobSeal(SECRET, name, room.random)
    kept = list(room.stores.bulk.answers(name))
    plain = [seal.open_answer(one.place, one.sealed) for one in kept]
    assert [one.result for one in rows[1:]] == [
        hashlib.sha256(one).digest() for one in plain
    ]
    file = room.bulk.download(FACILITY, name, Media.XML, Encoding.UTF8, NOW)
    *_, last = room.stores.audit.rows(FACILITY)
    assert details(last.detail)["by"] == "bulk_download"
    assert last.result == hashlib.sha256(file.read_bytes()).digest()


def test_the_result_has_one_proof_number_over_every_row(room: Room) -> None:
    room.stores.registry.put([somebody(1)])
    name = room.submit([row(1), row(2)])
    room.run()
    job = room.bulk.job(FACILITY, name)
    found = proof.read(job.proof)
    assert found.fits(job.digest)
    assert found.facility == FACILITY
    logged = [one.result for one in room.stores.audit.rows(FACILITY)][1:]
    joined = hashlib.sha256(bytes(32) + b"".join(logged)).digest()
    assert job.digest == joined


def test_no_result_before_every_row_is_answered(room: Room) -> None:
    name = room.submit([row(1)])
    with pytest.raises(NotReadyError):
        room.result(name)


def test_no_result_after_180_days(room: Room) -> None:
    name = room.submit([row(1)])
    room.run()
    room.now = NOW + KEEP_MS - 1
    assert len(units(room, name)) == 1
    room.now = NOW + KEEP_MS
    with pytest.raises(OverError):
        room.result(name)
    assert room.bulk.jobs(FACILITY, room.now) == []


def test_a_deleted_job_is_gone_with_what_was_not_answered_yet(room: Room) -> None:
    name = room.submit([row(1)])
    found = room.stores.bulk.waiting(None)
    assert found is not None
    step = room.worker.step(*found, NOW)
    room.bulk.delete(FACILITY, name, NOW)
    assert not room.stores.bulk.settle(step)
    assert room.worker.turn(None, NOW) is None
    assert list(room.stores.bulk.answers(name)) == []
    *_, last = room.stores.audit.rows(FACILITY)
    assert details(last.detail)["by"] == "bulk_delete"


def test_two_workers_at_one_batch_answer_it_once(room: Room) -> None:
    room.stores.registry.put([somebody(1)])
    name = room.submit([row(1), row(2)])
    found = room.stores.bulk.waiting(None)
    assert found is not None
    one, other = (room.worker.step(*found, NOW) for _ in range(2))
    assert room.stores.bulk.settle(one)
    assert not room.stores.bulk.settle(other)
    assert len(units(room, name)) == 2
    bulk = [details(row_.detail)["by"] for row_ in room.stores.audit.rows(FACILITY)]
    assert bulk.count("bulk") == 2


def test_a_short_job_does_not_wait_for_the_end_of_a_long_one(room: Room) -> None:
    long = room.submit(row(n) for n in range(2_001))
    room.now += 1_000
    short = room.submit([row(1)])
    turns, last = [], None
    while (job := room.worker.turn(last, NOW)) is not None:
        last = job.reception
        turns.append(last)
    assert turns == [long, short, long, long]


def test_what_a_card_shows_alone_stays_out(room: Room) -> None:
    """Diseases take the card; the limit takes a word at the desk."""
    room.stores.registry.put([somebody(1, copayment_limit="A03")])
    flag = "LimitApplicationCertificateRelatedConsFlg"
    name = room.submit([row(1), row(1, **{flag: "1"})])
    room.run()
    shown = [
        [found.one("LimitApplicationCertificateRelatedInfo") is not None]
        for unit in units(room, name)
        for found in unit.all("ResultOfQualificationConfirmation")
    ]
    assert shown == [[False], [True]]


def test_what_shift_jis_lacks_is_a_black_circle_and_the_rest_of_the_name_stays(
    room: Room,
) -> None:
    known = somebody(1)
    odd = replace(known, person=replace(known.person, name="𠮷田　花子"))
    room.stores.registry.put([odd, somebody(2)])
    name = room.submit([row(1), row(2)])
    room.run()
    document = room.result(name, Encoding.SHIFT_JIS)
    assert document.encoding is Encoding.SHIFT_JIS
    assert document.header.get("CharacterCodeIdentifier") == "1"
    names = [
        found.get("Name")
        for unit in document.body.parts
        for found in unit.all("ResultOfQualificationConfirmation")
    ]
    assert names == ["●田　花子", "試験　花子"]
    told = [one.get("ProcessingResultCode") for one in document.body.parts]
    assert told == ["B157", ""]


def test_a_file_in_shift_jis_is_read(room: Room) -> None:
    room.stores.registry.put([somebody(1, symbol="東商")])
    body = searches([row(1, InsuredCardSymbol="東商")])
    file = file_of(room.folder, body, encoding=Encoding.SHIFT_JIS)
    name = room.bulk.submit(FACILITY, Family.NUMBERS, file, NOW)
    room.run()
    assert validities(room, name) == ["1"]


def test_a_zip_holds_the_same_document(room: Room, tmp_path: Path) -> None:
    name = room.submit([row(1)])
    room.run()
    packed = room.bulk.download(FACILITY, name, Media.ZIP, Encoding.UTF8, NOW)
    plain = room.bulk.download(FACILITY, name, Media.XML, Encoding.UTF8, NOW)
    assert packed.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(packed) as archive:
        (inside,) = archive.namelist()
        assert inside == f"OQSmuquc02res_{name}.xml"
        assert archive.read(inside) == plain.read_bytes()


def test_downloads_are_taken_away(room: Room) -> None:
    name = room.submit([row(1)])
    room.run()
    file = room.bulk.download(FACILITY, name, Media.XML, Encoding.UTF8, NOW)
    later = int(file.stat().st_mtime * 1000) + 10 * 60 * 1000 + 1_000
    sweep(file.parent, later - 120_000)
    assert file.exists()
    sweep(file.parent, later)
    assert not file.exists()


def test_a_sealed_row_opens_at_its_place_and_in_its_job_only(room: Room) -> None:
    name = room.submit([row(1)])
    room.run()
    (kept,) = room.stores.bulk.answers(name)
    assert b"99130015" not in kept.sealed
    seal = JobSeal(SECRET, name, room.random)
    assert b"99130015" in seal.open_answer(1, kept.sealed)
    with pytest.raises(SealBrokenError):
        seal.open_answer(2, kept.sealed)
    with pytest.raises(SealBrokenError):
        JobSeal(SECRET, Reception("0"), room.random).open_answer(1, kept.sealed)


# -- families that name nobody -------------------------------------------------------
def care(person: int, since: int, ended: int | None = None) -> ContinuingCare:
    handle = RequestId(f"first-{person}-{since}")
    return ContinuingCare(FACILITY, PersonId(person), handle, since, ended)


def ids(room: Room) -> Iterator[int]:
    for number in range(1, 9):
        held_by = room.stores.registry.numbered([f"99130015|{number}|12"])
        for entries in held_by.values():
            yield entries[0].id


def days(first: str, last: str = "", stem: str = "ConsentDate") -> Element:
    return Element(SEARCH, "", leaves((f"{stem}From", first), (f"{stem}To", last)))


def asked(room: Room, family: Family, *body: Element) -> Reception:
    file = file_of(room.folder, body)
    return room.bulk.submit(FACILITY, family, file, NOW)


def names(room: Room, name: Reception) -> list[str]:
    return [
        found.get("InsuredIdentificationNumber")
        for unit in units(room, name)
        for found in unit.all("ResultOfQualificationConfirmation")
    ]


def test_home_visits_are_everybody_whose_care_here_goes_on(room: Room) -> None:
    room.stores.registry.put([somebody(n) for n in range(1, 5)])
    one, two, three, four = ids(room)
    put = room.stores.eligibility.put_continuing
    put(care(one, NOW - 2 * DAY_MS))
    put(care(two, NOW - 40 * DAY_MS))
    put(care(three, NOW - 2 * DAY_MS, ended=NOW - DAY_MS))
    put(replace(care(four, NOW - 2 * DAY_MS), facility=ELSEWHERE))
    name = asked(room, Family.HOME_VISITS, days("20260601"))
    seen = asked(
        room, Family.HOME_VISITS, days("20260601", "20260615", "ExaminationDate")
    )
    room.run()
    assert names(room, name) == ["1"]
    assert names(room, seen) == ["1", "2"]


def test_whose_care_ends_before_the_answer_is_not_told(room: Room) -> None:
    room.stores.registry.put([somebody(1)])
    (one,) = ids(room)
    room.stores.eligibility.put_continuing(care(one, NOW - DAY_MS))
    name = asked(room, Family.HOME_VISITS, days("20260601"))
    room.stores.eligibility.put_continuing(care(one, NOW - DAY_MS, ended=NOW))
    room.run()
    assert (names(room, name), validities(room, name)) == ([], ["4"])


def consented(room: Room, person: int, care_kind: CareKind, until: int | None) -> None:
    """A yes to surgery here yesterday, with what it opens."""
    at = NOW - DAY_MS // 2
    request = RequestId(f"visit-{person}")
    yes = Consent(
        *(FACILITY, PersonId(person), "operation", Decision.GRANTED, at, at, until),
        request,
        care_kind,
    )
    why = Emergency(
        *(request, FACILITY, PersonId(person), ("operation",)),
        *("意識がなく同意を取得できない", "s-1", at, NOW + DAY_MS),
    )
    key = DataKey(scope_of(yes), b"sealed")
    room.stores.consents.open_emergency(why, [yes], [key])


def test_online_care_is_told_while_its_consent_is_open_and_not_later(
    room: Room,
) -> None:
    room.stores.registry.put([somebody(n) for n in range(1, 4)])
    one, two, three = ids(room)
    consented(room, one, CareKind.ONLINE, NOW + 1_000)
    consented(room, two, CareKind.ONLINE, NOW)
    consented(room, three, CareKind.OUTPATIENT, NOW + 1_000)
    name = asked(room, Family.ONLINE, days("20260601"))
    with pytest.raises(OqsError) as refused:
        asked(room, Family.ONLINE, days("20260601", "20260602"))
    assert refused.value.code is Code.BULK_NOBODY
    room.run()
    late = asked(room, Family.ONLINE, days("20260601"))
    room.now += 1_000
    room.run()
    assert (names(room, name), names(room, late)) == (["1"], [])


def test_a_re_inquiry_says_which_consents_stand(room: Room) -> None:
    room.stores.registry.put([somebody(1)])
    (one,) = ids(room)
    room.stores.eligibility.put_continuing(care(one, NOW - DAY_MS))
    consented(room, one, CareKind.HOME_VISIT, None)
    name = asked(room, Family.HOME_VISITS, days("20260601"))
    room.run()
    (unit,) = units(room, name)
    (found,) = unit.all("ResultOfQualificationConfirmation")
    assert found.get("OperationInfoConsFlg") == "1"
    assert found.get("OperationInfoConsTime") == "20260615000000"
    assert found.get("OperationInfoAvailableTime") == ""
    assert found.get("PharmacistsInfoConsFlg") == ""


def test_nobody_in_care_is_no_job(room: Room) -> None:
    with pytest.raises(OqsError) as refused:
        asked(room, Family.HOME_VISITS, days("20260601"))
    assert refused.value.code is Code.BULK_NOBODY


@pytest.mark.parametrize(
    "body",
    [
        [],
        [days("")],
        [days("20260602", "20260601")],
        [days("20260231")],
        [Element("MedicalTreatmentFlag", "3"), Element("ConsentDateFrom", "20260601")],
        [days("20260601"), days("20260601")],
    ],
)
def test_days_that_choose_nothing_are_refused(room: Room, body: list[Element]) -> None:
    with pytest.raises(OqsError) as refused:
        asked(room, Family.HOME_VISITS, *body)
    assert refused.value.code is Code.OQS_VALUE


def test_assistance_is_told_of_its_month_and_alone(room: Room) -> None:
    ends = TODAY - timedelta(days=60)
    helped = held(
        1, card_classification="A1", insurer_number="12990011", valid_until=ends
    )
    known = somebody(1)
    both = (*known.person.insurances, helped)
    room.stores.registry.put(
        [replace(known, person=replace(known.person, insurances=both)), somebody(2)]
    )
    for one in ids(room):
        room.stores.eligibility.put_continuing(care(one, NOW - 100 * DAY_MS))
    name = asked(room, Family.ASSISTANCE, Element("MedicalTreatmentMonth", "202604"))
    room.run()
    (unit,) = units(room, name)
    results = unit.all("ResultOfQualificationConfirmation")
    cards = [one.get("InsuredCardClassification") for one in results]
    assert cards == ["A1"]
    with pytest.raises(OqsError) as refused:
        asked(room, Family.ASSISTANCE, Element("MedicalTreatmentMonth", "202605"))
    assert refused.value.code is Code.BULK_NOBODY
