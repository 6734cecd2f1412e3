"""E-paper in memory: it shows what windows were sent to it, and nothing else.

Satisfies device.ports.Paper, with a recording side for whoever looks.
"""

from collections import deque

from PIL import Image

from ui_eink.panels import WAVESHARE_7IN5_V2, Panel, Update
from ui_eink.refresh import FRAME_BYTES, Plan, part
from ui_eink.theme import HEIGHT, WIDTH

REMEMBERED = 5000


class MemoryPaper:
    def __init__(self, panel: Panel = WAVESHARE_7IN5_V2) -> None:
        self.name = "memory"
        self.panel = panel
        self.awake = False
        self.cost_ms = 0.0
        """What all updates so far would have taken on the real panel."""
        self.updates: deque[Update] = deque(maxlen=REMEMBERED)
        self.picture = Image.frombytes("1", (WIDTH, HEIGHT), b"\xff" * FRAME_BYTES)

    @property
    def wiring(self) -> str:
        return "none"

    def check(self) -> None:
        self.awake = True

    def draw(self, plan: Plan) -> None:
        self.updates.append(plan.update)
        self.cost_ms += self.panel.cost_ms(plan.update, asleep=not self.awake)
        if plan.update is Update.NONE:
            return
        self.awake = True
        box = plan.box
        window = Image.frombytes("1", (box.w, box.h), part(plan.shown.frame, box))
        self.picture.paste(window, (box.x, box.y))

    def sleep(self) -> None:
        self.awake = False

    def close(self) -> None:
        self.sleep()
