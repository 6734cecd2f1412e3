"""Every entry of the code catalogue can be shown, in every language."""

import pytest

from protocol.catalogue import ENTRIES, Code
from ui_eink.render import render
from ui_eink.strings import WORDS, patient_line
from ui_eink.views import Lang, Problem

OWN = [lang for lang in Lang if WORDS[lang].problems]
AT_THE_READER = frozenset("CFNMKRDV")
"""Codes with these letters can come to a patient's screen. The others are of the
facilities' interface, and of a facility's own life."""


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("code", Code)
def test_an_entrys_lines_fit_the_problem_screen(code: Code, lang: Lang) -> None:
    entry = ENTRIES[code]
    staff = "en" if lang is Lang.EN else "ja"
    patient = patient_line(code, lang) or entry.patient[lang.value]
    view = Problem(code, patient, entry.staff[staff], entry.action[staff])
    assert render(view, lang).size == (800, 480)


@pytest.mark.parametrize("lang", OWN)
def test_every_code_that_a_patient_can_meet_has_its_line(lang: Lang) -> None:
    expected = {str(code) for code in Code if code[0] in AT_THE_READER}
    assert WORDS[lang].problems.keys() == expected


def test_japanese_and_english_are_the_catalogues_own() -> None:
    assert {lang.value for lang in Lang if lang not in OWN} == {"ja", "en"}
    assert patient_line("C101", Lang.JA) is None


@pytest.mark.parametrize("lang", OWN)
def test_a_code_of_a_later_release_sends_to_the_desk(lang: Lang) -> None:
    assert patient_line("C999", lang) == WORDS[lang].problem_other
