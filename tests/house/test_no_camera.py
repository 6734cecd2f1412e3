"""A camera that gives nothing, with real models and a rendered card photo."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from device.adapters.model_folder import SHIPPED
from device.ports import Frame, Key, PartError
from device.session.state import State
from device.sight import FaceSight, open_sight
from device.simulated.card.contents import CardContents
from device.simulated.card.issue import CardKeys, Issuer, issue
from device.simulated.card.persona_card import holder_of
from device.simulated.card.virtual import VirtualCard
from device.simulated.heads import Head, card_photo
from device.simulated.persona import personas
from protocol.catalogue import Code
from tests.support.house_clinic import has_one_action
from tests.support.reader_bench import TERMINAL_KEY, Bench, steady


class Unplugged:
    """Satisfies device.ports.Camera: it can be opened, and no picture comes."""

    def __init__(self) -> None:
        self.opened = 0

    @asynccontextmanager
    async def watch(self) -> AsyncIterator["Unplugged"]:
        self.opened += 1
        yield self

    async def frame(self) -> Frame:
        raise PartError(Code.CAMERA_MISSING, "no such camera")


@pytest.fixture
def patient() -> tuple[CardContents, Issuer]:
    persona = personas()[0]
    now = datetime.now(UTC)
    issuer = Issuer.found(TERMINAL_KEY.public_key(), now)
    holder = holder_of(persona, card_photo(Head(persona.head)), now.date())
    return issue(holder, CardKeys.generate(), issuer, now), issuer


@pytest.fixture
def camera() -> Unplugged:
    return Unplugged()


@pytest.fixture
def bench(
    patient: tuple[CardContents, Issuer], camera: Unplugged, tmp_path: Path
) -> Iterator[Bench]:
    contents, issuer = patient
    made = Bench(mode="assist")
    made.printed.number = contents.number_b.decode()
    with_sight = sight(made, camera, tmp_path)
    made.reader = replace(
        made.reader,
        sight=with_sight,
        issuer_keys=[issuer.photo_key.public_key()],
    )
    yield made
    with_sight.close()


def sight(bench: Bench, camera: Unplugged, models: Path) -> FaceSight:
    return open_sight(models, SHIPPED, camera, bench.clock)


async def test_without_a_camera_the_pin_is_still_offered_and_works(
    bench: Bench, camera: Unplugged, patient: tuple[CardContents, Issuer]
) -> None:
    contents, _ = patient
    async with bench.running():
        await bench.choosing(VirtualCard(contents, steady("card")))
        bench.keypad.press(Key.K1)
        await bench.until(lambda: camera.opened == 1, 30)
        await bench.until(lambda: bench.reader.session.state is not State.LOOKING)
        assert bench.reader.session.attempts_left == 0
        assert bench.reader.session.pin
        assert [lost.code for lost in bench.health.missing().values()] == ["F201"]
        has_one_action("F201")
        await type_pin(bench, contents.pin.decode())
        await bench.state(State.CONSENTING)
        # The next patient is not offered what is not there.
        bench.keypad.press(Key.CANCEL)
        await bench.state(State.TAKE_CARD)
        await bench.home()
        await bench.choosing(VirtualCard(contents, steady("card")))
        assert bench.reader.session.attempts_left == 0
    assert camera.opened == 1


async def type_pin(bench: Bench, pin: str) -> None:
    if bench.reader.session.state is not State.ENTERING_PIN:
        bench.keypad.press(Key.K2)
        await bench.state(State.ENTERING_PIN)
    bench.keypad.press(*(Key(digit) for digit in pin), Key.ENTER)
