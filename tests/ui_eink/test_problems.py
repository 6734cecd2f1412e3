"""Every entry of the code catalogue can be shown, in every language."""

import pytest

from protocol.catalogue import ENTRIES, Code
from ui_eink.render import render
from ui_eink.views import Lang, Problem


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("code", Code)
def test_an_entrys_lines_fit_the_problem_screen(code: Code, lang: Lang) -> None:
    entry, key = ENTRIES[code], lang.value
    lines = entry.patient[key], entry.staff[key], entry.action[key]
    assert render(Problem(code, *lines), lang).size == (800, 480)
