"""Names of files: those of the exchange, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.oqs.errors import OqsError
from protocol.oqs.names import KINDS, Direction, Step, file_name, request_name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.prefix)
def test_the_answer_has_the_same_base_name(kind: object) -> None:
    assert kind in KINDS
    for one in KINDS:
        name = request_name(f"{one.prefix}req_20260615-0001.xml")
        assert name.answer() == f"{one.prefix}res_20260615-0001.xml"
        for extension in one.answers:
            assert file_name(name.answer(extension)).kind is one


def test_all_kinds_of_the_exchange_are_there() -> None:
    assert {kind.prefix for kind in KINDS} >= {
        "OQSsiquc01",
        *("OQSmuquc01", "OQSmuquc02", "OQSmuhvq01", "OQSmuhvq02"),
        *("OQSmuonq01", "OQSmuonq02", "OQSmutic01", "OQSmutic02"),
        *("OQSmuimm01", "YZKsiquc01", "TKKsiquc01"),
    }


def test_a_pushed_result_is_a_response_that_nobody_asked_for() -> None:
    name = file_name("OQSsiquc01res_face_018672501234_20230221184855.xml")
    assert name.direction is Direction.RESPONSE
    assert name.pushed


@pytest.mark.parametrize(
    "text",
    [
        "../OQSsiquc01req_1.xml",
        "OQSsiquc01req_../../etc/passwd.xml",
        "OQSsiquc01req_a/b.xml",
        "OQSsiquc01req_a\\b.xml",
        "C:OQSsiquc01req_1.xml",
        "OQSsiquc01req_1.xml:stream",
        "OQSsiquc01req_1.xml\x00.xml",
        "OQSsiquc01req_1.xml\n",
        "OQSsiquc01req_1 .xml",
        "OQSsiquc01req_.xml",
        "OQSsiquc01req_..xml",
        "OQSsiquc01req_-1.xml",
        "OQSsiquc01req_１.xml",
        "OQSsiquc01req_花子.xml",
        "OQSsiquc01req_1.xml.exe",
        "OQSsiquc01req_1.exe",
        "OQSsiquc01req_1.zip",
        "OQSsiquc01req_1.pdf",
        "OQSsiquc01reg_1.xml",
        "oqssiquc01req_1.xml",
        "OQSsiquc09req_1.xml",
        ".OQSsiquc01req_1.xml",
        "OQSsiquc01req_" + "1" * 200 + ".xml",
        "",
    ],
)
def test_a_name_with_path_parts_or_odd_characters_is_refused(text: str) -> None:
    with pytest.raises(OqsError, match="B150"):
        request_name(text)


def test_a_request_that_would_be_answered_as_a_tap_is_refused() -> None:
    with pytest.raises(OqsError, match="B150"):
        request_name("OQSsiquc01req_face_018672501234_20230221184855.xml")


def test_a_response_is_no_request() -> None:
    with pytest.raises(OqsError, match="B150 direction"):
        request_name("OQSsiquc01res_1.xml")
    with pytest.raises(ValueError, match="no such answer"):
        file_name("OQSsiquc01res_1.xml").answer()


def test_a_bulk_upload_may_be_packed_and_its_result_too() -> None:
    for kind in KINDS:
        assert ("zip" in kind.asks) == (kind.step is Step.UPLOAD)
        assert ("zip" in kind.answers) == (kind.step is Step.DOWNLOAD)


@given(st.text(max_size=60))
def test_whatever_is_accepted_stays_in_its_folder(text: str) -> None:
    for candidate in (text, f"OQSsiquc01req_{text}.xml"):
        try:
            name = request_name(candidate)
        except OqsError:
            continue
        assert not set(name.text) & set("/\\:\x00 ")
        assert ".." not in name.text
        assert name.text.isascii()
