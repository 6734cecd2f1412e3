"""How to bring a picture onto e-paper: what changed, and whether to flash.

A partial update takes about half a second and leaves a shadow, a fast one wipes most
shadows with a short flash, a full one flashes for seconds and wipes all. So: partial
within a family of screens, fast on a change of family and when the shadows have used
up their budget, full when nobody is there. Somebody who types never waits for a full.

One window a time: every update runs one waveform over the panel, so two small windows
take twice as long as one that holds both.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf

from PIL import Image

from ui_eink.layout import Box
from ui_eink.panels import WAVESHARE_7IN5_V2, Panel, Update
from ui_eink.theme import HEIGHT, WIDTH

STRIDE = WIDTH // 8
FRAME_BYTES = STRIDE * HEIGHT
ALIGN = 8
"""Controllers address columns in bytes of eight pixels."""

GHOSTING_BUDGET = 5.625
"""Five partial updates of the whole screen, as makers advise, or some thirty digits."""
GHOSTING_EACH = 0.125
"""What a window costs besides its share of the screen."""
FULL_APART_S = 180.0
"""Makers advise no more than one full update in so long."""
FULL_AT_LEAST_S = 86_400.0
"""A picture that stands longer burns in: makers advise a full update every day."""
SLEEP_AFTER_S = 30.0
"""At rest. Paper keeps its picture without power, and ages under it."""
SLEEP_IN_VISIT_S = 180.0
"""A patient who thinks is not to wait for the panel to wake."""
FULLS_A_VISIT = 2
"""At most: one for paper of unknown content, or of a panel that has no fast update;
and the one that wipes when the visit is over."""

RESTING = frozenset({"ready", "offline", "out_of_service"})
"""The views of a reader that nobody uses."""
TYPING = frozenset({"enter_pin", "enter_number_b"})
PASSING = frozenset({"more_time"})
"""Over any screen for a while: of the family that it covers."""
FAMILIES = {
    "closed": {"starting_up", "self_test", "updating"},
    "welcome": {*RESTING, "reading_card", "choose_language"},
    "identity": {
        "choose_method",
        "look",
        "face_not_matched",
        "face_supported",
        "enter_pin",
        "enter_number_b",
        "pin_blocked",
        "call_staff",
    },
    "consent": {
        "checking",
        "ask_registration",
        "ask_consent",
        "consent_help",
        "confirm_consent",
    },
    "end": {"renewal_notice", "take_card", "thank_you", "card_left"},
}
"""Screens that look alike and follow each other; any other is a family of its own."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the paper shows now, and what stands behind it."""

    frame: bytes
    view: str = "ready"
    """The view's name for records, as device.ports.Panel gets it."""
    ghosting: float = 0.0
    """Shadows since the last update of the whole screen."""
    clean: bool = True
    """Nothing but a full update since the last full update."""
    full_at: float = -inf
    """Monotonic seconds of the last full update."""
    fulls: int = 0
    """Full updates of this visit."""
    under: str = ""
    """The view that a passing one covers."""

    @property
    def family(self) -> str:
        return family_of(self.under or self.view)


