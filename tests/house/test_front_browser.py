"""The reader's page in a real browser: one visit by clicks, one by keyboard alone.

Screenshots stay under var/front (or SHIKAKU_SHOTS/front). The clinic behind the page is
the demo's, with every process of it.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from device.simulated.persona import personas
from device.simulated.training.cases import BY_ID
from provisioning.demo.stage import FACE, PIN, YES
from tests.support.chromium import Page, chromium, faults, needs_chromium, photographer
from tests.support.house_clinic import House
from tests.support.training import beginning_with

pytestmark = needs_chromium
SIZE = {"width": 1440, "height": 1000}
SMALL = {"width": 360, "height": 740}
MOST_TABS = 120
TURN_KEYS = {"look-turn_left": "ArrowLeft", "look-turn_right": "ArrowRight"}
"""The way the arrow of the reader's screen points."""
shot = photographer("front")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Any, clinic: House) -> Iterator[Page]:
    context = browser.new_context(viewport=SIZE, locale="ja-JP")
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    clinic.stage.begin()
    opened.goto(clinic.clinic.desk.front_url)
    shown(opened, "ready")
    yield opened
    clinic.patient.take()
    context.close()
    assert wrong == []


def shown(page: Page, *views: str) -> str:
    """Wait until the page shows one of these screens; the screen's own name."""
    said = "リーダーの画面: "
    wanted = [said + view for view in views]
    page.wait_for_function(
        "wanted => wanted.some((one) =>"
        " document.getElementById('screen').alt.startsWith(one))",
        arg=wanted,
    )
    alt: str = page.get_attribute("#screen", "alt")
    return alt.removeprefix(said)


def pin_of(persona: str) -> str:
    return next(one.pin for one in personas() if one.id == persona)


def test_a_whole_visit_by_clicks(page: Page, clinic: House) -> None:
    page.click(".tray .idcard[data-id=takahashi-yuki]")
    shown(page, "choose_method")
    shot(page, "clicks-1-choose")
    assert faults(page) == []
    page.click(f"[data-key='{PIN}']")
    shown(page, "enter_pin")
    for digit in pin_of("takahashi-yuki"):
        page.click(f"[data-key='{digit}']")
    page.wait_for_selector("#refresh[data-kind=partial]")
    shot(page, "clicks-2-pin")
    page.click("[data-key=enter]")
    for question in (1, 2, 3):
        shown(page, f"ask_consent-{question}")
        page.click(f"[data-key='{YES}']")
    shown(page, "take_card")
    shot(page, "clicks-3-done")
    page.click("#slot")
    shown(page, "thank_you")
    page.wait_for_selector("#files li button")
    shot(page, "clicks-4-thanks")
    shown(page, "ready")
    assert clinic.fact()["outcome"] == "accepted"
    assert clinic.fact()["method"] == "pin"
    assert clinic.result().consent("SpecificHealthCheckupsInfo") == "1"


def test_a_whole_visit_by_keyboard_alone(page: Page, clinic: House) -> None:
    """By face, and staff confirm; no mouse, no touch."""
    tab_to(page, "佐藤 花子")
    shot(page, "keyboard-1-card")
    page.keyboard.press("Enter")
    shown(page, "choose_method")
    page.keyboard.press(FACE)
    turned(page)
    shot(page, "keyboard-2-staff")
    page.keyboard.press("s")
    for question in (1, 2, 3):
        shown(page, f"ask_consent-{question}")
        page.keyboard.press(YES)
    shown(page, "take_card")
    shot(page, "keyboard-3-done")
    page.keyboard.press("t")
    shown(page, "thank_you")
    shown(page, "ready")
    assert clinic.fact()["outcome"] == "accepted"
    assert clinic.fact()["method"] == "visual"
    assert clinic.result().consent("OperationInfo") == "1"


def tab_to(page: Page, name: str) -> None:
    """As somebody does who sees where the focus is."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.ariaLabel || ''"):
            return
    pytest.fail(f"{name} is not reached by {MOST_TABS} tabs")


def turned(page: Page) -> None:
    """Holds an arrow key as long as the screen asks for it, until the look is over."""
    held = ""
    while (name := shown(page, "look", "face_supported")) != "face_supported":
        wanted = TURN_KEYS.get(name, "")
        if wanted != held:
            if held:
                page.keyboard.up(held)
            if wanted:
                page.keyboard.down(wanted)
            held = wanted
        page.wait_for_timeout(40)
    if held:
        page.keyboard.up(held)


def test_the_screen_has_its_true_pixels(page: Page) -> None:
    box = page.locator("#screen").bounding_box()
    assert (box["width"], box["height"]) == (800, 480)
    assert "実寸" in page.inner_text("#scale")
    page.set_viewport_size(SMALL)
    page.wait_for_function(
        "document.getElementById('scale').innerText.includes('縮小')"
    )


def test_a_digit_is_a_window_and_a_new_screen_flashes(page: Page) -> None:
    page.click(".tray .idcard[data-id=kato-minoru]")
    shown(page, "choose_method")
    page.click(f"[data-key='{PIN}']")
    shown(page, "enter_pin")
    page.click("[data-key='7']")
    page.wait_for_selector("#paper-glass[data-update=partial]")
    window = page.locator("#window").bounding_box()
    assert 0 < window["width"] < 400
    page.click("[data-key=cancel]")
    shown(page, "card_left")
    page.wait_for_selector("#paper-glass[data-update=fast]")
    page.click("#slot")
    shown(page, "ready")


def test_the_page_is_within_wcag_22_aa(page: Page) -> None:
    page.wait_for_selector(".tray .idcard .printed")
    assert faults(page) == []
    page.set_viewport_size(SMALL)
    shot(page, "small")
    assert faults(page) == []


def test_a_stranger_in_the_training_is_not_received(page: Page) -> None:
    """Scored by what the reader decided, with every process behind it."""
    beginning_with(page, "stranger")
    page.click("#train")
    page.click("#training button:has-text('はじめる')")
    page.click(".put")
    shown(page, "choose_method")
    page.click("[data-key='3']")
    shown(page, "call_staff")
    # Here the staff key would receive him, and the case would be worth nothing.
    page.click("[data-key=cancel]")
    shown(page, "card_left")
    page.click("#slot")
    shown(page, "ready")
    page.click(".desk-button")
    right = BY_ID["stranger"].question.right.ja
    page.click(f".options button:has-text('{right}')")
    page.wait_for_selector(".judged")
    assert page.inner_text(".points b") == "10"
    shot(page, "training")
    page.click("#training button:has-text('研修を終える')")
    page.wait_for_selector(".verdict.failed")
    page.click("#training button:has-text('閉じる')")
    page.wait_for_selector("#training", state="hidden")
