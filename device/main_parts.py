"""The reader's front: simulated where the configuration says so, else hardware.

A mode never falls back: a part that is not there is an error that names it.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from device.adapters.face_tflite import FaceModels
from device.adapters.keystore_file import secret
from device.adapters.number_b_keypad import NumberTyped
from device.adapters.number_b_ocr import NumberByCamera
from device.card.printed_layout import SPECIMEN
from device.card.terminal import TerminalAuthenticator
from device.config import Config, FrontSection
from device.front_parts import Front, camera_of, hardware
from device.ports import Camera, Clock, PartError, PrintedNumber
from device.simulated.camera import SimulatedCamera
from device.simulated.card.terminal import FictitiousTerminal
from device.simulated.card_face.faces import CardFaces
from device.simulated.card_face.tray_camera import TrayCamera
from device.simulated.changes import Changes
from device.simulated.front import SimulatedKeypad, SimulatedLights, SimulatedSpeaker
from device.simulated.guest.desk import GuestDesk
from device.simulated.line.switch import SocketLine
from device.simulated.panel import SimulatedPanel
from device.simulated.persona import everybody
from device.simulated.printed import PrintedOnPersonaCard
from device.simulated.tray import SocketTray
from device.simulated.web import serving
from device.simulated.world import World
from device.timeline import Timeline
from device.visit_log import VisitLog
from protocol.catalogue import Code
from protocol.oqs.values import JST


@asynccontextmanager
async def front(
    config: Config, clock: Clock, visits: VisitLog, timeline: Timeline | None = None
) -> AsyncIterator[Front]:
    """Open while the reader runs. PartError D702 or D704 for what is not there."""
    if config.front is None or not config.reader.simulated:
        async with hardware(config, clock) as real:
            yield real
    else:
        async with _simulated(config, config.front, clock, visits, timeline) as parts:
            yield parts


@asynccontextmanager
async def _simulated(
    config: Config,
    section: FrontSection,
    clock: Clock,
    visits: VisitLog,
    timeline: Timeline | None,
) -> AsyncIterator[Front]:
    def today() -> date:
        return clock.now().astimezone(JST).date()

    changes = Changes()
    section.screens.mkdir(parents=True, exist_ok=True)
    tray = SocketTray(section.tray, changes)
    guest = GuestDesk(tray, lambda: FaceModels.open().faces, changes)
    faces = CardFaces(today, guest)
    keypad = SimulatedKeypad()
    lights, speaker = SimulatedLights(changes), SimulatedSpeaker(changes)
    panel, camera = SimulatedPanel(section.screens, changes), SimulatedCamera()
    lens: Camera = camera if config.camera is None else camera_of(config.camera)
    world = World(
        changes=changes,
        keypad=keypad,
        lights=lights,
        speaker=speaker,
        panel=panel,
        tray=tray,
        camera=camera,
        visits=visits,
        timeline=timeline,
        personas=everybody(),
        facility=config.facility.folder,
        card_face=faces.png,
        guest=guest,
        line=SocketLine(section.line, changes) if section.line else None,
    )

    try:
        async with serving(world, section.port):
            yield Front(
                printed=_printed(config, tray, faces, today),
                camera=lens,
                panel=panel,
                lights=lights,
                speaker=speaker,
                keypad=keypad,
                authenticator=authenticator(config),
            )
    except OSError as error:
        detail = f"front.port {section.port}: {error.strerror}"
        raise PartError(Code.CONFIG_WRONG, detail) from error


def _printed(
    config: Config, tray: SocketTray, faces: CardFaces, today: Callable[[], date]
) -> PrintedNumber:
    match config.card.number_b:
        case "simulated":
            return PrintedOnPersonaCard(tray, today)
        case "camera":
            return NumberByCamera(TrayCamera(tray, faces), SPECIMEN, today)
        case "keypad":
            return NumberTyped()


def authenticator(config: Config) -> TerminalAuthenticator | None:
    """The fictitious terminal proof, for cards that exist on a tray only."""
    path = config.card.terminal
    if path == "none":
        return None
    try:
        key = load_pem_private_key(secret(path), password=None)
    except (ValueError, TypeError) as error:
        raise PartError(Code.CONFIG_WRONG, f"{path}: not a PEM key") from error
    if not isinstance(key, EllipticCurvePrivateKey):
        raise PartError(Code.CONFIG_WRONG, f"{path}: not an elliptic curve key")
    return FictitiousTerminal.of(key)
