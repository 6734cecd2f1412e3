"""The training over the page's interface: what it takes, refuses, tells and hides."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from device.session.state import Ending
from device.simulated.camera import SimulatedCamera
from device.simulated.line.mode import Mode
from device.simulated.persona import everybody
from device.simulated.training.cases import BY_ID, CASES
from device.simulated.world import World
from device.visit_log import VisitFact, VisitLog
from protocol.catalogue import Code
from protocol.codes import Method
from protocol.ids import VisitId
from tests.device.front.conftest import Client, Hands
from tests.support.training import seed_for

OTHER = "yamada-taro"


@dataclass(slots=True)
class Trainee:
    """Asks as the page does; `happens` is the reader's word."""

    page: Client
    log: VisitLog
    visits: int = 0

    async def ask(self, move: str, status: int = 200, **body: object) -> dict[str, Any]:
        answer = await self.page.post(f"/training/{move}", json=body)
        told: dict[str, Any] = await answer.json()
        assert answer.status == status, told
        return told

    async def state(self) -> dict[str, Any]:
        told: dict[str, Any] = await (await self.page.get("/training")).json()
        return told

    async def put(self, card: str | None) -> None:
        # The page asks what is so whenever something changed.
        await self.state()
        await self.page.post("/card", json={"persona": card})
        await self.state()

    def happens(
        self, ending: Ending, method: Method | None = None, code: Code | None = None
    ) -> None:
        self.visits += 1
        number = VisitId(f"{self.visits:032x}")
        self.log.add(VisitFact(number, ending, method, code, {}, {}))

    async def comes(self, case: str) -> dict[str, Any]:
        """A course in which this case comes first."""
        return await self.ask("begin", seed=seed_for(case))


@dataclass
class Wire:
    """A line in memory. Satisfies device.simulated.world.Line."""

    mode: str | None = "through"

    async def set(self, mode: Mode) -> None:
        self.mode = mode.value

    async def look(self) -> str | None:
        return self.mode


@pytest.fixture
def wire(world: World) -> Wire:
    """With it, and with every card, no case is left out."""
    world.line = line = Wire()
    world.personas = everybody()
    return line


@pytest.fixture
def trainee(wire: Wire, client: Client, visits: VisitLog) -> Trainee:
    return Trainee(client, visits)


async def test_nothing_runs_before_somebody_begins(trainee: Trainee) -> None:
    told = await trainee.state()
    assert (told["phase"], told["case"], told["question"]) == ("idle", None, None)
    assert [one["id"] for one in told["cases"]] == [case.id for case in CASES]


async def test_a_case_whose_parts_are_not_here_is_left_out(
    trainee: Trainee, world: World
) -> None:
    world.line = None
    told = await trainee.ask("begin")
    assert "line-cut" not in {one["id"] for one in told["cases"]}


async def test_what_a_scene_breaks_is_whole_again_after_the_answer(
    trainee: Trainee, wire: Wire, hands: Hands
) -> None:
    await trainee.comes("sleeve")
    assert hands.fault == "deaf"
    await trainee.ask("desk")
    assert hands.fault == "none"
    await trainee.ask("end")
    await trainee.ask("end")
    await trainee.comes("line-cut")
    assert wire.mode == "cut"
    await trainee.ask("end")
    assert wire.mode == "through"


async def test_beginning_sets_the_scene_and_the_card_stays_in_the_hand(
    trainee: Trainee, camera: SimulatedCamera, hands: Hands
) -> None:
    hands.card = OTHER
    told = await trainee.comes("mask")
    assert told["phase"] == "scene"
    assert (camera.standing, camera.occluder) == (told["case"]["stands"], "mask")
    assert hands.card is None


@pytest.mark.parametrize(
    ("move", "sent"),
    [
        ("begin", {"seed": -1}),
        ("begin", {"seed": "1"}),
        ("begin", {"seed": 1_000_000}),
        ("begin", {"name": "somebody"}),
        ("answer", {}),
        ("answer", {"option": 3}),
        ("answer", {"option": "0"}),
        ("answer", {"option": 0, "points": 10}),
        ("next", {"case": "mask"}),
        ("skip", {"points": 10}),
        ("desk", {"outcome": "accepted"}),
        ("end", {"x": 1}),
    ],
)
async def test_what_is_not_listed_is_refused(
    trainee: Trainee, move: str, sent: dict[str, object]
) -> None:
    told = await trainee.ask(move, 400, **sent)
    assert told["error"]
    assert (await trainee.state())["phase"] == "idle"


@pytest.mark.parametrize("move", ["next", "skip", "desk"])
async def test_before_a_course_nothing_moves(trainee: Trainee, move: str) -> None:
    await trainee.ask(move, 400)


async def test_a_question_that_was_not_asked_is_not_answered(trainee: Trainee) -> None:
    await trainee.ask("begin")
    await trainee.ask("answer", 400, option=0)
    await trainee.ask("begin", 400)
    assert (await trainee.state())["phase"] == "scene"


async def test_a_visit_that_was_decided_asks_the_question(trainee: Trainee) -> None:
    told = await trainee.comes("sleeve")
    await trainee.put(told["case"]["card"])
    assert (await trainee.state())["phase"] == "playing"
    trainee.happens(Ending.ACCEPTED, Method.PIN)
    told = await trainee.state()
    assert (told["phase"], len(told["question"]["options"])) == ("question", 3)


