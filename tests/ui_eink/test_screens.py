"""What screens promise to the patient, and what they never show."""

import dataclasses
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image, ImageChops

from tests.support.sentences import sentences
from ui_eink import views
from ui_eink.fonts import FontMissingError, Script, Weight, find
from ui_eink.render import render
from ui_eink.strings import WORDS
from ui_eink.views import (
    AskConsent,
    CardLeft,
    ChosenAnswer,
    EnterNumberB,
    EnterPin,
    Lang,
    Ready,
)
from ui_eink.words import Saying

FREE_TEXT = {views.Problem: {"code", "patient", "staff", "action"}}
"""Text that comes from outside: the catalogue's, and an item's code."""
CODES = {
    views.AskConsent: {"item"},
    views.ConsentHelp: {"item"},
    views.OutOfService: {"code"},
}


def test_only_the_problem_view_carries_text() -> None:
    for view in get_args(views.View):
        text = {f.name for f in dataclasses.fields(view) if f.type is str}
        assert text == FREE_TEXT.get(view, CODES.get(view, set()))


def test_the_same_number_of_digits_is_the_same_picture() -> None:
    """A view cannot even say which digits: only how many."""
    assert {f.name for f in dataclasses.fields(EnterNumberB)} == {
        "digits",
        "wrong_before",
    }
    assert {f.name for f in dataclasses.fields(EnterPin)} == {
        "digits",
        "tries_left",
        "wrong_before",
    }


@pytest.mark.parametrize("lang", Lang)
def test_the_last_answer_changes_nothing_but_its_corner_note(lang: Lang) -> None:
    asked = render(AskConsent("operation", 1, 3), lang)
    for standing in ChosenAnswer:
        told = render(AskConsent("operation", 1, 3, standing), lang)
        box = ImageChops.logical_xor(asked, told).getbbox()
        assert box is not None
        assert box[1] >= 440


@pytest.mark.parametrize("lang", Lang)
def test_a_simulated_reader_says_so(lang: Lang) -> None:
    plain = render(CardLeft(), lang)
    marked = render(CardLeft(), lang, simulated=True)
    assert plain.tobytes() != marked.tobytes()
    assert (
        render(Ready(simulated=True), lang).tobytes()
        == render(Ready(), lang, simulated=True).tobytes()
    )


@pytest.mark.parametrize("lang", Lang)
def test_no_sentence_blames(lang: Lang) -> None:
    unkind = (
        *("エラー", "失敗", "不正", "間違", "error", "fail", "wrong", "invalid"),
        *("错误", "失败", "오류", "실패", "잘못", "errad", "falh", "inválid"),
        *(" lỗi", "thất bại", "sai "),
    )
    for sentence in sentences(WORDS[lang]):
        assert not [word for word in unkind if word in sentence.lower()]


def test_the_leaflets_words_are_kept() -> None:
    items = WORDS[Lang.JA].items
    first = items["diagnosis_and_drugs"]
    asked = (first.question + first.purpose).replace("|", "")
    assert asked == (
        "過去の手術以外の診療・お薬情報を当機関に提供することに同意しますか。"
        "この情報はあなたの診療や健康管理のために使われます。"
    )
    end: Saying = WORDS[Lang.JA].thanks
    assert end.headline.replace("|", "") == "お呼びするまでお待ちください。"
    assert WORDS[Lang.JA].card_left.headline.replace("|", "") == "カードを忘れずに!"


def test_a_name_says_the_view_and_the_question() -> None:
    assert views.name_of(views.ChooseMethod()) == "choose_method"
    assert views.name_of(AskConsent("operation", 2, 3)) == "ask_consent-2"
    assert views.name_of(views.Look()) == "look"
    assert views.name_of(views.Look(views.FaceHint.TURN_LEFT)) == "look-turn_left"


def test_a_picture_is_the_same_every_time() -> None:
    one: Image.Image = render(Ready(), Lang.JA)
    assert one.tobytes() == render(Ready(), Lang.JA).tobytes()


def test_a_missing_typeface_names_its_package(tmp_path: Path) -> None:
    with pytest.raises(FontMissingError, match="fonts-morisawa-bizud-gothic"):
        find(Weight.BOLD, (tmp_path,))
    with pytest.raises(FontMissingError, match="fonts-noto-cjk"):
        find(Weight.BOLD, (tmp_path,), Script.KOREAN)
