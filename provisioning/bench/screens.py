"""How long a screen takes to draw: the first time in a process, and again."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import process_time

from provisioning.bench.references import percentile
from provisioning.bench.report import Row
from ui_eink.render import render
from ui_eink.samples import samples
from ui_eink.views import Lang

GOAL_MS = 15.0
"""Issue 7: from a view to its picture, on the machine of the bench."""


def screen_rows(say: Callable[[str], None]) -> list[Row]:
    """First draws are of a fresh process: fonts, lines and signs are not kept yet."""
    say("screens: every sample in every language, drawn twice")
    with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
        first, again = fresh.submit(draws).result()
    return [
        Row(
            "screen drawn first, p50 / the goal",
            percentile(first, 0.5),
            "ms CPU",
            GOAL_MS,
        ),
        Row(
            "screen drawn first, p99 / the goal",
            percentile(first, 0.99),
            "ms CPU",
            GOAL_MS,
        ),
        Row(
            "screen drawn again, p99 / the goal",
            percentile(again, 0.99),
            "ms CPU",
            GOAL_MS,
        ),
    ]


def draws() -> tuple[list[float], list[float]]:
    """Milliseconds of each screen: first draws, second draws."""
    views = [(view, lang) for lang in Lang for view in samples(lang).values()]
    first: list[float] = []
    again: list[float] = []
    for taken in (first, again):
        for view, lang in views:
            began = process_time()
            render(view, lang)
            taken.append((process_time() - began) * 1000)
    return first, again
