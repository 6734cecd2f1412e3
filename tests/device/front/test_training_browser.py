"""The training in a real browser: a patient by keyboard and clicks, and the record.

Screenshots stay under var/front/training (or SHIKAKU_SHOTS). The reader behind the page
decides what it is told to; tests/house has the one that really does.
"""

import asyncio
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from device.session.state import Ending
from device.simulated.training.cases import BY_ID, CASES
from device.simulated.training.course import Course, Phase
from device.simulated.training.happened import Happened
from device.simulated.training.score import judge
from device.simulated.web import training_facts
from device.simulated.world import World
from device.visit_log import VisitFact, VisitLog
from protocol.codes import Method
from protocol.ids import VisitId
from tests.device.front.conftest import Client
from tests.support.chromium import Page, chromium, faults, needs_chromium, photographer
from tests.support.training import beginning_with
from ui_eink.render import render
from ui_eink.views import Lang, Ready

pytestmark = needs_chromium
SIZE = {"width": 1440, "height": 1000}
NAME = "見本　さくら"
shot = photographer("front/training")
SHOTS = Path(os.environ.get("SHIKAKU_SHOTS", "var")) / "front/training"


@contextmanager
def opened(client: Client) -> Iterator[Page]:
    """The page; whatever goes wrong in it, or is sent with a name, fails the test."""
    wrong: list[str] = []
    with chromium() as browser:
        page = browser.new_page(viewport=SIZE, locale="ja-JP")
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda sent: (
                wrong.append(sent.url) if NAME in (sent.post_data or "") else None
            ),
        )
        page.goto(str(client.make_url("/")))
        yield page
    assert wrong == []


def sheet(page: Page, name: str) -> bytes:
    """As it would be printed."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = str(SHOTS / f"{name}.pdf")
    pdf: bytes = page.pdf(path=path, prefer_css_page_size=True)
    return pdf


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def focused(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.innerText")
    return text


async def test_a_patient_is_helped_and_scored_and_the_record_is_one_page(
    client: Client, world: World, visits: VisitLog
) -> None:
    await world.panel.show(render(Ready(simulated=True), Lang.JA), "ready")

    def received() -> None:
        fact = VisitFact(VisitId("1"), Ending.ACCEPTED, Method.PIN, None, {}, {})
        visits.add(fact)

    await asyncio.to_thread(helped, client, received)


def helped(client: Client, received: Callable[[], None]) -> None:
    with opened(client) as page:
        beginning_with(page, "sleeve")
        page.click("#train")
        assert "はじめる" in focused(page)
        page.keyboard.press("Enter")
        page.wait_for_selector(".put")
        assert BY_ID["sleeve"].says.ja in focused(page)
        assert not page.is_visible(".tray")
        assert faults(page) == []
        page.wait_for_function("document.getElementById('camera').src")
        shot(page, "1-patient")
        page.keyboard.press("Tab")
        assert "カードを置いてもらう" in focused(page)
        page.keyboard.press("Enter")
        page.wait_for_selector("#slot.full")
        received()
        page.wait_for_selector(".options")
        assert focused(page).startswith(BY_ID["sleeve"].question.asked.ja)
        page.keyboard.press("t")
        page.wait_for_selector("#slot:not(.full)")
        shot(page, "2-question")
        right = BY_ID["sleeve"].question.right.ja
        while right not in focused(page):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(".judged")
        assert page.inner_text(".points b") == "10"
        assert focused(page).startswith("10")
        assert faults(page) == []
        shot(page, "3-judged")
        page.click("text=研修を終える")
        page.wait_for_selector(".verdict.failed")
        assert "まだ合格ではありません" in focused(page)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.type(NAME)
        assert faults(page) == []
        page.screenshot(path=str(SHOTS / "4-record.png"))
        assert page.locator("#record tbody tr").count() > 1
        pdf = sheet(page, "record")
        assert pages(pdf) == 1
        page.click("#record .tools button:has-text('閉じる')")
        page.click("#training button:has-text('閉じる')")
        page.wait_for_selector("#training", state="hidden")
        assert page.is_visible(".tray")
        assert page.evaluate("document.activeElement.id") == "train"


async def test_the_worst_of_all_records_is_still_one_page(client: Client) -> None:
    course = worst()
    told = json.dumps(training_facts.state(course, CASES))
    await asyncio.to_thread(printed, client, told)


def worst() -> Course:
    judged = tuple(
        judge(case, Happened(), 1, card_back=False, seconds=3599.0) for case in CASES
    )
    order = tuple(case.id for case in CASES)
    return Course(999_999, order, Phase.FINISHED, judged=judged)


def printed(client: Client, told: str) -> None:
    with opened(client) as page:
        page.route("**/training", lambda route: route.fulfill(body=told))
        page.reload()
        page.click("#training button:has-text('記録を見る')")
        page.fill("#record-name", NAME)
        pdf = sheet(page, "worst")
        assert pages(pdf) == 1
        page.emulate_media(media="print")
        assert not page.is_visible("header")
        assert page.is_visible("#record table")
