"""Where a line of Japanese may end: never inside a number, a dose or a Latin word."""

import re
from collections.abc import Callable, Iterable

_NO_START = "、。，．・）」』】〕％ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ」)"
_NO_END = "（「『【〔("
_PIECES = re.compile(
    rf"[{re.escape(_NO_END)}]*"
    r"(?:[0-9A-Za-zμ]+(?:[.,/・-][0-9A-Za-zμ]+)*%?|.)"
    rf"[{re.escape(_NO_START)}]*",
    re.DOTALL,
)


def wrap(text: str, room: float, measure: Callable[[str], float]) -> list[str]:
    """Lines no wider than `room`, nothing lost; a piece too wide is broken anyway."""
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if line and measure(line + piece) > room:
            lines.append(line)
            line = ""
        line += piece
        while measure(line) > room and len(line) > 1:
            fits = _most(line, room, measure)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line or not lines else lines


def flow(
    parts: Iterable[str], room: float, measure: Callable[[str], float]
) -> list[str]:
    """As many parts on a line as fit, with a wide space between; none is broken up."""
    lines: list[str] = []
    for part in parts:
        joined = f"{lines[-1]}　{part}" if lines else part
        if lines and measure(joined) <= room:
            lines[-1] = joined
        else:
            lines.append(part)
    return lines


def _most(text: str, room: float, measure: Callable[[str], float]) -> int:
    """How many of its characters fit; at least one."""
    fits = 1
    while fits < len(text) and measure(text[: fits + 1]) <= room:
        fits += 1
    return fits
