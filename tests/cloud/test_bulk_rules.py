"""Two quick ways give what the general ones give; no interleaving loses a row."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from cloud.access.inquire import Inquiries
from cloud.adapters.memory import MemoryRegistry
from cloud.adapters.memory_eligibility import MemoryEligibility
from cloud.audit.model import Entry, Kind, detail
from cloud.bulk import answer
from cloud.bulk.model import KEEP_MS, Family, Job, Question, Reception
from cloud.bulk.ordinary import key_of, ordinary
from cloud.bulk.quick_units import Units
from cloud.bulk.sealing import JobSeal
from cloud.bulk.store import Batch
from cloud.bulk.writing import general
from cloud.eligibility.inquiry import NumberQuery
from cloud.registry.benefits import Benefits, Period, PublicExpense
from cloud.registry.model import Insurance, Person
from cloud.registry.service import Record, Registry
from protocol.codes import Relationship, Sex
from protocol.oqs.document import fragment
from protocol.oqs.text import Encoding
from tests.cloud.bulk_world import NOW, SECRET, Room
from tests.cloud.world import FACILITY, TODAY, memory_stores

BORN = (date(1970, 1, 2), date(2001, 12, 31))
INSURERS = ("99130015", "00138057", "138057", "99130016")
"""The last has a wrong check digit; the middle two are one insurer."""
PUBLIC = Benefits(
    public=(PublicExpense(Period(date(2026, 1, 1)), "54016027", "1234567", 5000),)
)
insurances = st.builds(
    Insurance,
    card_classification=st.sampled_from(["01", "A1"]),
    insurer_number=st.sampled_from(INSURERS[:3]),
    insurer_name=st.just("架空健康保険組合13"),
    relationship=st.sampled_from(Relationship),
    valid_from=st.sampled_from([date(2025, 4, 1), TODAY, TODAY + timedelta(days=1)]),
    valid_until=st.sampled_from([None, TODAY + timedelta(days=1), date(2026, 7, 1)]),
    symbol=st.sampled_from(["", "1", "東-1"]),
    number=st.sampled_from(["1", "01", "２"]),
    branch=st.sampled_from(["", "00", "01", "０１"]),
    loss_reason=st.sampled_from(["", "03"]),
    copayment_ratio=st.just("030"),
    copayment_limit=st.sampled_from(["", "A03"]),
    unregistered=st.booleans(),
    benefits=st.sampled_from([Benefits(), Benefits(), PUBLIC]),
).filter(lambda one: one.valid_until is None or one.valid_until >= one.valid_from)
people = st.builds(
    Person,
    name=st.just("試験　花子"),
    name_kana=st.just("シケン　ハナコ"),
    sex=st.sampled_from(Sex),
    birth_date=st.sampled_from(BORN),
    hold=st.sampled_from([False, False, True]),
    insurances=st.lists(insurances, min_size=1, max_size=2).map(tuple),
)
questions = st.builds(
    Question,
    identifier=st.just(""),
    insurer=st.sampled_from(INSURERS),
    symbol=st.sampled_from(["", "1", "東‐１", "2"]),
    number=st.sampled_from(["1", "2", "3"]),
    branch=st.sampled_from(["", "00", "01"]),
    birth_date=st.sampled_from([one.isoformat() for one in BORN]),
    limit=st.booleans(),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(people, max_size=3), questions)
def test_an_ordinary_answer_is_what_the_general_rules_answer(
    known: list[Person], question: Question
) -> None:
    store = MemoryRegistry()
    store.put(Record(b"%d" % place, who) for place, who in enumerate(known))
    registry = Registry(store)
    key = key_of(question)
    query = NumberQuery(
        question.insurer,
        question.symbol,
        question.number,
        date.fromisoformat(question.birth_date),
        question.branch,
        question.limit,
    )
    assert key == query.lookup
    found = registry.held([key]).get(key, [])
    made = ordinary(question, key, found, TODAY.isoformat())
    said = Inquiries(registry, MemoryEligibility()).number(query, NOW)
    if made is not None:
        record, person = made
        assert said.entry is not None
        assert person == said.entry.id
        assert answer.written(record) == answer.written(answer.of(question, said))


def test_the_ordinary_row_is_answered_quickly() -> None:
    """So that the property above is not about None alone."""
    store = MemoryRegistry()
    held = Insurance(
        *("01", "99130015", "組合", Relationship.INSURED, date(2025, 4, 1)),
        number="1",
    )
    store.put(
        [Record(b"1", Person("試験", "シケン", Sex.MALE, BORN[0], insurances=(held,)))]
    )
    question = Question("", "99130015", "", "1", "", BORN[0].isoformat(), False)
    key = key_of(question)
    found = store.held([key])[key]
    assert ordinary(question, key, found, TODAY.isoformat()) is not None
    assert ordinary(question, key, [*found, *found], TODAY.isoformat()) is None


texts = st.sampled_from(
    [
        "",
        "1",
        "試験　花子",
        "a & <b>",
        "𠮷田",
        "波〜−",
        "ﾊﾅｺ",
        "%s",
        "a\u0007b",
        "\u00a0",
    ]
)
days = st.sampled_from([None, "2026-04-01"])
insurance_rows = st.tuples(
    *[texts] * 4,
    st.just("2020-04-01"),
    days,
    *[texts] * 5,
    st.sampled_from(["", "030", "30"]),
    st.sampled_from(["", "A03"]),
    *[st.just([])] * 3,
)
patients = st.tuples(texts, texts, st.just("1970-01-02"), *[texts] * 3)
asked = st.tuples(*[texts] * 5, st.just("1970-01-02"), st.booleans())
records = st.tuples(
    st.one_of(asked, st.none()),
    st.sampled_from(["", "", "", "B173"]),
    st.just("Birthdate"),
    st.sampled_from(["1", "4"]),
    st.just("2026-06-15"),
    st.just(""),
    patients,
    st.lists(insurance_rows, min_size=1, max_size=2),
    st.sampled_from([[], [], [("operation", "1", NOW, None)]]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(records, min_size=1, max_size=4), st.sampled_from(Encoding))
def test_a_template_gives_the_bytes_that_element_by_element_gives(
    some: list[Any], encoding: Encoding
) -> None:
    slow = partial(general, encoding=encoding)
    units = Units(slow, encoding)
    for record in (*some, *some):
        expected = fragment(slow(record), encoding).encode(encoding)
        assert units.text(record) == expected


# -- once ----------------------------------------------------------------------------
JOB = Reception("20260615120000000001")


def begun(room: Room, rows: int, size: int) -> None:
    """A job of small batches, as the service would have begun it."""
    seal = JobSeal(SECRET, JOB, room.random)
    asked = [
        Question(str(place), "99130015", "12", str(place), "", "1970-01-02", False)
        for place in range(1, rows + 1)
    ]
    batches = [
        Batch(
            low + 1,
            len(page := asked[low : low + size]),
            seal.questions(low + 1, to_json(page)),
        )
        for low in range(0, rows, size)
    ]
    job = Job(JOB, FACILITY, Family.NUMBERS, NOW, rows, TODAY, NOW + KEEP_MS)
    entry = Entry(FACILITY, NOW, Kind.INQUIRY, None, detail(by="bulk_file"), bytes(32))
    assert room.stores.bulk.begin(job, b"", batches, entry)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 7),
    st.integers(1, 3),
    st.lists(st.sampled_from("ABabX"), max_size=30),
)
def test_whoever_dies_or_comes_second_every_row_is_answered_once(
    rows: int, size: int, story: list[str]
) -> None:
    """A, B: a worker decides a batch; a, b: it commits; X: both are killed."""
    stores = memory_stores()
    room = Room(stores, Path(), lambda *_: None)
    begun(room, rows, size)
    minds: dict[str, Any] = {}
    for event in [*story, *"Aa" * rows]:
        if event == "X":
            minds.clear()
        elif event in "AB":
            found = stores.bulk.waiting(None)
            if found is not None:
                minds[event.lower()] = room.worker.step(*found, NOW)
        elif event in minds:
            stores.bulk.settle(minds.pop(event))
        job = stores.bulk.job(FACILITY, JOB)
        assert job is not None
        kept = [one.place for one in stores.bulk.answers(JOB)]
        assert kept == list(range(1, job.answered + 1))
        open_ = sum(one.size for one in stores.bulk.questions[JOB])  # type: ignore[attr-defined]
        assert len(kept) + open_ == rows
    done = stores.bulk.job(FACILITY, JOB)
    assert done is not None
    assert done.finished is not None
    logged = list(stores.audit.rows(FACILITY))
    assert len(logged) == 1 + rows
