"""Two drawings as SVG text: the trade of the errors, and where the distances lie."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from device.face.rates import Point, Scores

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 28, 52
BINS = 60
LABEL_LEAST_PX = 10
AXIS_NAME_PX = 190
"""What the vertical axis' name takes of the line that the threshold is written on."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point that the text speaks of."""

    fmr: float
    fnmr: float
    label: str


@dataclass(frozen=True, slots=True)
class Axes:
    """Values to pixels."""

    x0: float
    x1: float
    y0: float
    y1: float

    def x(self, value: float) -> float:
        share = (value - self.x0) / (self.x1 - self.x0)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        share = (value - self.y0) / (self.y1 - self.y0)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def roc(scores: Scores, marks: Sequence[Mark]) -> str:
    """True match rate over the false match rate, on a logarithmic axis.

    From the least rate that the comparisons could show, one false match. Empty where
    one side was not compared.
    """
    points = [each for each in scores.roc() if each.fmr > 0]
    if not points:
        return ""
    lowest = floor(log10(1 / scores.impostor.size))
    bottom = _bottom(min(1 - each.fnmr for each in points))
    axes = Axes(lowest, 0, bottom, 1)
    parts = [
        *_log_grid(axes),
        *_share_grid(axes),
        f'<polyline class="curve" points="{_curve(points, axes)}"/>',
        *(_mark(mark, axes) for mark in marks if mark.fmr > 0),
        _axis_names("false match rate (logarithmic)", "true match rate, 1 - FNMR"),
    ]
    said = "; ".join(
        f"{mark.label}: true match rate {1 - mark.fnmr:.2%} at false match rate "
        f"{mark.fmr:.3%}"
        for mark in marks
    )
    return _svg("roc", "ROC curve", f"{said}.", parts)


def histogram(scores: Scores, threshold: float) -> str:
    """Shares of genuine and of impostor distances; each side adds up to one."""
    both = np.concatenate([scores.genuine, scores.impostor])
    if not both.size:
        return ""
    low, high = min(0.0, float(both.min())), max(float(both.max()), threshold) * 1.02
    edges = np.linspace(low, high, BINS + 1)
    genuine, impostor = _shares(scores.genuine, edges), _shares(scores.impostor, edges)
    top = max(float(genuine.max()), float(impostor.max())) * 1.15
    axes = Axes(low, high, 0, top)
    parts = [
        *_distance_grid(axes),
        _area(impostor, edges, axes, "impostor"),
        _area(genuine, edges, axes, "genuine"),
        _peak_label(genuine, edges, axes, ("same person", "end", "genuine")),
        _peak_label(impostor, edges, axes, ("different people", "start", "impostor")),
        _threshold(threshold, axes),
        _axis_names("distance (smaller is more alike)", "share of comparisons"),
    ]
    said = (
        f"{_middle(scores.genuine, 'Same person')} "
        f"{_middle(scores.impostor, 'Different people')} Threshold {threshold:g}."
    )
    return _svg("histogram", "Distances", said, parts)


def _svg(name: str, title: str, description: str, parts: Iterable[str]) -> str:
    body = "\n".join(parts)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="{name}-title {name}-text">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n'
        f'<desc id="{name}-text">{escape(description)}</desc>\n{body}\n</svg>'
    )


def _middle(values: NDArray[np.float64], who: str) -> str:
    if not values.size:
        return f"{who}: none compared."
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return f"{who}: median {middle:.3f}, nine in ten from {low:.3f} to {high:.3f}."


def _bottom(lowest: float) -> float:
    """A round share below the curve, so that what differs is seen."""
    for step in (0.95, 0.9, 0.8, 0.6, 0.4, 0.2):
        if lowest >= step:
            return step
    return 0.0


def _curve(points: Sequence[Point], axes: Axes) -> str:
    """Pixels that differ from the one before; 20,000 steps need not be written."""
    found: list[str] = []
    for each in points:
        x, y = axes.x(log10(each.fmr)), axes.y(1 - each.fnmr)
        text = f"{x:.1f},{y:.1f}"
        if not found or found[-1] != text:
            found.append(text)
    return " ".join(found)


