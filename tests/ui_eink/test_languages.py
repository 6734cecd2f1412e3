"""What every language owes to who reads it: all its words, its letters, their size."""

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.sentences import sentences
from ui_eink import ruby
from ui_eink.fonts import Script, Weight, advance, font
from ui_eink.layout import Block, Box, DoesNotFitError, fit, length
from ui_eink.paper import Paper
from ui_eink.render import draw
from ui_eink.samples import samples
from ui_eink.strings import LANGUAGE_KEY, LANGUAGES, WORDS
from ui_eink.theme import (
    BODY,
    CHOICE,
    FIGURE,
    HEADLINE,
    MESSAGE,
    PIXELS_PER_MM,
    READ_MM,
    RUBY,
    TITLE,
)
from ui_eink.views import Lang, Problem
from ui_eink.words import Words

EASY = WORDS[Lang.JA_EASY]
MOST_LETTERS = 24
MAY_BE_EMPTY = {"problem_other", "body"}
HERE = {Lang.JA: "ja", Lang.EN: "en"}


def empty(value: object, name: str = "") -> list[str]:
    """Where a sentence is missing."""
    if isinstance(value, str):
        return [] if value.strip() or name in MAY_BE_EMPTY else [name]
    if isinstance(value, dict):
        return [at for k, part in value.items() for at in empty(part, str(k))]
    if isinstance(value, tuple):
        return [at for part in value for at in empty(part, name)]
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return [at for f in fields for at in empty(getattr(value, f.name), f.name)]
    return []


@pytest.mark.parametrize("lang", Lang)
def test_no_sentence_is_missing(lang: Lang) -> None:
    assert empty(WORDS[lang]) == []


def test_a_missing_sentence_would_be_noticed() -> None:
    assert empty(dataclasses.replace(EASY, again=" ")) == ["again"]


@pytest.mark.parametrize("lang", [lang for lang in Lang if lang is not Lang.EN])
def test_no_sentence_is_left_in_english(lang: Lang) -> None:
    same = set(sentences(WORDS[lang])) & set(sentences(WORDS[Lang.EN]))
    words = {s for s in same if re.search("[a-z]{3}", s) and "{" not in s}
    assert words <= {"Check-ups"}


def test_every_language_is_chosen_by_its_own_name() -> None:
    plain = [ruby.base(name).replace("|", "") for name in LANGUAGES.values()]
    assert plain == [
        "日本語",
        "やさしい日本語",
        "English",
        "中文",
        "한국어",
        "Português",
        "Tiếng Việt",
    ]
    assert list(LANGUAGES) == list(Lang) == list(WORDS)


# -- letters ---------------------------------------------------------------------


def lacking(text: str, script: Script) -> set[str]:
    """Letters that the typeface would draw as its empty box."""
    return {
        char
        for char in set(text) - {"\n", " "}
        for weight in Weight
        if bytes(font(weight, 40, script).getmask(char))
        == bytes(font(weight, 40, script).getmask("\U0010fffd"))
    }


@pytest.mark.parametrize("lang", Lang)
def test_the_typeface_has_every_letter_of_every_sentence(lang: Lang) -> None:
    script = WORDS[lang].script
    assert lacking("".join(sentences(WORDS[lang])) + "0123456789", script) == set()
    assert lacking(LANGUAGES[lang], script) == set()
    assert lacking(LANGUAGE_KEY, Script.JAPANESE) == set()


def test_a_missing_letter_would_be_noticed() -> None:
    assert lacking("ế", Script.JAPANESE) == {"ế"}
    assert lacking("한", Script.JAPANESE) == {"한"}


@given(
    st.text("AVTo.kカ한ế 1", max_size=30),
    st.sampled_from(Script),
    st.integers(20, 76),
)
def test_letters_do_not_kern_so_their_widths_add_up(
    text: str, script: Script, size: int
) -> None:
    whole = font(Weight.BOLD, size, script).getlength(text)
    assert length(text, Weight.BOLD, size, script) == whole


# -- size ------------------------------------------------------------------------


@pytest.mark.parametrize("script", Script)
@pytest.mark.parametrize("scale", [HEADLINE, BODY, CHOICE, TITLE, FIGURE, MESSAGE])
def test_capitals_that_must_be_read_are_5_mm_high(
    scale: tuple[int, ...], script: Script
) -> None:
    for weight in Weight:
        assert capital_mm(Block((), min(scale), weight, script)) >= READ_MM


def capital_mm(block: Block) -> float:
    _, top, _, bottom = font(block.weight, block.size, block.script).getbbox("H")
    return float(bottom - top) / PIXELS_PER_MM


