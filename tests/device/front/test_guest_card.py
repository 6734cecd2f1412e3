"""A card with the visitor's own photograph, over the page's interface and real models.

The visitor is a rendered head: what is shown is the way, never accuracy.
"""

import asyncio
import io
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from PIL import Image

from device.adapters.clock import SystemClock
from device.adapters.face_tflite import FaceModels
from device.adapters.model_folder import SHIPPED
from device.card import visit
from device.face.model import FaceSeen
from device.sight import FaceSight, open_sight
from device.simulated.camera import SimulatedCamera
from device.simulated.card.bench import Bench
from device.simulated.card.blank import Blank
from device.simulated.card.contents import CardContents
from device.simulated.card.issue import CardKeys, Issuer, issue
from device.simulated.card.persona_card import holder_of
from device.simulated.card.tray import Press, Tray
from device.simulated.card.virtual import VirtualCard
from device.simulated.card_face.faces import CardFaces
from device.simulated.card_face.specimen import SIZE
from device.simulated.control import controlled
from device.simulated.guest.desk import GuestDesk
from device.simulated.guest.person import guest
from device.simulated.heads import Head, card_photo
from device.simulated.persona import Persona, personas
from device.simulated.tray import SocketTray
from device.simulated.web import application
from device.simulated.world import World
from provisioning.demo.models import ACCEPTED, RECOMMENDED
from provisioning.models.install import InstallError, install
from tests.device.conftest import NOW
from tests.device.front.conftest import Client
from tests.support.reading import read
from tests.support.visitor import seen, webcam_frames
from ui_eink.render import render
from ui_eink.views import Lang, PutCardBack, name_of

TODAY = date(2026, 4, 1)
JPEG = {"Content-Type": "image/jpeg"}
OTHER = personas()[5]
CHALLENGE = bytes(range(16))
BESIDE = Path(__file__).resolve().parents[3].parent / "shared" / "models"
MODELS = Path(os.environ.get("SHIKAKU_MODELS", str(BESIDE)))


@dataclass(slots=True)
class Place:
    """The page's interface, and the tray and camera behind it."""

    page: Client
    tray: Tray
    issuer: Issuer
    camera: SimulatedCamera
    issued: list[CardContents]

    async def state(self) -> dict[str, object]:
        found: dict[str, object] = await (await self.page.get("/state")).json()
        return found

    async def print(self) -> None:
        answer = await self.page.post("/guest", data=webcam_frames()[0], headers=JPEG)
        assert answer.status == 200, await answer.text()

    async def looks(
        self, sight: FaceSight, photo: bytes, frames: tuple[bytes, ...]
    ) -> FaceSeen:
        """One look, while somebody sits before the webcam."""
        watching = asyncio.create_task(self._before_the_webcam(frames))
        try:
            await asyncio.sleep(0.05)
            *_, end = [each async for each in sight.look(read(photo))]
        finally:
            watching.cancel()
        assert isinstance(end, FaceSeen)
        assert end.seen
        return end

    async def _before_the_webcam(self, frames: tuple[bytes, ...]) -> None:
        while True:
            for frame in frames:
                await self.page.post("/webcam", data=frame, headers=JPEG)
                await asyncio.sleep(0.05)

    def photo_of(self, who: Persona, contents: CardContents) -> bytes:
        """As the reader reads it: opened with the printed number, signature checked."""
        number = holder_of(who, b"", TODAY).number_b
        trusted = [self.issuer.photo_key.public_key()]
        card = Bench(VirtualCard(contents, secrets.token_bytes))
        return card.run(visit.read_photo(number, CHALLENGE, trusted)).jp2


@pytest.fixture(scope="module")
def models() -> FaceModels:
    return FaceModels.open()


@pytest.fixture(scope="module")
def blank(issuer: Issuer, keys: CardKeys) -> Blank:
    key = issuer.photo_key.private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    )
    contents = issue(holder_of(guest(), b"", TODAY), keys, issuer, NOW)
    return Blank(contents=contents, issuer_key=key)


@pytest.fixture(scope="module")
def stranger() -> Head:
    return Head(OTHER.head)


@pytest.fixture(scope="module")
def others_card(stranger: Head, issuer: Issuer, keys: CardKeys) -> CardContents:
    return issue(holder_of(OTHER, card_photo(stranger), TODAY), keys, issuer, NOW)


@pytest.fixture
async def place(
    world: World,
    camera: SimulatedCamera,
    blank: Blank,
    issuer: Issuer,
    models: FaceModels,
    tmp_path: Path,
) -> AsyncIterator[Place]:
    issued: list[CardContents] = []

    def chip(contents: CardContents) -> VirtualCard:
        issued.append(contents)
        return VirtualCard(contents, secrets.token_bytes)

    tray = Tray({}, press=Press({guest().id: blank}, chip))
    socket = tmp_path / "tray.sock"
    async with controlled(tray, socket):
        world.tray = hands = SocketTray(socket, world.changes)
        world.guest = GuestDesk(hands, lambda: models.faces, world.changes)
        world.card_face = CardFaces(lambda: TODAY, world.guest).png
        async with TestClient(TestServer(application(world))) as page:
            yield Place(page, tray, issuer, camera, issued)


