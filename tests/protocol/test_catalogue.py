"""Every code has its lines; the patient's are short and kind."""

import re

import pytest

from protocol.catalogue import ENTRIES, Code, Entry, Retry, entry
from protocol.errors import WireError

LANGUAGES = {"ja", "en"}
JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
HARSH = re.compile(
    r"エラー|不正|失敗|違反|拒否|認証でき|[A-Z]\d{3}|error|fail|invalid|illegal|denied",
    re.IGNORECASE,
)


def test_no_code_is_without_lines_and_no_line_without_code() -> None:
    assert set(ENTRIES) == set(Code)


@pytest.mark.parametrize("code", Code)
def test_every_line_stands_in_both_languages(code: Code) -> None:
    found = entry(code)
    for text in (found.patient, found.staff, found.technician, found.action):
        assert set(text) == LANGUAGES
        assert JAPANESE.search(text["ja"])
        assert not JAPANESE.search(text["en"])
        assert all(line == line.strip() and line for line in text.values())
        assert text["ja"].endswith("。")
        assert text["en"].endswith(".")
    assert isinstance(found.retry, Retry)


@pytest.mark.parametrize("code", Code)
def test_the_patients_line_is_short_and_blames_nobody(code: Code) -> None:
    patient = entry(code).patient
    assert len(patient["ja"]) <= 44
    assert len(patient["en"]) <= 80
    for line in patient.values():
        assert not HARSH.search(line)


@pytest.mark.parametrize("code", Code)
def test_there_is_one_action_and_it_is_one_sentence(code: Code) -> None:
    action = entry(code).action
    assert action["ja"].count("。") == 1
    assert action["en"].count(".") == 1


def test_lines_say_nothing_twice() -> None:
    technicians = [found.technician["en"] for found in ENTRIES.values()]
    assert len(set(technicians)) == len(technicians)


def test_a_code_is_found_by_its_text_and_an_unknown_one_is_refused() -> None:
    found: Entry = entry("C101")
    assert found is ENTRIES[Code.CARD_UNREADABLE]
    with pytest.raises(ValueError, match="X999"):
        entry("X999")


def test_every_refusal_of_the_wire_is_in_the_catalogue() -> None:
    codes = [kind.code for kind in WireError.__subclasses__()]
    assert len(set(codes)) == len(codes) == 10
    assert all(code in ENTRIES for code in codes)
