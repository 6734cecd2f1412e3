"""How to bring a picture onto e-paper: what changed, and whether to flash.

A partial update takes about half a second and leaves a shadow; a full one takes
some seconds, flashes, and wipes the shadows away. So: partial while somebody stands
there, full after several partial ones and when the reader is at rest again.
"""

from dataclasses import dataclass
from enum import Enum

from PIL import Image, ImageChops

from ui_eink.layout import Box
from ui_eink.theme import HEIGHT, WIDTH

FRAME_BYTES = WIDTH * HEIGHT // 8
PARTIALS_BEFORE_FULL = 12
ALIGN = 8
"""Controllers address columns in bytes of eight pixels."""


class Update(Enum):
    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the paper shows now."""

    frame: bytes
    partials: int = 0
    """Partial updates since the last full one."""


@dataclass(frozen=True, slots=True)
class Plan:
    update: Update
    box: Box
    """What to send; empty for NONE, the whole screen for FULL."""
    shown: Shown
    """What the paper will show when that is done."""


def pack(picture: Image.Image) -> bytes:
    """48,000 bytes, row by row, first pixel in the highest bit, 1 is white.

    Raises ValueError for a picture that is not 800x480 in black and white.
    """
    if picture.mode != "1" or picture.size != (WIDTH, HEIGHT):
        raise ValueError(f"a screen is 800x480, mode 1, not {picture.size}")
    return picture.tobytes()


def changed(before: bytes, after: bytes) -> Box:
    """The smallest box, columns aligned to 8 px, that holds every changed pixel."""
    if before == after:
        return Box(0, 0, 0, 0)
    difference = ImageChops.logical_xor(_image(before), _image(after))
    bounds = difference.getbbox() or (0, 0, 0, 0)
    left = bounds[0] // ALIGN * ALIGN
    right = -(-bounds[2] // ALIGN) * ALIGN
    return Box(left, bounds[1], right - left, bounds[3] - bounds[1])


def part(frame: bytes, box: Box) -> bytes:
    """The packed bytes of an aligned box."""
    stride, first, count = WIDTH // 8, box.x // 8, box.w // 8
    rows = range(box.y, box.bottom)
    return b"".join(
        frame[y * stride + first : y * stride + first + count] for y in rows
    )


def plan(
    shown: Shown | None,
    picture: Image.Image,
    *,
    at_rest: bool,
    limit: int = PARTIALS_BEFORE_FULL,
) -> Plan:
    """The next update. `shown` is None while the paper's content is unknown.

    `at_rest` says that nobody waits (the Ready screen): time to wipe shadows.
    """
    frame = pack(picture)
    whole = Box(0, 0, WIDTH, HEIGHT)
    if shown is None:
        return Plan(Update.FULL, whole, Shown(frame))
    box = changed(shown.frame, frame)
    if at_rest and shown.partials:
        return Plan(Update.FULL, whole, Shown(frame))
    if not box.w:
        return Plan(Update.NONE, box, shown)
    if at_rest or shown.partials >= limit:
        return Plan(Update.FULL, whole, Shown(frame))
    return Plan(Update.PARTIAL, box, Shown(frame, shown.partials + 1))


def _image(frame: bytes) -> Image.Image:
    return Image.frombytes("1", (WIDTH, HEIGHT), frame)
