"""The timeline of a visit: what the machine did, and when the paper had it drawn."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from aiohttp import web

from device.simulated.panel import Shot
from device.simulated.world import World
from device.timeline import Course, Row
from device.timeline_words import Kind
from ui_eink.panels import Update

NEARLY_S = 0.001
"""Rows are told in whole milliseconds."""
OVERTAKEN = "overtaken"
"""A newer screen was asked for before this one was drawn."""


class Retelling:
    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/timeline", self.timeline)]

    async def timeline(self, request: web.Request) -> web.Response:
        """The present visit, or the last one when nobody is there."""
        timeline = self._world.timeline
        course = timeline.latest if timeline else None
        return web.json_response(told(course, self._world.panel.shots))


def told(course: Course | None, shots: Iterable[Shot]) -> dict[str, Any]:
    """As JSON; visit 0 is none. The step that is going on is not among the steps."""
    if course is None:
        return {"visit": 0, "rows": [], "steps": []}
    return {
        "visit": course.visit,
        "rows": [asdict(row) for row in drawn(course, shots)],
        "steps": [asdict(step) for step in course.steps],
    }


def drawn(course: Course, shots: Iterable[Shot]) -> tuple[Row, ...]:
    """The rows, and with each screen how the paper came to it.

    A shot is of the newest screen of its name that was asked for before it began.
    """
    rows = list(course.rows)
    waiting = [at for at, row in enumerate(rows) if row.kind is Kind.SCREEN]
    for shot in shots:
        asked = [
            at
            for at in waiting
            if rows[at].name == shot.name
            and course.began + rows[at].ms / 1000 <= shot.at + NEARLY_S
        ]
        if not asked:
            continue
        for at in [each for each in waiting if each < asked[-1]]:
            rows[at] = replace(rows[at], detail=OVERTAKEN)
        rows[asked[-1]] = replace(rows[asked[-1]], detail=how(shot))
        waiting = [at for at in waiting if at > asked[-1]]
    return tuple(rows)


def how(shot: Shot) -> str:
    """ "partial 120x64, 520 ms": the panel's update, its window and what it takes."""
    if shot.update is Update.NONE:
        return "nothing changed"
    return f"{shot.update.value} {shot.box.w}x{shot.box.h}, {shot.ms:.0f} ms"
