"""Every panel shows what it is given, by the same contract; the makers' libraries are
stood for by their documented surface (tests/support/vendor_*.py)."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import pytest
from PIL import Image

from device.adapters.panel_inky import InkyPaper
from device.adapters.panel_waveshare import WavesharePaper
from device.eink_panel import EinkPanel
from device.ports import Panel, Paper, PartError
from device.simulated.panel import SimulatedPanel
from device.simulated.paper import MemoryPaper
from tests.support import vendor_inky, vendor_waveshare
from tests.support.hand_clock import HandClock
from ui_eink.panels import WAVESHARE_7IN5_V2
from ui_eink.refresh import FULL_APART_S, SLEEP_AFTER_S
from ui_eink.render import render
from ui_eink.views import (
    AskConsent,
    Checking,
    ChooseMethod,
    EnterPin,
    Lang,
    ReadingCard,
    Ready,
    TakeCard,
    View,
    name_of,
)

VISIT: tuple[View, ...] = (
    Ready(),
    ReadingCard(),
    ChooseMethod(),
    EnterPin(),
    Checking(),
    AskConsent("operation", 1, 2),
    AskConsent("operation", 2, 2),
    TakeCard(),
    Ready(),
)


@dataclass(frozen=True)
class Stand:
    panel: Panel
    seen: Callable[[], Image.Image]
    """What a person before it sees."""


@pytest.fixture
def epd(monkeypatch: pytest.MonkeyPatch) -> vendor_waveshare.EPD:
    made = vendor_waveshare.EPD()
    monkeypatch.setitem(sys.modules, "epaper", vendor_waveshare.module(made))
    return made


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> vendor_inky.Board:
    made = vendor_inky.Board()
    for name, module in vendor_inky.modules(made).items():
        monkeypatch.setitem(sys.modules, name, module)
    return made


@pytest.fixture(params=["web and PNG", "memory", "waveshare", "inky"])
async def stand(
    request: pytest.FixtureRequest,
    epd: vendor_waveshare.EPD,
    board: vendor_inky.Board,
) -> AsyncIterator[Stand]:
    simulated, memory = SimulatedPanel(), MemoryPaper()
    async with AsyncExitStack() as stack:

        async def opened(paper: Callable[[], Paper]) -> EinkPanel:
            return await stack.enter_async_context(EinkPanel(paper, HandClock()))

        match request.param:
            case "web and PNG":
                yield Stand(simulated, lambda: simulated.picture)
            case "memory":
                yield Stand(await opened(lambda: memory), lambda: memory.picture)
            case "waveshare":
                yield Stand(await opened(WavesharePaper), lambda: epd.picture)
            case "inky":
                yield Stand(await opened(InkyPaper), lambda: board.picture)


async def test_every_picture_of_a_visit_stands_there(stand: Stand) -> None:
    for view in VISIT:
        picture = render(view, Lang.JA)
        await stand.panel.show(picture, name_of(view))
        assert stand.seen().tobytes() == picture.tobytes(), view


async def test_a_picture_of_another_kind_changes_nothing(stand: Stand) -> None:
    await stand.panel.show(render(Ready(), Lang.JA), "ready")
    before = stand.seen().tobytes()
    with pytest.raises(ValueError, match="800x480"):
        await stand.panel.show(Image.new("L", (800, 480)), "ready")
    assert stand.seen().tobytes() == before


async def test_what_is_drawn_on_later_does_not_reach_the_paper(stand: Stand) -> None:
    picture = render(Ready(), Lang.JA)
    await stand.panel.show(picture, "ready")
    before = stand.seen().tobytes()
    picture.paste(0, (0, 0, 800, 480))
    assert stand.seen().tobytes() == before


async def test_a_digit_is_one_window_to_the_maker(epd: vendor_waveshare.EPD) -> None:
    async with EinkPanel(WavesharePaper, HandClock()) as panel:
        for digits in range(5):
            await panel.show(render(EnterPin(digits), Lang.JA), "enter_pin")
        assert epd.calls == ["display full"] + ["display partial"] * 4


async def test_the_paper_sleeps_when_it_is_left_alone(
    epd: vendor_waveshare.EPD,
) -> None:
    clock = HandClock()
    async with EinkPanel(WavesharePaper, clock) as panel:
        await panel.show(render(Ready(), Lang.JA), "ready")
        clock.pass_s(SLEEP_AFTER_S - 1)
        await panel.rest()
        assert epd.calls[-1] == "display full"
        clock.pass_s(1)
        await panel.rest()
        await panel.rest()
        assert epd.calls == ["display full", "sleep"]
        await panel.show(render(ReadingCard(), Lang.JA), "reading_card")
        assert epd.calls[-1] == "display fast"
    assert epd.calls[-1] == "sleep"


async def test_shadows_of_a_quick_visit_are_wiped_when_nobody_is_there(
    epd: vendor_waveshare.EPD,
) -> None:
    clock = HandClock()
    async with EinkPanel(WavesharePaper, clock) as panel:
        for view in (Ready(), ReadingCard(), Ready()):
            await panel.show(render(view, Lang.JA), name_of(view))
            clock.pass_s(10)
        assert epd.calls[-1] == "display fast"
        clock.pass_s(FULL_APART_S)
        await panel.rest()
        assert epd.calls[-1] == "display full"


async def test_the_paper_tends_itself_while_it_is_open() -> None:
    paper, clock = MemoryPaper(), HandClock()
    async with EinkPanel(lambda: paper, clock, tend_s=0.001) as panel:
        await panel.show(render(Ready(), Lang.JA), "ready")
        clock.pass_s(SLEEP_AFTER_S)
        for _ in range(500):
            await asyncio.sleep(0.01)
            if not paper.awake:
                return
        pytest.fail("it was never put to sleep")


async def test_a_panel_that_was_lost_comes_back_with_a_full_update(
    epd: vendor_waveshare.EPD,
) -> None:
    async with EinkPanel(WavesharePaper, HandClock()) as panel:
        await panel.show(render(EnterPin(), Lang.JA), "enter_pin")
        epd.lost = True
        with pytest.raises(PartError, match=r"D704 panel: .*GPIO25.*do_spi 0"):
            await panel.show(render(EnterPin(1), Lang.JA), "enter_pin")
        epd.lost = False
        picture = render(EnterPin(2), Lang.JA)
        await panel.show(picture, "enter_pin")
        assert epd.calls[-1] == "display full"
        assert epd.picture.tobytes() == picture.tobytes()


async def test_a_panel_that_is_not_there_is_not_waited_for(
    epd: vendor_waveshare.EPD, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = replace(WAVESHARE_7IN5_V2, full_ms=1)
    monkeypatch.setattr("device.adapters.panel_waveshare.WAVESHARE_7IN5_V2", quick)
    epd.busy = threading.Event()
    with pytest.raises(PartError, match=r"D704 .*BUSY stays.*BUSY GPIO24 \(pin 18\)"):
        async with EinkPanel(WavesharePaper, HandClock(), answer_s=0.05):
            pass
    epd.busy.set()


async def test_a_panel_that_stops_answering_comes_back(
    epd: vendor_waveshare.EPD, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = replace(WAVESHARE_7IN5_V2, full_ms=1)
    monkeypatch.setattr("device.adapters.panel_waveshare.WAVESHARE_7IN5_V2", quick)
    async with EinkPanel(WavesharePaper, HandClock(), answer_s=0.05) as panel:
        await panel.show(render(EnterPin(), Lang.JA), "enter_pin")
        epd.busy = threading.Event()
        for _ in range(2):
            with pytest.raises(PartError, match="BUSY stays"):
                await panel.show(render(EnterPin(1), Lang.JA), "enter_pin")
        epd.busy.set()
        await asyncio.sleep(0.1)
        picture = render(EnterPin(2), Lang.JA)
        await panel.show(picture, "enter_pin")
        assert epd.picture.tobytes() == picture.tobytes()


@pytest.mark.parametrize(
    ("paper", "module", "named"),
    [
        (WavesharePaper, "epaper", r"pip install .*GPIO25 \(pin 22\).*do_spi 0"),
        (InkyPaper, "inky.auto", r"pip install .*GPIO22.*do_i2c 0"),
    ],
)
async def test_a_missing_library_is_named_with_the_wiring(
    paper: Callable[[], Paper],
    module: str,
    named: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(PartError, match=named):
        async with EinkPanel(paper, HandClock()):
            pass


def test_no_board_is_named_with_the_wiring(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in vendor_inky.modules(None).items():
        monkeypatch.setitem(sys.modules, name, module)
    with pytest.raises(PartError, match=r"No EEPROM.*GPIO22"):
        InkyPaper()


def test_a_board_of_another_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    board = vendor_inky.Board((400, 300))
    for name, module in vendor_inky.modules(board).items():
        monkeypatch.setitem(sys.modules, name, module)
    with pytest.raises(PartError, match="400x300, not 800x480"):
        InkyPaper()
