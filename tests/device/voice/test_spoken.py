"""Every screen can be heard; a digit never, and what is personal by one alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.config_front import DEFAULT_LAYOUT
from device.voice.own import OWN
from device.voice.phrases import phrases
from device.voice.reading import meant
from device.voice.spoken import spoken
from protocol.catalogue import ENTRIES
from ui_eink.samples import samples
from ui_eink.strings import WORDS
from ui_eink.views import (
    AskConsent,
    ChosenAnswer,
    EnterNumberB,
    EnterPin,
    Lang,
    PinBlocked,
    Problem,
    Receipt,
    TakeCard,
    ThankYou,
    View,
)

SHOWN = [(lang, name, view) for lang in Lang for name, view in samples(lang).items()]
answers = st.sampled_from(list(ChosenAnswer))
items = st.sampled_from(sorted(WORDS[Lang.JA].items))


def heard(view: View, *, headphones: bool) -> list[str]:
    return [one.name for one in spoken(view) if headphones or not one.personal]


@pytest.mark.parametrize(
    ("lang", "view"),
    [(lang, view) for lang, _, view in SHOWN],
    ids=[f"{lang.value} {name}" for lang, name, _ in SHOWN],
)
def test_every_screen_is_spoken_in_every_language(lang: Lang, view: View) -> None:
    said = spoken(view)
    assert said, "a screen that a blind patient cannot hear"
    there = {phrase.name for phrase in said} & phrases(lang).keys()
    assert there, f"nothing of it is recorded in {lang.value}"
    assert {one.name for one in said if one.lang is None} - there <= {
        # Screens without a second sentence.
        name
        for name in (one.name for one in said)
        if name.endswith(".body")
    }


@pytest.mark.parametrize("lang", list(Lang))
def test_everybody_hears_something_on_every_screen(lang: Lang) -> None:
    for name, view in samples(lang).items():
        if not name.startswith("renewal"):
            assert heard(view, headphones=False), name


@given(
    first=st.integers(0, 14),
    second=st.integers(0, 14),
    tries=st.none() | st.integers(1, 3),
    wrong=st.booleans(),
)
def test_typing_changes_nothing_that_is_heard(
    first: int, second: int, tries: int | None, wrong: bool
) -> None:
    assert spoken(EnterPin(first, tries, wrong)) == spoken(
        EnterPin(second, tries, wrong)
    )
    assert spoken(EnterNumberB(first, wrong)) == spoken(EnterNumberB(second, wrong))


@pytest.mark.parametrize("lang", list(Lang))
def test_no_recording_is_a_digit(lang: Lang) -> None:
    for name, text in phrases(lang).items():
        assert not re.fullmatch(r"\W*\d\W*", text), name
        counted = name.startswith(("tries_left.", "renewal"))
        length = name in {"enter_pin.body", "enter_number.body"}
        assert counted or length or not re.search(r"\d", text), (name, text)


@given(
    decided=st.lists(st.tuples(items, answers), max_size=10),
    withheld=st.booleans(),
    pending=st.booleans(),
)
def test_what_was_shared_is_heard_by_the_patient_alone(
    decided: list[tuple[str, ChosenAnswer]], withheld: bool, pending: bool
) -> None:
    view = TakeCard(tuple(decided), withheld, pending)
    nothing = heard(TakeCard(pending=pending), headphones=False)
    assert heard(view, headphones=False) == nothing
    alone = heard(view, headphones=True)
    for item, answer in decided:
        assert f"items.{item}.short" in alone
        assert f"answers.{answer.value}" in alone
    assert ("withheld" in alone) is withheld


@given(item=items, standing=answers)
def test_the_answer_of_last_time_is_heard_by_the_patient_alone(
    item: str, standing: ChosenAnswer
) -> None:
    plain = heard(AskConsent(item, 1, 3), headphones=False)
    assert heard(AskConsent(item, 1, 3, standing), headphones=False) == plain


@pytest.mark.parametrize("code", [str(code) for code in ENTRIES])
def test_a_problem_of_the_person_is_heard_by_the_patient_alone(code: str) -> None:
    view = Problem(code, "", "", "")
    aloud = heard(view, headphones=False)
    assert "ask_staff" in aloud
    personal = code[0] in "KRMVA" or code in {"C106", "C107", "C108", "C109", "F203"}
    if personal and code != "V801":
        assert f"problem.{code}" not in aloud


def test_the_word_of_a_receipt_is_never_spoken() -> None:
    words = {
        spoken(ThankYou(receipt=Receipt("https://page.example/r", word)))
        for word in ("123456", "654321")
    }
    assert len(words) == 1


def test_a_blocked_pin_and_tries_left_are_nobody_elses_business() -> None:
    assert "pin_blocked.headline" not in heard(PinBlocked(), headphones=False)
    assert "tries_left.1" not in heard(EnterPin(0, 1), headphones=False)
    assert "tries_left.1" in heard(EnterPin(0, 1), headphones=True)


def test_the_keys_are_where_the_voice_says() -> None:
    assert DEFAULT_LAYOUT[0][:3] == ("1", "2", "3")
    assert [row[3] for row in DEFAULT_LAYOUT[:3]] == ["cancel", "clear", "enter"]
    assert OWN.keys() >= {lang.value for lang in Lang}
    assert all(said.keys() == OWN["ja"].keys() for said in OWN.values())


def test_a_reading_of_our_own_wins() -> None:
    assert meant("右下の健診") == "みぎしたのけんしん"
