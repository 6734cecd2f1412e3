"""Figures and report of an outcome made by hand."""

import json
import re
from html.parser import HTMLParser

import pytest

from device.evaluation.pairs import Pair
from device.evaluation.portrait import Card
from device.evaluation.report import page
from device.evaluation.results import Results, choose
from device.evaluation.run import Comparison, Experiment, Outcome
from tests.support.scripted_faces import ScriptedModels

PACK = ScriptedModels.pack


def outcome(
    rows: list[tuple[str, str, bool, float, str]], experiment: Experiment | None = None
) -> Outcome:
    """(person a, person b, same, distance, group)."""
    compared = tuple(
        Comparison(Pair(f"{a}/{n}", f"{b}/{n}", same, group), distance)
        for n, (a, b, same, distance, group) in enumerate(rows)
    )
    people = {n: n[0] for each in compared for n in (each.pair.a, each.pair.b)}
    return Outcome(
        experiment or Experiment(5, Card("jp2", 5000)),
        compared,
        (),
        people,
        len(people),
        (),
        {"detect": 1.0, "align": 1.0, "embed": 1.0},
    )


def results(found: Outcome) -> Results:
    return Results("scripted", PACK, found, choose(PACK, found))


ROWS = [
    ("a", "a", True, 0.20, "north"),
    ("b", "b", True, 0.50, "south"),
    ("b", "b", True, 0.30, "south"),
    ("a", "c", False, 0.70, "north"),
    ("c", "a", False, 0.80, "north"),
    ("b", "d", False, 0.40, "south"),
]


def test_a_threshold_of_another_rule_is_said_to_be_one() -> None:
    odd = results(outcome(ROWS, Experiment(7, Card("jp2", 5000))))
    assert not odd.choice.matches
    assert "no record for mean of 7" in odd.warnings[0]
    assert results(outcome(ROWS)).choice.matches
    assert results(outcome(ROWS)).choice.record.name == "dlib-mean5-0.434"


def test_an_unknown_record_is_not_replaced() -> None:
    with pytest.raises(KeyError):
        choose(PACK, outcome(ROWS), "no-such-record")


def test_the_figures_are_those_of_the_rows() -> None:
    found = results(outcome(ROWS)).as_json()
    assert (found["pairs"], found["genuine"], found["impostor"]) == (6, 3, 3)
    at = found["at_threshold"]
    assert (at["threshold"], at["fmr"], at["fnmr"]) == (0.434, 1 / 3, 1 / 3)
    assert at["fmr_ci95"] == pytest.approx([0.0084, 0.9057], abs=1e-4)
    assert found["fnmr_at_fmr"] == {"0.01": None, "0.001": None}
    assert found["pairs_of_people"]["compared"] == 2
    assert found["pairs_of_people"]["with_a_false_match"] == 1
    assert json.loads(json.dumps(found)) == found


def test_a_group_served_worse_is_a_warning() -> None:
    found = results(outcome(ROWS)).as_json()
    assert found["groups"]["north"]["fmr"] == 0
    assert found["groups"]["south"]["fmr"] == 1
    assert any("group south (1 of 1)" in said for said in found["warnings"])


def test_without_groups_nothing_is_said_of_groups() -> None:
    plain = results(outcome([(*row[:4], "") for row in ROWS]))
    assert "groups" not in plain.as_json()
    assert plain.warnings == []
    assert "<h2>Groups</h2>" not in page(plain)


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.drawings = self.described = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "img"):
            self.open.append(tag)
        self.links += [v or "" for k, v in attrs if k in ("src", "href", "action")]
        self.drawings += tag == "svg" and ("role", "img") in attrs
        self.described += tag == "desc"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_report_is_one_file_that_asks_for_nothing() -> None:
    html = page(results(outcome(ROWS)))
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    assert reader.links == []
    assert (reader.drawings, reader.described) == (2, 2)
    assert not re.search(r"https?:|url\(|@import|<script", html)
    assert "group south (1 of 1)" in html


def test_names_of_files_are_text_in_the_report() -> None:
    html = page(results(outcome([("<b>", "<b>", True, 0.2, "<i>&")])))
    assert "<b>" not in html
    assert "&lt;b&gt;/0" in html
    assert "&lt;i&gt;&amp;" in html


def test_an_experiment_without_strangers_still_has_a_report() -> None:
    assert "Nothing was compared." in page(
        results(outcome([("a", "a", True, 0.2, "")]))
    )