@dataclass(frozen=True, slots=True)
class Plan:
    update: Update
    box: Box
    """What to send; empty for NONE, the whole screen for FAST and FULL."""
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
    rows = list(_different(before, after))
    columns = 0
    for start in rows:
        was = int.from_bytes(before[start : start + STRIDE], "big")
        columns |= was ^ int.from_bytes(after[start : start + STRIDE], "big")
    left = (WIDTH - columns.bit_length()) // ALIGN * ALIGN
    last = WIDTH - (columns & -columns).bit_length() + 1
    right = -(-last // ALIGN) * ALIGN
    top, bottom = rows[0] // STRIDE, rows[-1] // STRIDE + 1
    return Box(left, top, right - left, bottom - top)


def part(frame: bytes, box: Box) -> bytes:
    """The packed bytes of an aligned box."""
    first, count = box.x // 8, box.w // 8
    rows = range(box.y, box.bottom)
    return b"".join(
        frame[y * STRIDE + first : y * STRIDE + first + count] for y in rows
    )


def kind_of(view: str) -> str:
    """ "ask_consent" of "ask_consent-2"."""
    return view.partition("-")[0]


def family_of(view: str) -> str:
    kind = kind_of(view)
    return next((name for name, kinds in FAMILIES.items() if kind in kinds), kind)


def plan(
    shown: Shown | None,
    picture: Image.Image,
    view: str,
    *,
    now: float = 0.0,
    panel: Panel = WAVESHARE_7IN5_V2,
    asleep: bool = False,
) -> Plan:
    """The next update. `shown` is None while the paper's content is unknown.

    `view` is the view's name for records; `now` in monotonic seconds. A panel that
    sleeps forgets the frame that a window would be compared with: it wakes to FAST.
    """
    frame = pack(picture)
    if shown is None:
        resting = kind_of(view) in RESTING
        return _full(Shown(frame, view), now, ends_visit=resting)
    box = changed(shown.frame, frame)
    under = (shown.under or shown.view) if kind_of(view) in PASSING else ""
    after = replace(shown, frame=frame, view=view, under=under)
    if kind_of(view) in RESTING:
        return _at_rest(after, box, now, panel)
    if not box.w:
        return Plan(Update.NONE, box, after)
    if panel.partial_ms is None:
        return _without_windows(shown, after, now)
    shadow = GHOSTING_EACH + box.w * box.h / (WIDTH * HEIGHT)
    spent = shown.ghosting + shadow > GHOSTING_BUDGET
    if asleep or spent or after.family != shown.family:
        wiped = _wiped(after, now, panel)
        if wiped is not None:
            return wiped
    after = replace(after, ghosting=shown.ghosting + shadow, clean=False)
    return Plan(Update.PARTIAL, box, after)


def due(shown: Shown) -> float | None:
    """When resting paper wants `plan` again with the same picture; None: not at all."""
    if kind_of(shown.view) not in RESTING:
        return None
    wait = FULL_AT_LEAST_S if shown.clean else FULL_APART_S
    return shown.full_at + wait


def sleep_after_s(shown: Shown) -> float:
    return SLEEP_AFTER_S if kind_of(shown.view) in RESTING else SLEEP_IN_VISIT_S


def _at_rest(after: Shown, box: Box, now: float, panel: Panel) -> Plan:
    """Nobody is there: wipe everything, but not more often than is good for it."""
    since = now - after.full_at
    if after.clean and not box.w and since < FULL_AT_LEAST_S:
        return Plan(Update.NONE, box, replace(after, fulls=0))
    if since >= FULL_APART_S or (panel.fast_ms is None and box.w):
        return _full(after, now, ends_visit=True)
    if box.w:
        return _fast(replace(after, fulls=0))
    return Plan(Update.NONE, box, replace(after, fulls=0))


def _wiped(after: Shown, now: float, panel: Panel) -> Plan | None:
    """The whole screen, without a full update where somebody types or had one."""
    if panel.fast_ms is not None:
        return _fast(after)
    if kind_of(after.view) in TYPING | PASSING or after.fulls >= FULLS_A_VISIT - 1:
        return None
    return _full(after, now)


def _without_windows(shown: Shown, after: Shown, now: float) -> Plan:
    """Half a minute a picture: not for a digit, which light and tone confirm."""
    typing = kind_of(after.view) in TYPING
    if typing and kind_of(after.view) == kind_of(shown.view):
        return Plan(Update.NONE, Box(0, 0, 0, 0), shown)
    return _full(after, now)


def _full(after: Shown, now: float, *, ends_visit: bool = False) -> Plan:
    fulls = 0 if ends_visit else after.fulls + 1
    shown = replace(after, ghosting=0.0, clean=True, full_at=now, fulls=fulls)
    return Plan(Update.FULL, Box(0, 0, WIDTH, HEIGHT), shown)


def _fast(after: Shown) -> Plan:
    shown = replace(after, ghosting=0.0, clean=False)
    return Plan(Update.FAST, Box(0, 0, WIDTH, HEIGHT), shown)


def _different(before: bytes, after: bytes) -> Iterator[int]:
    for start in range(0, FRAME_BYTES, STRIDE):
        if before[start : start + STRIDE] != after[start : start + STRIDE]:
            yield start
