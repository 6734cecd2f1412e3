"""A visitor with a card of their own: recognised in a whole visit, and then forgotten.

Everything that the clinic wrote, and everything that an ear on the broker heard, is
searched for the photograph, in the forms that it had: as it was sent, as the card had
it, and as pixels.
"""

import base64
import http.client
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from device.adapters.face_tflite import FaceModels
from device.simulated.guest.person import guest
from device.simulated.guest.portrait import portrait
from device.simulated.heads.card import encoded
from provisioning.demo.stage import FACE, YES
from tests.support.house_clinic import House
from tests.support.house_ear import Heard, ear, heard
from tests.support.house_scan import Secret, found
from tests.support.visitor import CANARY, webcam_frames

GUEST = guest().id
TURNS = {"look-turn_left": 32.0, "look-turn_right": -32.0}
"""Degrees, to the picture's right."""


@dataclass(frozen=True, slots=True)
class Visited:
    """What is left when the visitor has gone and the card is forgotten."""

    photograph: tuple[str, ...]
    """The screens while a photograph was held up."""
    outcome: str
    method: str
    validity: str
    files: dict[str, bytes]
    messages: list[Heard]


def ask(house: House, method: str, path: str, picture: bytes | None = None) -> bytes:
    line = http.client.HTTPConnection("127.0.0.1", house.patient.port, timeout=15)
    try:
        line.request(method, path, picture, {"Content-Type": "image/jpeg"})
        answer = line.getresponse()
        body = answer.read()
    finally:
        line.close()
    assert answer.status == 200, body
    return body


@contextmanager
def before_the_webcam(house: House, *, photograph: bool = False) -> Iterator[None]:
    """As the page sends it: one picture after another, until they leave.

    A visitor turns when the screen asks for it; a photograph cannot.
    """
    away = threading.Event()
    for yaw in TURNS.values():
        webcam_frames(yaw=yaw)

    def sit() -> None:
        number = 0
        while not away.wait(0.1):
            screen = str(house.patient.state()["name"])
            yaw = 0.0 if photograph else TURNS.get(screen, 0.0)
            shown = webcam_frames(yaw=yaw)[0 if photograph else number % 6]
            ask(house, "POST", "/webcam", shown)
            number += 1

    sitting = threading.Thread(target=sit)
    sitting.start()
    try:
        yield
    finally:
        away.set()
        sitting.join()
        ask(house, "DELETE", "/webcam")


def visit(house: House) -> None:
    house.stage.begin()
    house.patient.put(GUEST)
    house.patient.wait_for("choose_method")
    house.stage.shows_face()
    house.stage.answers(YES, YES)
    house.stage.goes()


def hold_up(house: House) -> tuple[str, ...]:
    """Somebody has the visitor's card, and the visitor's photograph on a telephone."""
    house.stage.begin()
    house.patient.put(GUEST)
    house.patient.wait_for("choose_method")
    house.patient.press(FACE)
    house.patient.wait_for("face_not_matched")
    house.patient.press("cancel")
    house.stage.goes()
    return tuple(str(screen["name"]) for screen in house.patient.screens())


@pytest.fixture(scope="module")
def visited(clinic: House, tmp_path_factory: pytest.TempPathFactory) -> Visited:
    ask(clinic, "POST", "/guest", webcam_frames()[0])
    with before_the_webcam(clinic, photograph=True):
        held_up = hold_up(clinic)
    heard_by = {
        who: tmp_path_factory.mktemp("ear") / who for who in ("cloud", "reader")
    }
    with (
        ear(clinic.desk, "cloud", heard_by["cloud"]),
        ear(clinic.desk, "reader", heard_by["reader"]),
        before_the_webcam(clinic),
    ):
        visit(clinic)
    ask(clinic, "GET", f"/card-face/{GUEST}.png")
    fact, result = clinic.fact(), clinic.result()
    ask(clinic, "DELETE", "/guest")
    return Visited(
        held_up,
        fact["outcome"],
        fact["method"],
        result.texts["QualificationValidity"],
        dict(written(clinic.desk.parent)),
        [one for file in heard_by.values() for one in heard(file)],
    )


def written(home: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(home.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(home)), path.read_bytes()


@pytest.fixture(scope="module")
def photograph() -> tuple[Secret, ...]:
    """Long pieces of it."""
    pieces = [
        Secret(f"frame {number}", frame[4000:4048])
        for number, frame in enumerate(webcam_frames())
    ]
    with Image.open(io.BytesIO(webcam_frames()[0])) as picture:
        pixels = np.asarray(picture)[240, 300:316].tobytes()
    photo = portrait(webcam_frames()[0], FaceModels.open().faces)
    return (
        *pieces,
        Secret("the comment of every frame", CANARY),
        Secret("pixels of a frame", pixels),
        Secret("pixels of the card's photo", np.asarray(photo)[160, 100:140].tobytes()),
        Secret("the card's photo", encoded(photo)[2000:2048]),
    )


def test_the_search_finds_a_photograph_that_was_left(
    photograph: tuple[Secret, ...],
) -> None:
    frame = webcam_frames()[0]
    for left in (frame, frame.hex().encode(), b'{"photo": "' + base64.b64encode(frame)):
        assert {"frame 0", "the comment of every frame"} <= set(found(left, photograph))


def test_a_photograph_on_a_telephone_is_asked_to_turn_and_is_refused(
    visited: Visited,
) -> None:
    assert {"look-turn_left", "look-turn_right"} & set(visited.photograph)
    assert not {"face_supported", "checking"} & set(visited.photograph)


def test_the_visitor_is_insured_and_recognised(visited: Visited) -> None:
    """In assist mode the face supports, and staff confirm."""
    ended = (visited.outcome, visited.method, visited.validity)
    assert ended == ("accepted", "visual", "1")


def test_no_file_holds_the_photograph(
    visited: Visited, photograph: tuple[Secret, ...]
) -> None:
    for needed in ("logs/tray.log", "logs/reader.log", f"cards/{GUEST}.blank"):
        assert f"demo/{needed}" in visited.files
    leaks = {
        name: what
        for name, content in visited.files.items()
        if (what := found(content, photograph))
    }
    assert leaks == {}


def test_no_message_holds_the_photograph(
    visited: Visited, photograph: tuple[Secret, ...]
) -> None:
    assert len(visited.messages) >= 4
    for one in visited.messages:
        assert found(one.payload, photograph) == []
