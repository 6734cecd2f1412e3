"""A training that begins with the case a test is about."""

import json
from collections.abc import Iterable
from itertools import count
from typing import Any

from device.simulated.training.cases import BY_ID, CASES
from device.simulated.training.course import begin


def seed_for(case: str, ids: Iterable[str] = BY_ID) -> int:
    """`ids`: the cases that can be played there."""
    listed = set(ids)
    here = tuple(one for one in CASES if one.id in listed)
    return next(one for one in count() if begin(one, 0.0, here).order[0] == case)


def beginning_with(page: Any, case: str) -> None:
    """Whoever presses "begin" on this page of playwright's meets that case first."""
    told = page.evaluate("fetch('/training').then(answer => answer.json())")
    seed = seed_for(case, [one["id"] for one in told["cases"]])
    body = json.dumps({"seed": seed})
    page.route(
        "**/training/begin", lambda route, _sent: route.continue_(post_data=body)
    )
