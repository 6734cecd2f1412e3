"""Counts in the Prometheus text format. Labels are codes: few, and nobody's name."""

from collections.abc import Iterable, Sequence


def exposition(
    counts: Iterable[tuple[str, str, str, int]],
    refusals: Iterable[tuple[str, int]],
    listening: int,
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
    ]
    return "\n".join(lines) + "\n"


def _family(
    name: str, kind: str, text: str, samples: Sequence[tuple[str, int]]
) -> list[str]:
    return [
        f"# HELP {name} {text}",
        f"# TYPE {name} {kind}",
        *(f"{name}{labels} {n}" for labels, n in samples),
    ]
