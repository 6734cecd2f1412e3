"""Lines break where a reader would, and too much text is an error."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui_eink.fonts import Weight, font
from ui_eink.layout import (
    NEVER_FIRST,
    NEVER_LAST,
    Box,
    DoesNotFitError,
    break_lines,
    fit,
    plain,
)

BOLD = Weight.BOLD
japanese = st.text("あいうかきの手術診療カード、。「」ー（）っabc 12", min_size=1)


def test_text_too_long_at_the_smallest_size_is_an_error() -> None:
    with pytest.raises(DoesNotFitError):
        fit("カードを置いてください" * 9, Box(0, 0, 400, 100), (56, 34), BOLD)


def test_a_word_wider_than_the_box_is_an_error() -> None:
    with pytest.raises(DoesNotFitError):
        fit("unbreakableword", Box(0, 0, 120, 400), (56, 34), BOLD)


def test_the_largest_size_that_keeps_two_lines_is_taken() -> None:
    block = fit("カードを|置いてください", Box(0, 0, 460, 300), (76, 64, 56), BOLD)
    assert (block.lines, block.size) == (("カードを", "置いてください"), 64)


def test_lines_break_at_phrase_marks_only() -> None:
    lines = break_lines("お呼びするまで|お待ちください。", BOLD, 56, 500)
    assert lines == ["お呼びするまで", "お待ちください。"]


def test_unmarked_japanese_breaks_where_a_phrase_ends() -> None:
    lines = break_lines("カードを読みとれませんでした。", BOLD, 40, 440)
    assert lines == ["カードを", "読みとれませんでした。"]


def test_english_breaks_between_words() -> None:
    lines = break_lines("Please wait here", BOLD, 40, 240)
    assert lines == ["Please", "wait here"]


@given(text=japanese, width=st.integers(90, 600))
def test_no_line_breaks_kinsoku_or_loses_a_character(text: str, width: int) -> None:
    lines = break_lines(text, BOLD, 40, width, phrases=False)
    if lines is None:
        return
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for before, after in itertools.pairwise(lines):
        assert not (after and after[0] in NEVER_FIRST and before)
        assert not (before and before[-1] in NEVER_LAST and after)


@given(text=japanese, width=st.integers(90, 600))
def test_no_line_is_wider_than_its_box(text: str, width: int) -> None:
    for line in break_lines(text, BOLD, 40, width) or []:
        assert font(BOLD, 40).getlength(line) <= width


def test_phrase_marks_are_never_shown() -> None:
    assert plain("カードを|置いて") == "カードを置いて"
