"""Found by name: one person or nobody, whatever way the name is written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.main import Stores
from cloud.modes.errors import ModeError
from cloud.modes.search import Candidate, Found, NameQuery, search, spelled
from cloud.registry.model import Person
from protocol.codes import Decision, Sex
from tests.cloud.modes_world import HANAKO, Town
from tests.cloud.world import insurance, person

HELD = Decision.GRANTED
BORN = date(1970, 1, 2)
KANA = st.text(
    alphabet="アイウエオカキクケコガギグゲゴパピプペポヤユヨャュョッンー", min_size=1
)


def query(kana: str, address: str = "") -> NameQuery:
    return NameQuery(kana, BORN, Sex.FEMALE, address)


@pytest.mark.parametrize(
    "written",
    [
        "シケン　ハナコ",
        "シケン ハナコ",
        "シケンハナコ",
        "ｼｹﾝ ﾊﾅｺ",
        "しけん　はなこ",
        "シケン・ハナコ",
    ],
)
def test_width_spaces_and_hiragana_do_not_count(written: str) -> None:
    assert spelled(written) == spelled("シケン　ハナコ")


@pytest.mark.parametrize(
    ("one", "other"),
    [("シヨウ", "ショウ"), ("ハナコ", "バナコ"), ("オノ", "オオノ"), ("ヰ", "イ")],
)
def test_names_that_differ_in_a_sound_stay_two_names(one: str, other: str) -> None:
    assert spelled(one) != spelled(other)


def test_voiced_marks_are_one_writing_whole_or_apart() -> None:
    assert spelled("ｶﾞ") == spelled("カ\u3099") == spelled("ガ") == "ガ"


def test_the_long_mark_is_one_whatever_stroke_was_typed() -> None:
    assert spelled("ユーキ") == spelled("ﾕｰｷ") == spelled("ユ－キ") == spelled("ユ-キ")


@given(KANA)
def test_a_spelling_is_its_own_spelling(kana: str) -> None:
    assert spelled(spelled(kana)) == spelled(kana)


def test_nobody_is_searched_without_a_name() -> None:
    for nothing in ("", "　 ", "・"):
        with pytest.raises(ModeError):
            query(nothing)
    with pytest.raises(ModeError):
        query("ハナコ", "東京")


@given(
    st.lists(st.tuples(KANA, st.sampled_from(["架空県東町1", "架空県西町2", ""]))),
    KANA,
    st.sampled_from(["", "架空県", "架空県東"]),
)
def test_a_search_names_a_person_only_when_exactly_one_fits(
    people: list[tuple[str, str]], name: str, address: str
) -> None:
    known = [Candidate(n, kana, home) for n, (kana, home) in enumerate(people)]
    how, who = search(query(name, address), known)
    fitting = [
        one.person
        for one in known
        if spelled(one.name_kana) == spelled(name) and one.address.startswith(address)
    ]
    assert (who is not None) == (len(fitting) == 1)
    assert how is (Found.ONE if who is not None else how)
    assert how is not Found.NOBODY or not fitting
    assert who is None or fitting == [who]


def namesake(address: str) -> Person:
    one = person()
    return Person(
        one.name,
        one.name_kana,
        one.sex,
        one.birth_date,
        address,
        insurances=(insurance(),),
    )


def test_several_are_a_word_and_never_a_list(stores: Stores) -> None:
    town = Town(stores)
    town.shelf.registers(b"two", namesake("架空県別町2"))
    town.outage()
    found = town.search()
    assert (found["validity"], found["cause"]) == ("5", "several_namesakes")
    assert (found["patient"], found["qualifications"]) == (None, [])
    narrowed = town.search(NameQuery(HANAKO.name_kana, BORN, Sex.FEMALE, "架空県別"))
    assert narrowed["validity"] == "1"


@pytest.mark.parametrize(
    "asked",
    [
        NameQuery("シケン　ハナコ", date(1970, 1, 3), Sex.FEMALE),
        NameQuery("シケン　ハナコ", BORN, Sex.MALE),
        NameQuery("シケン　ハナ", BORN, Sex.FEMALE),
        NameQuery("シケン　ハナコ", BORN, Sex.FEMALE, "別の県"),
    ],
)
def test_what_does_not_fit_exactly_is_nobody(stores: Stores, asked: NameQuery) -> None:
    town = Town(stores)
    town.outage()
    found = town.search(asked)
    assert (found["validity"], found["cause"]) == ("4", "name_unknown")
    assert found["patient"] is None


def test_who_is_on_hold_is_not_shown(stores: Stores) -> None:
    town = Town(stores)
    town.shelf.registers(b"one", person(hold=True))
    town.disaster()
    found = town.search()
    assert (found["cause"], found["patient"]) == ("hold", None)
    with pytest.raises(ModeError):
        town.says(str(found["case"]), operation=HELD)


def test_no_name_is_in_the_repr_of_a_query_or_in_the_log(stores: Stores) -> None:
    town = Town(stores)
    town.outage()
    town.search()
    assert "ハナコ" not in repr(HANAKO)
    assert not any("ハナコ" in row.detail for row in town.rows())
