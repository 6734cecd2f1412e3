"""The simulated parts keep the ports' promises, and remember what may be seen."""

import asyncio
from pathlib import Path

import pytest
from PIL import Image

from device.ports import Key, Keypad, Light, Lights, Panel, Sound, Speaker
from device.simulated.changes import Changes
from device.simulated.front import (
    MOST_KEYS_WAITING,
    KeypadFullError,
    SimulatedKeypad,
    SimulatedLights,
    SimulatedSpeaker,
)
from device.simulated.panel import SimulatedPanel, record_name
from ui_eink.panels import Update
from ui_eink.render import render
from ui_eink.views import EnterPin, Lang, Ready

PARTS: tuple[Panel, Keypad, Lights, Speaker] = (
    SimulatedPanel(),
    SimulatedKeypad(),
    SimulatedLights(),
    SimulatedSpeaker(),
)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_picture_of_another_kind_is_refused(tmp_path: Path) -> None:
    panel = SimulatedPanel(tmp_path)
    with pytest.raises(ValueError, match="800x480"):
        await panel.show(Image.new("RGB", (800, 480)), "ready")
    assert panel.shot is None
    assert files(tmp_path) == []


async def test_every_picture_is_a_numbered_file(tmp_path: Path) -> None:
    panel = SimulatedPanel(tmp_path)
    for digits in range(3):
        await panel.show(render(EnterPin(digits), Lang.JA), "enter_pin")
    names = files(tmp_path)
    assert names == [f"{n:04d}-enter_pin.png" for n in (1, 2, 3)]
    with Image.open(tmp_path / names[2]) as kept:
        assert kept.tobytes() == render(EnterPin(2), Lang.JA).tobytes()


async def test_the_panel_flashes_as_paper_would() -> None:
    panel = SimulatedPanel()
    for view, name in ((Ready(), "ready"), (EnterPin(), "enter_pin")):
        await panel.show(render(view, Lang.JA), name)
    await panel.show(render(Ready(), Lang.JA), "ready")
    updates = [shot.update for shot in panel.shots]
    # A second full update so soon is not good for paper (ui_eink.refresh).
    assert updates == [Update.FULL, Update.FAST, Update.FAST]


async def test_a_picture_changed_afterwards_does_not_change_the_panel() -> None:
    panel, picture = SimulatedPanel(), render(Ready(), Lang.JA)
    await panel.show(picture, "ready")
    before = panel.picture.tobytes()
    picture.paste(0, (0, 0, 800, 480))
    assert panel.picture.tobytes() == before


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("AskConsent", "ask_consent"),
        ("ChooseMethod", "choose_method"),
        ("ask_consent-2", "ask_consent-2"),
        ("../etc", "___etc"),
        ("", "screen"),
    ],
)
def test_a_name_is_safe_in_a_file_name(given: str, kept: str) -> None:
    assert record_name(given) == kept


async def test_keys_come_in_order_and_are_not_remembered() -> None:
    keypad = SimulatedKeypad()
    for key in (Key.K2, Key.K4):
        keypad.press(key)
    assert [await keypad.key(), await keypad.key()] == [Key.K2, Key.K4]
    assert repr(keypad) == "SimulatedKeypad()"


async def test_a_keypad_nobody_reads_fills_up() -> None:
    keypad = SimulatedKeypad()
    for _ in range(MOST_KEYS_WAITING):
        keypad.press(Key.K1)
    with pytest.raises(KeypadFullError):
        keypad.press(Key.K1)


async def test_light_and_sound_are_recorded_in_order() -> None:
    lights, speaker = SimulatedLights(), SimulatedSpeaker()
    for light in (Light.READY, Light.CAMERA):
        await lights.set(light)
    for sound in (Sound.TICK, Sound.ALARM, Sound.STOP):
        await speaker.play(sound)
    assert (lights.light, list(lights.seen)) == (
        Light.CAMERA,
        [Light.READY, Light.CAMERA],
    )
    assert list(speaker.heard) == [Sound.TICK, Sound.ALARM, Sound.STOP]
    assert speaker.sound is Sound.STOP


async def test_a_change_wakes_everybody_who_waits() -> None:
    changes = Changes()
    waiting = [asyncio.create_task(changes.wait()) for _ in range(2)]
    await asyncio.sleep(0)
    await SimulatedLights(changes).set(Light.YES)
    async with asyncio.timeout(1):
        await asyncio.gather(*waiting)
