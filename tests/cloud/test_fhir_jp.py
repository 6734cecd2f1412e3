"""The strings of JP_Coverage: the profile's own examples, any width, what breaks it."""

import re
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cloud.fhir import jp, systems
from cloud.fhir.coverage import Shown, coverage
from cloud.fhir.resource import checked
from cloud.registry.model import lookup_key
from protocol.codes import Validity
from protocol.numbers import fold
from tests.cloud.fhir_world import HELD
from tests.cloud.world import insurance

PRINTED = st.text(
    st.characters(categories=("L", "M", "N", "P", "S", "Zs")), max_size=10
)
INSURERS = st.from_regex(r"[0-9]{6}|[0-9]{8}| {2}[0-9]{6}", fullmatch=True)
BRANCHES = st.from_regex(r"|[0-9]{1,2}|[０-９]{2}", fullmatch=True)
R1013 = re.compile(r"^[0-9]{8}:[^:^\s^　]*:[^:^\s^　]*:(.{0}|[0-9][0-9])$")
"""The clins guide's own rule, as it stands there."""


def test_the_profiles_examples() -> None:
    who = jp.Insured("12345", "あいう", "１８７", "05")
    assert jp.member_id(who) == "00012345:あいう:１８７:05"
    assert jp.member_id(jp.Insured("12345", "", "１８７")) == "00012345::１８７:"
    who = jp.Insured("12345", "12-34", "5678", "0")
    assert jp.csv_id(who) == '"00012345","１２－３４","５６７８","00"'


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("123", "123"),
        ("１２３", "１２３"),
        ("1２3", "１２３"),
        ("12-3", "１２－３"),
        ("ｱｲ1", "アイ１"),
        ("あ 1", "あ１"),
        ("あ　い", "あい"),
        ("A:1", "Ａ：１"),
        ("", ""),
    ],
)
def test_a_symbol_is_of_one_width(printed: str, written: str) -> None:
    assert jp.of_one_width(printed) == written


@given(INSURERS, PRINTED, PRINTED, BRANCHES)
@example("138057", '"', ",", "1")
@example("138057", "ｶﾞー-１", "㌔½ ª", "")
def test_whatever_its_widths_an_identifier_finds_who_it_was_made_of(
    insurer: str, symbol: str, number: str, branch: str
) -> None:
    who = jp.Insured(insurer, symbol, number, branch)
    for system, value in (
        (systems.MEMBER_ID, jp.member_id(who)),
        (systems.CSV_ID, jp.csv_id(who)),
    ):
        found = jp.read(system, value)
        asked = lookup_key(found.insurer, found.symbol, found.number)
        assert asked == lookup_key(insurer, symbol, number)
        assert bool(found.branch) == bool(branch)
        assert fold(found.branch).lstrip("0") == fold(branch).lstrip("0")


@given(INSURERS, PRINTED, PRINTED, BRANCHES)
def test_a_member_id_keeps_the_guides_rule(
    insurer: str, symbol: str, number: str, branch: str
) -> None:
    value = jp.member_id(jp.Insured(insurer, symbol, number, branch))
    assert R1013.match(value)
    assert value.count(":") == 3


@pytest.mark.parametrize(
    ("system", "value"),
    [
        (systems.MEMBER_ID, "00012345:あ:1"),
        (systems.MEMBER_ID, "12345:あ:1:"),
        (systems.MEMBER_ID, "00012345:あ い:1:"),
        (systems.MEMBER_ID, "00012345:あ:1:1"),
        (systems.MEMBER_ID, "00012345:あ:1:01:"),
        (systems.CSV_ID, '"00012345","1","2"'),
        (systems.CSV_ID, "00012345,1,2,3"),
        ("urn:other", "00012345:あ:1:"),
        ("", "00012345:あ:1:"),
    ],
)
def test_what_is_no_identifier_is_refused(system: str, value: str) -> None:
    with pytest.raises(jp.IdentifierError) as refused:
        jp.read(system, value)
    assert "12345" not in str(refused.value)


# -- the whole resource ------------------------------------------------------------
def shown(**more: Any) -> dict[str, Any]:
    held = insurance(**{"symbol": "記12", "number": "7", **more})
    return coverage(Shown("a", "b", held, Validity.VALID, fictitious=True))


@given(PRINTED, PRINTED.filter(str.strip), BRANCHES)
def test_any_insurance_becomes_a_jp_coverage(
    symbol: str, number: str, branch: str
) -> None:
    made = shown(symbol=symbol, number=number, branch=branch)
    checked(made)
    assert jp.faults(made) == []


def broken(what: str) -> dict[str, Any]:
    made = deepcopy(coverage(Shown("a", "b", HELD, Validity.VALID)))
    member, csv = made["identifier"]
    match what:
        case "one identifier":
            made["identifier"] = [member]
        case "two of a system":
            made["identifier"] = [member, csv, csv]
        case "last colon":
            member["value"] = "99130015:記１２:0034567"
        case "two widths":
            member["value"] = "99130015:記12:0034567:01"
        case "half width in CSV":
            csv["value"] = csv["value"].replace("１２", "12")
        case "another person":
            member["value"] = "99130015:記１２:0034568:01"
        case "extension":
            made["extension"][0]["valueString"] = "別"
        case "no extension":
            made["extension"] = made["extension"][1:]
        case "dependent":
            made["dependent"] = "02"
        case "payor":
            made["payor"] = []
        case "copay":
            made["costToBeneficiary"][0]["type"]["coding"][0]["code"] = "copay"
    return made


@pytest.mark.parametrize(
    "what",
    [
        "one identifier",
        "two of a system",
        "last colon",
        "two widths",
        "half width in CSV",
        "another person",
        "extension",
        "no extension",
        "dependent",
        "payor",
        "copay",
    ],
)
def test_what_breaks_the_profile_is_named_without_a_value(what: str) -> None:
    assert jp.faults(broken("nothing")) == []
    found = jp.faults(broken(what))
    assert found
    assert not any("34567" in one or "記" in one for one in found)