def _log_grid(axes: Axes) -> Iterable[str]:
    for power in range(ceil(axes.x0), 1):
        x = axes.x(power)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" {_full_height()}/>'
        text = f"{10.0**power:.{max(0, -power - 2)}%}"
        yield _text(x, HEIGHT - BOTTOM + 18, text, "middle")


def _share_grid(axes: Axes) -> Iterable[str]:
    for value in np.linspace(axes.y0, axes.y1, 6):
        y = axes.y(float(value))
        yield f'<line class="grid" y1="{y:.1f}" y2="{y:.1f}" {_full_width()}/>'
        yield _text(LEFT - 8, y + 4, f"{value:.0%}", "end")


def _distance_grid(axes: Axes) -> Iterable[str]:
    step = 0.1 if axes.x1 - axes.x0 <= 1.0 else 0.2
    for number in range(ceil(axes.x0 / step), int(axes.x1 / step) + 1):
        x = axes.x(number * step)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" {_full_height()}/>'
        yield _text(x, HEIGHT - BOTTOM + 18, f"{number * step:.1f}", "middle")
    y = axes.y(0)
    yield f'<line class="axis" y1="{y:.1f}" y2="{y:.1f}" {_full_width()}/>'


def _shares(
    values: NDArray[np.float64], edges: NDArray[np.float64]
) -> NDArray[np.float64]:
    counts = np.histogram(values, edges)[0]
    return np.asarray(counts / max(1, values.size), dtype=np.float64)


def _area(
    shares: NDArray[np.float64], edges: NDArray[np.float64], axes: Axes, kind: str
) -> str:
    steps = [f"{axes.x(float(edges[0])):.1f},{axes.y(0):.1f}"]
    for share, left, right in zip(shares, edges[:-1], edges[1:], strict=True):
        y = axes.y(float(share))
        steps.append(f"{axes.x(float(left)):.1f},{y:.1f}")
        steps.append(f"{axes.x(float(right)):.1f},{y:.1f}")
    steps.append(f"{axes.x(float(edges[-1])):.1f},{axes.y(0):.1f}")
    return f'<polygon class="{kind}" points="{" ".join(steps)}"/>'


def _peak_label(
    shares: NDArray[np.float64],
    edges: NDArray[np.float64],
    axes: Axes,
    words: tuple[str, str, str],
) -> str:
    """Beside the peak, on the side away from the threshold."""
    if not shares.any():
        return ""
    text, anchor, kind = words
    at = int(shares.argmax())
    x = axes.x(float(edges[at] + edges[at + 1]) / 2)
    y = axes.y(float(shares[at])) - LABEL_LEAST_PX
    return _text(x, y, text, anchor, f"label {kind}-text")


def _threshold(threshold: float, axes: Axes) -> str:
    x = axes.x(threshold)
    at = max(x, LEFT + AXIS_NAME_PX)
    label = _text(at, TOP - 8, f"threshold {threshold:g}", "middle", "label")
    return f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" {_full_height()}/>{label}'


def _mark(mark: Mark, axes: Axes) -> str:
    x, y = axes.x(log10(mark.fmr)), axes.y(1 - mark.fnmr)
    text = f"{mark.label}: {1 - mark.fnmr:.1%}"
    aside, anchor = (9, "start") if x < 0.75 * WIDTH else (0, "end")
    label = _text(x + aside, y + 20, text, anchor, "label")
    return f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5"/>{label}'


def _axis_names(across: str, up: str) -> str:
    middle = (LEFT + WIDTH - RIGHT) / 2
    return _text(middle, HEIGHT - 10, across, "middle", "name") + _text(
        LEFT, 16, up, "start", "name"
    )


def _text(x: float, y: float, text: str, anchor: str, kind: str = "tick") -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


def _full_height() -> str:
    return f'y1="{TOP}" y2="{HEIGHT - BOTTOM}"'


def _full_width() -> str:
    return f'x1="{LEFT}" x2="{WIDTH - RIGHT}"'
