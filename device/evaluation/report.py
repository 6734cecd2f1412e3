"""The report of an evaluation: one HTML file that asks for nothing from outside."""

from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources
from string import Template

from device.evaluation.charts import Mark, histogram, roc
from device.evaluation.results import FMRS, Results
from device.evaluation.run import Comparison
from device.face.rates import Count

WORST = 10
NOT_KNOWN = "not known"


def page(results: Results) -> str:
    """Everything of `results`, for people; file names are shown, no picture is."""
    shell = resources.files("device.evaluation").joinpath("report.html")
    return Template(shell.read_text("utf-8")).substitute(
        title=escape(f"Face evaluation: {results.pack.id}"),
        subtitle=escape(results.outcome.experiment.words),
        models=escape(results.models),
        warnings=_warnings(results.warnings),
        tiles=_tiles(results),
        roc=roc(results.scores, _marks(results)) or _nothing(),
        histogram=histogram(results.scores, results.threshold) or _nothing(),
        rates=_rates(results),
        groups=_groups(results),
        worst=_worst(results),
        counts=_counts(results),
        statement=escape(results.choice.record.statement),
        record=escape(results.choice.record.name),
    )


def _marks(results: Results) -> list[Mark]:
    found = [
        Mark(fmr, fnmr, f"FMR {_short(fmr)}")
        for fmr in FMRS
        if (fnmr := results.scores.fnmr_at_fmr(fmr)) is not None
    ]
    fmr, fnmr = results.false_match.rate, results.false_non_match.rate
    if fmr and fnmr is not None:
        found.append(Mark(fmr, fnmr, f"threshold {results.threshold:g}"))
    return found


def _tiles(results: Results) -> str:
    scores = results.scores
    tiles = [
        ("Equal error rate", _percent(scores.eer), "FMR and FNMR are equal"),
        *(
            (
                f"FNMR at FMR {_short(fmr)}",
                _percent(scores.fnmr_at_fmr(fmr)),
                _at(scores.threshold_for(fmr)),
            )
            for fmr in FMRS
        ),
        (
            "Without a face",
            str(len(results.outcome.without_face)),
            f"of {results.outcome.tried} pictures",
        ),
    ]
    return "\n".join(
        f'<div class="tile"><dt>{escape(name)}</dt><dd>{escape(value)}</dd>'
        f"<p>{escape(note)}</p></div>"
        for name, value, note in tiles
    )


def _rates(results: Results) -> str:
    people = results.people_pairs
    rows = [
        ("False match rate (FMR)", *_counted(results.false_match)),
        ("False non-match rate (FNMR)", *_counted(results.false_non_match)),
        ("Pairs of people with a false match", *_counted(people)),
    ]
    return _table(("", "errors", "rate", "95% interval"), rows, numbers=3)


def _groups(results: Results) -> str:
    if not results.groups:
        return ""
    rows = [
        (
            each.name or "(none)",
            *_counted(each.false_match),
            *_counted(each.false_non_match),
            str(each.left_out),
        )
        for each in results.groups
    ]
    head = (
        "group",
        "false matches",
        "FMR",
        "95%",
        "false non-matches",
        "FNMR",
        "95%",
        "left out",
    )
    note = (
        "<p>At the same threshold for everyone. A group is compared within itself; a "
        "few errors more or less can be chance, so read the intervals.</p>"
    )
    table = _table(head, rows, numbers=7)
    return f'<section><h2>Groups</h2><div class="wide">{table}</div>{note}</section>'


def _worst(results: Results) -> str:
    compared = sorted(results.outcome.compared, key=lambda each: each.distance)
    alike = [each for each in compared if not each.pair.same][:WORST]
    apart = [each for each in reversed(compared) if each.pair.same][:WORST]
    return (
        '<div class="columns">'
        + _pairs("Different people, most alike", alike)
        + _pairs("Same person, least alike", apart)
        + "</div>"
    )


def _pairs(title: str, rows: Sequence[Comparison]) -> str:
    table = _table(
        ("a", "b", "distance"),
        [(each.pair.a, each.pair.b, f"{each.distance:.3f}") for each in rows],
        numbers=1,
    )
    return f"<div><h3>{escape(title)}</h3>{table if rows else _nothing()}</div>"


def _counts(results: Results) -> str:
    outcome = results.outcome
    ms = ", ".join(
        f"{stage} {value:.1f}" for stage, value in outcome.ms.items() if value
    )
    rows = [
        ("People", str(len(set(outcome.people.values())))),
        ("Pictures embedded (as a card: once more)", str(outcome.tried)),
        ("Pictures without a face", str(len(outcome.without_face))),
        ("Genuine comparisons", str(results.scores.genuine.size)),
        ("Impostor comparisons", str(results.scores.impostor.size)),
        ("Pairs of people compared", str(results.people_pairs.trials)),
        ("Pairs left out (failure to acquire)", str(len(outcome.left_out))),
        ("Area under the curve (AUC)", _area(results.scores.auc)),
        ("Median milliseconds per picture", ms or NOT_KNOWN),
    ]
    return _table(("", "count"), rows, numbers=1)


def _counted(count: Count) -> tuple[str, str, str]:
    low, high = count.ci95
    return (
        f"{count.errors} of {count.trials}",
        _percent(count.rate),
        f"{low:.2%} to {high:.2%}" if count.trials else NOT_KNOWN,
    )


def _warnings(said: Iterable[str]) -> str:
    lines = "".join(f"<li>{escape(each)}</li>" for each in said)
    if not lines:
        return ""
    return f'<aside role="note"><strong>Note</strong><ul>{lines}</ul></aside>'


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int) -> str:
    """The last `numbers` columns are right-aligned; the first cell names its row."""
    texts = len(head) - numbers

    def kind(column: int) -> str:
        return "" if column < texts else ' class="number"'

    top = "".join(
        f'<th scope="col"{kind(column)}>{escape(cell)}</th>'
        for column, cell in enumerate(head)
    )
    body = "".join(
        "<tr>"
        + f'<th scope="row">{escape(row[0])}</th>'
        + "".join(
            f"<td{kind(column)}>{escape(cell)}</td>"
            for column, cell in enumerate(row[1:], start=1)
        )
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _nothing() -> str:
    return "<p>Nothing was compared.</p>"


def _percent(value: float | None) -> str:
    return NOT_KNOWN if value is None else f"{value:.2%}"


def _short(rate: float) -> str:
    return f"{rate * 100:g}%"


def _at(threshold: float | None) -> str:
    return "too few comparisons" if threshold is None else f"distance {threshold:.3f}"


def _area(value: float | None) -> str:
    return NOT_KNOWN if value is None else f"{value:.5f}"
