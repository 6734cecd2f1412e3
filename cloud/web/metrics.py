"""Counts in the Prometheus text format. Labels are codes: few, and nobody's name."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence


class Tally:
    """What the facilities' interface answered. By the route's pattern, never its path:
    a path holds handles.
    """

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, str, int]] = Counter()
        """By method, pattern and status."""
        self.seconds: defaultdict[tuple[str, str], float] = defaultdict(float)

    def add(self, method: str, pattern: str, status: int, seconds: float) -> None:
        self.answers[method, pattern, status] += 1
        self.seconds[method, pattern] += seconds


def exposition(
    counts: Iterable[tuple[str, str, str, int]],
    refusals: Iterable[tuple[str, int]],
    listening: int,
    tally: Tally | None = None,
) -> str:
    """Format version 0.0.4, ending in a line feed."""
    lines = [
        *_family(
            "shikaku_requests_total",
            "counter",
            "Requests settled, by kind, outcome and catalogue code.",
            [
                (f'{{kind="{kind}",outcome="{outcome}",code="{code}"}}', n)
                for kind, outcome, code, n in counts
            ],
        ),
        *_family(
            "shikaku_refused_envelopes_total",
            "counter",
            "Envelopes refused before or instead of a request, by catalogue code.",
            [(f'{{code="{code}"}}', n) for code, n in refusals],
        ),
        *_family(
            "shikaku_workers_listening",
            "gauge",
            "Workers with an acknowledged subscription.",
            [("", listening)],
        ),
        *(_interface(tally) if tally else ()),
    ]
    return "\n".join(lines) + "\n"


def _interface(tally: Tally) -> list[str]:
    return [
        *_family(
            "shikaku_api_requests_total",
            "counter",
            "Requests of facilities answered, by method, route and status.",
            [
                (f'{{method="{method}",route="{route}",status="{status}"}}', n)
                for (method, route, status), n in sorted(tally.answers.items())
            ],
        ),
        *_family(
            "shikaku_api_request_seconds_total",
            "counter",
            "Seconds spent on requests of facilities, by method and route.",
            [
                (f'{{method="{method}",route="{route}"}}', round(seconds, 6))
                for (method, route), seconds in sorted(tally.seconds.items())
            ],
        ),
    ]


def _family(
    name: str, kind: str, text: str, samples: Sequence[tuple[str, float]]
) -> list[str]:
    return [
        f"# HELP {name} {text}",
        f"# TYPE {name} {kind}",
        *(f"{name}{labels} {n}" for labels, n in samples),
    ]
