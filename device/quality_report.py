"""How often each fault of a frame is named: `shikaku-reader face quality-report`.

Rendered heads that nobody tuned on, each with every fault once, and four times with
none. It says what the guidance does on our renderer, not on patients.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from device.adapters.face_tflite import FaceModels
from device.face.model import Hint
from device.face.quality import Limits, hint
from device.simulated.heads import Head
from device.simulated.heads.crowd import somebody
from device.simulated.heads.faults import UNTOUCHED, shown

NAMES = {
    UNTOUCHED: None,
    "too far": Hint.CLOSER,
    "too near": Hint.FARTHER,
    "aside": Hint.CENTRE,
    "dark": Hint.DARK,
    "glare": Hint.BRIGHT,
    "turned": Hint.FRONT,
    "profile": Hint.FRONT,
    "looking down or up": Hint.FRONT,
    "blurred": Hint.STILL,
    "mask": Hint.MASK,
    "sunglasses": Hint.SUNGLASSES,
    "hand on mouth": Hint.HAND,
    "hand on eye": Hint.HAND,
    "cap": Hint.CAP,
    "nobody": Hint.NO_FACE,
    "second person": Hint.ONE_PERSON,
}
"""What the screen should say; None: nothing."""


@dataclass(slots=True)
class Row:
    fault: str
    shown: int = 0
    named: int = 0
    said: dict[str, int] = field(default_factory=dict)
    """What was said instead."""


def measured(
    heads: int, seed: int, models: FaceModels, say: Callable[[str], None]
) -> dict[str, Row]:
    """Heads number `seed` and following; a row for each fault."""
    rows = {fault: Row(fault) for fault in NAMES}
    for number in range(seed, seed + heads):
        for one in shown(Head(somebody(number)), number):
            found = hint(models.faces(one.frame), Image.fromarray(one.frame), Limits())
            row = rows[one.fault]
            row.shown += 1
            row.named += found is NAMES[one.fault]
            if found is not NAMES[one.fault]:
                word = "nothing" if found is None else found.value
                row.said[word] = row.said.get(word, 0) + 1
        say(f"head {number - seed + 1} of {heads}")
    return rows


def printed(rows: dict[str, Row], seed: int, *, as_json: bool) -> str:
    if as_json:
        plain = [
            {name: getattr(row, name) for name in Row.__slots__}
            for row in rows.values()
        ]
        return json.dumps({"seed": seed, "rows": plain}, indent=2)
    lines = [f"{'shown':20}{'times':>7}{'right':>7}{'%':>7}  said instead"]
    for row in rows.values():
        instead = ", ".join(f"{word} {count}" for word, count in row.said.items())
        share = 100 * row.named / max(row.shown, 1)
        lines.append(f"{row.fault:20}{row.shown:7}{row.named:7}{share:7.1f}  {instead}")
    lines.append("\nRendered heads: this measures code and limits, not patients.")
    return "\n".join(lines)
