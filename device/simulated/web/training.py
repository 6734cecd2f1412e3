"""Training: twelve irregular patients come one after the other, and are scored.

What counts is what the reader did (Witness); the page says only what was pressed on the
page. In memory only, and nobody's name is in it.
"""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated

from aiohttp import web
from pydantic import Field

from device.simulated.training import course as moves
from device.simulated.training.case import Case
from device.simulated.training.cases import CASES
from device.simulated.training.course import Course, Phase, WrongPhaseError
from device.simulated.web import training_facts
from device.simulated.web.bodies import Body, body
from device.simulated.web.guard import BadInputError
from device.simulated.web.training_scene import SceneSetter
from device.simulated.web.witness import Witness
from device.simulated.world import World

NOTICE_S = 0.25
"""How often to look for what rings no bell."""
RUNNING = frozenset({Phase.SCENE, Phase.PLAYING, Phase.QUESTION, Phase.JUDGED})
MOST_SEED = 999_999


class NothingBody(Body):
    pass


class BeginBody(Body):
    seed: Annotated[int, Field(ge=0, le=MOST_SEED, strict=True)] | None = None
    """Which order of cases and options; none: another one each time."""


class AnswerBody(Body):
    option: Annotated[int, Field(ge=0, lt=moves.OPTIONS, strict=True)]


class Training:
    def __init__(self, world: World, scene: SceneSetter) -> None:
        self._world = world
        self._scene = scene
        self._course = Course()
        self._witness = Witness(world)
        self._watching: asyncio.Task[None] | None = None
        self._moving = asyncio.Lock()
        world.training = 0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/training", self.state),
            web.post("/training/begin", self.begin),
            web.post("/training/desk", self.desk),
            web.post("/training/answer", self.answer),
            web.post("/training/skip", self.skip),
            web.post("/training/next", self.next),
            web.post("/training/end", self.end),
        ]

    async def state(self, request: web.Request) -> web.Response:
        self._look()
        return self._told()

    async def begin(self, request: web.Request) -> web.Response:
        """A new course, and its first patient."""
        wanted = await body(request, BeginBody)
        async with self._moving:
            if self._course.phase in RUNNING:
                raise BadInputError("a course is running: end it first")
            seed = wanted.seed
            if seed is None:
                seed = secrets.randbelow(MOST_SEED + 1)
            await self._comes(moves.begin(seed, self._now(), self._playable()))
            self._watch()
        return self._told()

    async def desk(self, request: web.Request) -> web.Response:
        """This patient is done at the reader. The card is given back first."""
        await body(request, NothingBody)
        async with self._moving:
            self._look()
            if self._course.at_reader and self._world.tray.card is not None:
                raise BadInputError(
                    "先に、リーダーのカードを患者に返してください。"
                    " / Give the card back to the patient first."
                )
            self._move(moves.at_the_desk)
            await self._scene.mend()
        return self._told()

    async def answer(self, request: web.Request) -> web.Response:
        wanted = await body(request, AnswerBody)
        async with self._moving:
            back = self._world.tray.card is None
            self._move(
                lambda was: moves.answer(
                    was, wanted.option, card_back=back, now=self._now()
                )
            )
            await self._scene.mend()
        return self._told()

    async def skip(self, request: web.Request) -> web.Response:
        await body(request, NothingBody)
        async with self._moving:
            self._move(lambda was: moves.skip(was, self._now()))
            await self._scene.mend()
        return self._told()

    async def next(self, request: web.Request) -> web.Response:
        """The next patient; after the last one the course is finished."""
        await body(request, NothingBody)
        async with self._moving:
            self._look()
            await self._comes(
                self._moved(lambda was: moves.next_patient(was, self._now()))
            )
        return self._told()

    async def end(self, request: web.Request) -> web.Response:
        """The scene is put back. What was not taken counts nothing; a finished course
        is forgotten."""
        await body(request, NothingBody)
        async with self._moving:
            self._look()
            await self._comes(moves.end(self._course))
        return self._told()

    async def close(self, app: web.Application) -> None:
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    # -- the course --------------------------------------------------------------
    async def _comes(self, course: Course) -> None:
        """The course with whoever comes now standing there, or nobody any more."""
        if course.case is not None:
            await self._scene.set(course.case.scene)
        elif self._course.phase in RUNNING:
            await self._scene.clear()
        self._look()
        self._set(course)

    def _move(self, move: Callable[[Course], Course]) -> None:
        self._look()
        self._set(self._moved(move))

    def _moved(self, move: Callable[[Course], Course]) -> Course:
        try:
            return move(self._course)
        except WrongPhaseError as error:
            raise BadInputError(str(error)) from None

    def _look(self) -> None:
        self._set(self._witness.look(self._course))

    def _set(self, course: Course) -> None:
        if course != self._course:
            self._course = course
            self._world.training = (self._world.training or 0) + 1
            self._world.changes.ring()

    # -- while a course runs -----------------------------------------------------
    def _watch(self) -> None:
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._until_over())

    async def _until_over(self) -> None:
        while self._course.phase in RUNNING:
            self._look()
            await self._hand()
            with suppress(TimeoutError):
                async with asyncio.timeout(NOTICE_S):
                    await self._world.changes.wait()

    async def _hand(self) -> None:
        """The patient's own: takes the card away where the case says so."""
        if moves.card_leaves(self._course):
            self._set(moves.card_left(self._course))
            with suppress(OSError):
                await self._scene.take_card()

    def _playable(self) -> tuple[Case, ...]:
        return tuple(case for case in CASES if self._scene.can(case.scene))

    def _told(self) -> web.Response:
        return web.json_response(training_facts.state(self._course, self._playable()))

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
