"""The front of a real reader: what the configuration names, opened or refused.

Nothing here is simulated, and nothing is left out silently: a section that is missing
is named with the wires of its part.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from device.adapters.camera_files import FilesDriver
from device.adapters.camera_picamera2 import Picamera2Driver
from device.adapters.camera_v4l2 import V4l2Driver
from device.adapters.keypad_gpio import GpioKeypad
from device.adapters.lights_gpio import GpioCameraLight, GpioHeadphones, GpioLights
from device.adapters.number_b_keypad import NumberTyped
from device.adapters.panel_inky import InkyPaper
from device.adapters.panel_waveshare import WavesharePaper
from device.adapters.speaker import AplayPlayer
from device.adapters.wiring import CAMERA, INKY, WAVESHARE
from device.camera_stream import Driver, NoLight, StreamCamera
from device.card.terminal import TerminalAuthenticator
from device.config import Config
from device.config_front import (
    CameraSection,
    KeypadSection,
    LightsSection,
    PanelSection,
    SoundSection,
)
from device.eink_panel import EinkPanel
from device.ports import (
    Camera,
    CameraLight,
    Clock,
    Keypad,
    Lights,
    Panel,
    Paper,
    PartError,
    PrintedNumber,
    Speaker,
)
from device.voice.guide import Voice
from protocol.catalogue import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The parts that a patient sees and touches."""

    printed: PrintedNumber
    camera: Camera
    panel: Panel
    lights: Lights
    speaker: Speaker
    keypad: Keypad
    authenticator: TerminalAuthenticator | None
    voice: Voice | None = None


@asynccontextmanager
async def hardware(config: Config, clock: Clock) -> AsyncIterator[Front]:
    """PartError D702 for missing sections, D704 or F201 for missing parts."""
    panel, keypad, lights, camera = _sections(config)
    async with AsyncExitStack() as stack:
        # The panel first: whoever waits before it learns what else is missing.
        shown = await stack.enter_async_context(panel_of(panel, clock))
        front = await stack.enter_async_context(GpioLights(lights))
        keys = await stack.enter_async_context(GpioKeypad(keypad, clock))
        yield Front(
            printed=NumberTyped(),
            camera=camera_of(camera, stack),
            panel=shown,
            lights=front,
            speaker=front,
            keypad=keys,
            authenticator=None,
            voice=None if config.sound is None else voice_of(config.sound, stack),
        )


def panel_of(section: PanelSection, clock: Clock) -> EinkPanel:
    papers: dict[str, type[WavesharePaper | InkyPaper]] = {
        "waveshare": WavesharePaper,
        "inky": InkyPaper,
    }
    made = papers[section.driver]

    def opened() -> Paper:
        return made()

    return EinkPanel(opened, clock)


def camera_of(section: CameraSection, stack: AsyncExitStack | None = None) -> Camera:
    """The light's pin is given back when `stack` ends."""
    size = (section.width, section.height)

    def driver() -> Driver:
        match section.source:
            case "picamera2":
                return Picamera2Driver(int(section.device), size)
            case "v4l2":
                return V4l2Driver(section.device, size)
            case "files":
                return FilesDriver(Path(section.device))

    light: CameraLight = NoLight()
    if section.light is not None:
        lamp = GpioCameraLight(section.light)
        if stack is not None:
            stack.callback(lamp.close)
        light = lamp
    return StreamCamera(driver, light)


def voice_of(section: SoundSection, stack: AsyncExitStack) -> Voice:
    headphones = None
    if section.switch is not None:
        headphones = GpioHeadphones(section.switch)
        stack.callback(headphones.close)
    return Voice(
        player=AplayPlayer(section.speaker, section.headphones),
        folder=section.voice,
        headphones=headphones,
        aloud=bool(section.speaker),
        usual=section.volume,
    )


def _sections(
    config: Config,
) -> tuple[PanelSection, KeypadSection, LightsSection, CameraSection]:
    panel, keypad, lights, camera = (
        config.panel,
        config.keypad,
        config.lights,
        config.camera,
    )
    missing = []
    if panel is None:
        missing.append(f"panel (e-paper; waveshare {WAVESHARE}; inky {INKY})")
    if keypad is None:
        missing.append(f"keypad (gpiozero; {GpioKeypad.wired(KeypadSection())})")
    if lights is None:
        missing.append(
            f"lights and buzzer (gpiozero; {GpioLights.wired(LightsSection())})"
        )
    if camera is None:
        missing.append(f"camera (picamera2; {CAMERA})")
    if config.card.number_b == "camera":
        missing.append("card.number_b: no adapter in this release for a tray camera")
    if missing or not (panel and keypad and lights and camera):
        detail = "; ".join(missing)
        raise PartError(Code.CONFIG_WRONG, f"a real reader needs: {detail}")
    return panel, keypad, lights, camera
