"""The front: a press to light and tone, and the window of a changed picture.

The keypad, lamps and piezo are the real adapters on gpiozero's mock pins, with the real
thread that scans; what the pins of a board cost is not in it.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from statistics import median
from typing import Any

from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin
from PIL import Image, ImageChops

from device.adapters.clock import SystemClock
from device.adapters.keypad_gpio import SCAN_S, GpioKeypad
from device.adapters.lights_gpio import GpioLights
from device.config_front import KeypadSection, LightsSection
from device.health import Health
from device.key_press import SETTLE_S
from device.ports import Key, VoiceKey
from device.session.effects import Play
from device.session.events import KeyPressed
from device.session.machine import handle, start
from device.session.policy import Policy
from device.showing import Showing
from device.simulated.panel import SimulatedPanel
from provisioning.bench.report import Row
from ui_eink.refresh import changed, pack
from ui_eink.render import render
from ui_eink.views import AskConsent, EnterPin, Lang, View

AREA_GOAL_MS = 2.0
FEEDBACK_GOAL_MS = 100.0
PAUSE_S = 0.06
Say = Callable[[str], None]


def front_rows(presses: int, rounds: int, say: Say) -> list[Row]:
    """Medians; the reference of a press is what the contacts' settling costs alone."""
    say(f"front: {presses} presses")
    light, tone = asyncio.run(_pressed(presses))
    settled = (SETTLE_S + SCAN_S) * 1000
    rows = [
        Row("key press to light / settling and a scan", light, "ms", settled),
        Row("key press to tone / settling and a scan", tone, "ms", settled),
        Row("key press to tone / the goal", tone, "ms", FEEDBACK_GOAL_MS),
    ]
    say(f"front: {rounds} changed pictures of each kind")
    pairs: dict[str, tuple[View, View]] = {
        "a PIN digit": (EnterPin(1), EnterPin(2)),
        "a whole screen": (EnterPin(), AskConsent("operation", 1, 3)),
    }
    for name, (before, after) in pairs.items():
        ours, pillow = _areas(before, after, rounds)
        rows.append(Row(f"changed window, {name} / Pillow's", ours, "ms", pillow))
        rows.append(Row(f"changed window, {name} / the goal", ours, "ms", AREA_GOAL_MS))
    return rows


def _areas(before: View, after: View, rounds: int) -> tuple[float, float]:
    """Milliseconds of CPU: ours, and Pillow's difference of two unpacked pictures."""
    one, two = (pack(render(view, Lang.JA)) for view in (before, after))

    def pillow() -> object:
        pictures = [Image.frombytes("1", (800, 480), frame) for frame in (one, two)]
        return ImageChops.logical_xor(*pictures).getbbox()

    return _cost_ms(lambda: changed(one, two), rounds), _cost_ms(pillow, rounds)


def _cost_ms(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        times.append((time.process_time() - began) * 1000)
    return median(times)


async def _pressed(presses: int) -> tuple[float, float]:
    """Milliseconds from the contact to the press light and to the piezo."""
    before, Device.pin_factory = Device.pin_factory, MockFactory(pin_class=MockPWMPin)
    # One contact, which no layout check would take for a keypad.
    section = KeypadSection.model_construct(
        rows=(5,), columns=(12,), layout=(("language",),), press_light=15, staff=None
    )
    lights = LightsSection()
    contact, lamp, piezo = (
        Device.pin_factory.pin(pin) for pin in (12, 15, lights.buzzer)
    )
    try:
        async with AsyncExitStack() as stack:
            front = await stack.enter_async_context(GpioLights(lights))
            keypad = GpioKeypad(section, SystemClock())
            await stack.enter_async_context(keypad)
            health = Health(SystemClock())
            showing = Showing(SimulatedPanel(), front, front, health)
            running = asyncio.create_task(_serve(showing, keypad))
            times = [await _press(contact, lamp, piezo) for _ in range(max(1, presses))]
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    finally:
        Device.pin_factory.close()
        Device.pin_factory = before
    return median(t for t, _ in times), median(t for _, t in times)


async def _serve(showing: Showing, keypad: GpioKeypad) -> None:
    """The reader between key and tone: the machine decides that a key sounds."""
    session, _ = start(Policy())
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(showing.run())
        while True:
            key: Key | VoiceKey = await keypad.key()
            if isinstance(key, Key):
                _, effects = handle(session, KeyPressed(key), 0.0)
                for effect in effects:
                    if isinstance(effect, Play):
                        showing.play(effect.sound)


async def _press(contact: Any, lamp: Any, piezo: Any) -> tuple[float, float]:
    await asyncio.sleep(PAUSE_S)
    began = time.perf_counter()
    contact.drive_low()
    lit = sounded = 0.0
    while not (lit and sounded):
        await asyncio.sleep(0.0005)
        now = (time.perf_counter() - began) * 1000
        lit = lit or (now if lamp.state else 0.0)
        sounded = sounded or (now if piezo.state else 0.0)
        if now > FEEDBACK_GOAL_MS * 10:
            raise RuntimeError("no answer to a press")
    contact.drive_high()
    return lit, sounded