async def test_a_visit_with_another_card_does_not_count(trainee: Trainee) -> None:
    await trainee.comes("sleeve")
    await trainee.put(OTHER)
    trainee.happens(Ending.ACCEPTED, Method.FACE)
    assert (await trainee.state())["phase"] == "scene"


async def test_a_card_that_left_early_and_came_back_is_the_same_visit(
    trainee: Trainee, world: World
) -> None:
    told = await trainee.comes("sleeve")
    card = told["case"]["card"]
    await shown(world, "reading_card")
    await trainee.put(card)
    await shown(world, "put_card_back")
    await trainee.put(None)
    await trainee.put(OTHER)
    # The other card ends the visit of the first one.
    trainee.happens(Ending.ACCEPTED, Method.PIN)
    assert (await trainee.state())["phase"] == "question"


async def test_a_card_that_nobody_heard_is_not_whose_visit_came_next(
    trainee: Trainee, world: World
) -> None:
    told = await trainee.comes("sleeve")
    await shown(world, "ready")
    await trainee.put(told["case"]["card"])
    await trainee.put(None)
    await trainee.put(OTHER)
    trainee.happens(Ending.ACCEPTED, Method.PIN)
    assert (await trainee.state())["phase"] == "playing"


async def test_somebody_else_before_the_camera_is_seen(trainee: Trainee) -> None:
    told = await trainee.comes("stranger")
    card = told["case"]["card"]
    await trainee.page.post("/person", json={"persona": card})
    await trainee.put(card)
    trainee.happens(Ending.REFUSED, Method.FACE, Code.NOT_FOUND)
    await trainee.state()
    await trainee.put(None)
    told = await trainee.ask("answer", option=0)
    assert told["result"]["points"] <= 5
    assert told["result"]["lines"][0]["kept"] is False


async def test_a_stranger_who_was_received_is_worth_nothing(trainee: Trainee) -> None:
    told = await trainee.comes("stranger")
    await trainee.put(told["case"]["card"])
    trainee.happens(Ending.ACCEPTED, Method.VISUAL)
    await trainee.state()
    await trainee.put(None)
    told = await trainee.ask("answer", option=right(told, await trainee.state()))
    assert (told["result"]["points"], told["record"]["forbidden"]) == (0, True)
    assert told["result"]["never"]["ja"]


async def test_the_card_goes_back_before_the_desk_takes_over(
    trainee: Trainee, hands: Hands
) -> None:
    told = await trainee.comes("stranger")
    await trainee.put(told["case"]["card"])
    assert "カード" in (await trainee.ask("desk", 400))["error"]
    await trainee.put(None)
    assert (await trainee.ask("desk"))["phase"] == "question"


async def test_which_option_is_right_is_told_after_the_answer_alone(
    trainee: Trainee,
) -> None:
    await trainee.comes("sleeve")
    told = await trainee.ask("desk")
    case = BY_ID["sleeve"]
    assert sorted(one["ja"] for one in told["question"]["options"]) == sorted(
        one.ja for one in case.question.options
    )
    before = json.dumps(told, ensure_ascii=False)
    assert case.question.why.ja not in before
    assert '"right"' not in before
    told = await trainee.ask("answer", option=1)
    assert told["phase"] == "judged"
    shown_right = told["question"]["options"][told["result"]["right"]]
    assert shown_right["ja"] == case.question.right.ja


async def test_the_counter_changes_with_the_course(
    trainee: Trainee, world: World
) -> None:
    before = world.training
    await trainee.ask("begin")
    assert world.training != before
    state = await (await trainee.page.get("/state")).json()
    assert state["training"] == world.training


async def test_the_end_puts_the_scene_back_and_leaves_a_record(
    trainee: Trainee, camera: SimulatedCamera, hands: Hands
) -> None:
    told = await trainee.comes("mask")
    await trainee.put(told["case"]["card"])
    told = await trainee.ask("end")
    assert told["phase"] == "finished"
    assert len(told["record"]["rows"]) == len(told["cases"])
    assert (camera.standing, camera.occluder, hands.card) == (None, None, None)
    assert (await trainee.ask("end"))["phase"] == "idle"


async def test_skipping_brings_the_next_patient(
    trainee: Trainee, camera: SimulatedCamera
) -> None:
    first = await trainee.comes("mask")
    told = await trainee.ask("skip")
    assert (told["phase"], told["result"]["points"]) == ("judged", 0)
    told = await trainee.ask("next")
    assert (told["phase"], told["number"]) == ("scene", 2)
    assert told["case"]["id"] != first["case"]["id"]
    assert camera.standing == told["case"]["stands"]


async def test_another_page_begins_nothing(trainee: Trainee) -> None:
    evil = {"Origin": "http://evil.example"}
    answer = await trainee.page.post("/training/begin", json={}, headers=evil)
    assert answer.status == 403
    assert (await trainee.state())["phase"] == "idle"


async def shown(world: World, name: str) -> None:
    await world.panel.show(world.panel.picture.copy(), name)


def right(case: dict[str, Any], told: dict[str, Any]) -> int:
    words = BY_ID[case["case"]["id"]].question.right.ja
    return [one["ja"] for one in told["question"]["options"]].index(words)