@pytest.fixture(params=["assist", "auto"])
def sight(
    request: pytest.FixtureRequest, camera: SimulatedCamera, tmp_path: Path
) -> Iterator[FaceSight]:
    """Assist with the shipped pack; auto where the recommended one is at hand."""
    mode: str = request.param
    pack = SHIPPED if mode == "assist" else RECOMMENDED
    if mode == "auto":
        try:
            install(pack, tmp_path, MODELS, print)
        except InstallError as error:
            pytest.skip(str(error))
    opened = open_sight(
        tmp_path / "models",
        pack,
        camera,
        SystemClock(),
        mode=mode,
        accepted_records=ACCEPTED if mode == "auto" else (),
    )
    yield opened
    opened.close()


async def test_the_visitor_is_recognised_and_nobody_else(
    place: Place, sight: FaceSight, stranger: Head, others_card: CardContents
) -> None:
    await place.print()
    own = place.photo_of(guest(), place.issued[-1])
    others = place.photo_of(OTHER, others_card)
    mine, theirs = webcam_frames(), (seen(stranger),)
    assert not (await place.looks(sight, others, mine)).matched
    assert not (await place.looks(sight, own, theirs)).matched
    recognised = await place.looks(sight, own, mine)
    assert (recognised.matched, recognised.mode) == (True, sight.mode)


async def test_no_card_is_put_that_was_not_printed(place: Place) -> None:
    answer = await place.page.post("/card", json={"persona": "guest"})
    assert answer.status == 400
    assert (await place.page.get("/card-face/guest.png")).status == 404
    assert (await place.state())["guest"] == 0


@pytest.mark.parametrize("path", ["/guest", "/guest/proof"])
async def test_a_picture_without_a_face_is_refused_kindly(
    place: Place, path: str
) -> None:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), (200, 200, 200)).save(file, "JPEG")
    answer = await place.page.post(path, data=file.getvalue(), headers=JPEG)
    assert answer.status == 400
    assert "顔が見つかりません" in (await answer.json())["error"]
    assert (await place.state())["guest"] == 0


@pytest.mark.parametrize("path", ["/guest", "/guest/proof"])
async def test_another_page_prints_and_forgets_nothing(place: Place, path: str) -> None:
    await place.print()
    evil = JPEG | {"Origin": "http://evil.example"}
    answer = await place.page.post(path, data=webcam_frames()[0], headers=evil)
    assert answer.status == 403
    assert (await place.page.delete("/guest", headers=evil)).status == 403
    assert (await place.state())["guest"] == 1


async def test_a_proof_shows_the_photo_and_prints_nothing(place: Place) -> None:
    answer = await place.page.post(
        "/guest/proof", data=webcam_frames()[0], headers=JPEG
    )
    with Image.open(io.BytesIO(await answer.read())) as photo:
        assert (photo.format, photo.size, photo.mode) == ("PNG", (240, 320), "L")
    assert place.issued == []


async def test_the_card_shows_the_photo_and_says_what_is_made_up(place: Place) -> None:
    told = await (await place.page.get("/guest")).json()
    assert (told["name"], told["pin"], told["fictitious"]) == (
        "体験　太郎",
        "3690",
        True,
    )
    await place.print()
    face = await place.page.get("/card-face/guest.png")
    with Image.open(io.BytesIO(await face.read())) as picture:
        assert picture.size == SIZE
    await place.page.post("/card", json={"persona": "guest"})
    assert (await place.state())["card"] == "guest"


async def test_a_card_on_the_reader_is_not_printed_again(place: Place) -> None:
    await place.print()
    await place.page.post("/card", json={"persona": "guest"})
    answer = await place.page.post("/guest", data=webcam_frames()[0], headers=JPEG)
    assert answer.status == 400
    assert (await place.state())["guest"] == 1


async def test_another_face_does_not_find_a_visit_that_was_broken_off(
    place: Place, world: World
) -> None:
    back = PutCardBack(90)
    await world.panel.show(render(back, Lang.JA), name_of(back))
    answer = await place.page.post("/guest", data=webcam_frames()[0], headers=JPEG)
    assert answer.status == 400
    assert place.issued == []


async def test_a_second_printing_replaces_the_first(place: Place) -> None:
    await place.print()
    await place.print()
    assert (await place.state())["guest"] == 2
    assert place.tray.request(b'{"state": true}').count(b"guest") == 1


async def test_forgetting_leaves_neither_card_nor_picture(
    place: Place, world: World
) -> None:
    await place.print()
    await place.page.post("/webcam", data=webcam_frames()[0], headers=JPEG)
    await place.page.post("/card", json={"persona": "guest"})
    assert (await place.page.delete("/guest")).status == 200
    state = await place.state()
    assert (state["guest"], state["card"], state["own_picture"]) == (0, None, False)
    assert (await place.page.get("/card-face/guest.png")).status == 404
    assert place.tray.request(b'{"put": "guest"}').startswith(b'{"error"')
    assert world.guest is not None
    assert world.guest.photo is None


async def test_the_end_of_a_run_forgets_too(place: Place) -> None:
    await place.print()
    await place.page.close()
    assert b"guest" not in place.tray.request(b'{"state": true}')
