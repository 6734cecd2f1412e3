"""What a page is told of a visit: the machine's rows, and how the paper drew them."""

import json

from device.ports import Key
from device.session.effects import Show
from device.session.events import CardIdentified, CardPut, KeyPressed
from device.session.state import Ending, State
from device.simulated.panel import Shot
from device.simulated.web import facts
from device.simulated.web.timeline import OVERTAKEN, drawn, how
from device.simulated.world import World
from device.timeline import Course, Line, Step, Timeline
from device.timeline_words import Kind
from device.visit_log import VisitFact, VisitLog
from protocol.ids import VisitId
from tests.device.front.conftest import Client
from tests.support.visits import CARD, Play
from ui_eink.layout import Box
from ui_eink.panels import Update
from ui_eink.render import render
from ui_eink.views import name_of

BEGAN = 1000.0


def course(*screens: tuple[float, str]) -> Course:
    """Screens that were asked for, seconds after the card."""
    made = Course(1, BEGAN, State.CHOOSING, BEGAN)
    for after, name in screens:
        made = made.with_row(
            Line(1, Kind.SCREEN, name, "", person=False), BEGAN + after
        )
    return made


def shot(after: float, name: str, update: Update = Update.PARTIAL) -> Shot:
    return Shot(1, name, update, None, Box(0, 0, 120, 64), 520.0, BEGAN + after)


def details(it: Course, *shots: Shot) -> list[str]:
    return [row.detail for row in drawn(it, shots)]


def test_a_screen_that_is_not_drawn_yet_says_nothing_of_paper() -> None:
    it = course((0.0, "ready"))
    assert details(it) == [""]
    assert details(it, shot(-0.5, "ready"), shot(0.5, "look")) == [""]


def test_a_screen_says_how_the_paper_came_to_it() -> None:
    it = course((0.0, "reading_card"), (0.3, "choose_method"))
    shots = shot(0.02, "reading_card"), shot(0.4, "choose_method", Update.FULL)
    assert details(it, *shots) == ["partial 120x64, 520 ms", "full 120x64, 520 ms"]


def test_a_screen_that_a_newer_one_overtook_says_so() -> None:
    it = course((0.0, "enter_pin"), (0.1, "enter_pin"), (0.2, "checking"))
    shots = shot(0.15, "enter_pin"), shot(0.9, "checking")
    assert details(it, *shots) == [OVERTAKEN, "partial 120x64, 520 ms"] + [
        "partial 120x64, 520 ms"
    ]


def test_the_same_picture_again_is_not_drawn() -> None:
    assert how(shot(0.0, "look", Update.NONE)) == "nothing changed"


async def test_before_the_first_card_there_is_no_visit(
    client: Client, world: World
) -> None:
    empty = {"visit": 0, "rows": [], "steps": []}
    assert await (await client.get("/timeline")).json() == empty
    assert (await (await client.get("/state")).json())["steps"] is None
    world.timeline = Timeline()
    assert await (await client.get("/timeline")).json() == empty


async def test_a_page_is_told_a_visit_and_when_to_ask_again(
    client: Client, world: World
) -> None:
    world.timeline = Timeline()
    play, shown = Play(), list[Show]()
    for event in (CardPut(), KeyPressed(Key.K7), None):
        was, before = play.session, await _steps(client)
        happened = event or CardIdentified(was.ticket, CARD, face=True)
        effects = play(happened, after=0.25)
        world.timeline.told(was, happened, play.session, effects, play.now)
        shown += [effect for effect in effects if isinstance(effect, Show)]
        assert await _steps(client) > before
    told = await (await client.get("/timeline")).json()
    assert told["visit"] == 1
    assert told["steps"] == [{"state": "reading card", "ms": 500, "person": False}]
    assert told["rows"][0] == {
        "ms": 0,
        "kind": "event",
        "name": "card put",
        "detail": "",
        "person": True,
    }
    kinds = {row["kind"] for row in told["rows"]}
    assert kinds == {"event", "state", "screen", "light", "sound", "errand"}
    before = await _steps(client)
    picture = render(shown[-1].view, shown[-1].lang)
    await world.panel.show(picture, name_of(shown[-1].view))
    assert await _steps(client) > before


async def _steps(client: Client) -> int:
    return int((await (await client.get("/state")).json())["steps"])


async def test_a_visit_is_told_with_its_steps_and_presses(
    client: Client, visits: VisitLog
) -> None:
    steps = (Step("looking", 640, person=False), Step("consenting", 9, person=True))
    fact = VisitFact(VisitId("v"), Ending.ACCEPTED, None, None, {}, {}, steps, 2)
    visits.add(fact)
    [visit] = await (await client.get("/visits")).json()
    assert visit["presses"] == 2
    assert visit["steps"] == [
        {"state": "looking", "ms": 640, "person": False},
        {"state": "consenting", "ms": 9, "person": True},
    ]
    assert json.loads(json.dumps(facts.visit(fact))) == visit