def small_print(words: Words) -> set[str]:
    """What may be smaller: corners, notes in keys, names of groups, and for staff."""
    counts = [
        count.of(n)
        for count in (words.tries_left, words.attempts_left)
        for n in range(4)
    ]
    tries = [words.attempt.format(n=n, total=3) for n in range(4)]
    last = [words.last_time.format(answer=a) for a in words.answers.values()]
    # The last screen's list of answers stands beside its signs.
    short = [item.short for item in words.items.values()]
    counted = [f"{a}: {n}" for a in words.answers.values() for n in range(11)]
    units = [words.seconds.one, words.seconds.many]
    staff = [words.for_staff, "D701", "C101"]
    own = {
        words.receipt.headline,
        words.simulated,
        LANGUAGE_KEY,
        *words.steps,
        *words.number_groups,
    }
    return {*own, *counts, *tries, *last, *short, *counted, *units, *staff}


@pytest.mark.parametrize("lang", Lang)
def test_on_every_screen_only_small_print_is_smaller_than_5_mm(lang: Lang) -> None:
    words = WORDS[lang]
    may = small_print(words)
    for name, view in samples(lang).items():
        if isinstance(view, Problem):
            continue
        for block in draw(view, words).blocks:
            if capital_mm(block) < READ_MM:
                assert "".join(block.lines) in may, name


def test_staff_lines_alone_are_small_on_the_problem_screen() -> None:
    for lang in Lang:
        view = samples(lang)["problem"]
        assert isinstance(view, Problem)
        first = draw(view, WORDS[lang]).blocks[0]
        assert capital_mm(first) >= READ_MM
        patient = "".join(view.patient.replace("|", "").split())
        assert "".join("".join(first.lines).split()) == patient.replace("\n", "")


# -- やさしい日本語 -----------------------------------------------------------------


def spoken(text: str) -> list[str]:
    """The sentences of a text, as they are counted: no readings, spaces or marks."""
    plain = re.sub(r"[\s|]", "", ruby.base(text))
    return [sentence for sentence in re.split(r"(?<=[。?!])", plain) if sentence]


def test_an_easy_sentence_has_at_most_24_letters() -> None:
    for text in sentences(EASY):
        for sentence in spoken(text):
            assert len(sentence) <= MOST_LETTERS, sentence


def test_easy_japanese_has_no_kanji_without_its_reading() -> None:
    for text in (*sentences(EASY), LANGUAGES[Lang.JA_EASY]):
        assert ruby.unread(text) == "", text


def test_a_long_sentence_and_a_bare_kanji_would_be_noticed() -> None:
    assert len(spoken("あいうえお" * 5 + "。")[0]) > MOST_LETTERS
    assert ruby.unread("受付《うけつけ》へ行く") == "行"


def test_readings_are_of_hiragana_and_stand_over_something() -> None:
    for text in sentences(EASY):
        for token in ruby.tokens(text):
            assert re.fullmatch("[ぁ-ゖー]*", token.reading), text
            assert token.base


def test_a_reading_is_drawn_above_its_kanji_and_never_parted_from_it() -> None:
    box = Box(0, 100, 300, 200)
    bare, read = Paper(), Paper()
    below = bare.text("見て", box, (60,))
    lower = read.text("見《み》て", box, (60,))
    assert lower - below == 60 // 2 + 2
    assert read.image.crop((0, 100, 60, 128)).getextrema() == (0, 1)
    narrow = fit("手《て》を見《み》て", Box(0, 0, 90, 400), (60,), Weight.BOLD)
    assert [ruby.base(line) for line in narrow.lines] == ["手", "を", "見", "て"]


def test_a_long_reading_makes_its_room() -> None:
    wide = length("左《ひだり》", Weight.REGULAR, 30, Script.JAPANESE)
    over = (advance(kana, Weight.REGULAR, RUBY, Script.JAPANESE) for kana in "ひだり")
    assert wide == sum(over) > 30


def test_a_base_can_be_marked() -> None:
    (token,) = ruby.tokens("｜お願い《おねがい》")
    assert (token.base, token.reading) == ("お願い", "おねがい")
    assert str(token) == "｜お願い《おねがい》"


def test_easy_japanese_and_korean_break_between_words_only() -> None:
    for text, script in (
        ("カードを ここに おいて ください", Script.JAPANESE),
        ("카드를 여기에 놓아 주세요", Script.KOREAN),
    ):
        block = fit(text, Box(0, 0, 200, 400), (40,), Weight.BOLD, script)
        assert " ".join(block.lines) == text
    with pytest.raises(DoesNotFitError):
        fit("카드를놓아주세요", Box(0, 0, 200, 400), (40,), Weight.BOLD, Script.KOREAN)
