"""The patient's page in a real browser: on a phone, by keyboard, without a script.

Screenshots stay under var/page/walk (or SHIKAKU_SHOTS/page/walk). axe-core judges every
page in both languages and both colour schemes by WCAG 2.2 A and AA.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cloud.page.render import LANGUAGES, Renderer
from cloud.page.sample import rendered
from tests.cloud.page_world import NO, SILENT, YES, Site, other_word, served
from tests.cloud.world import FACILITY
from tests.support.chromium import Page, chromium, faults, needs_chromium, photographer

pytestmark = needs_chromium
PHONE = {"width": 320, "height": 640}
LOOKS = [("ja", "light"), ("en", "dark")]
if os.environ.get("SHIKAKU_LONG"):
    LOOKS = [(lang, scheme) for lang in LANGUAGES for scheme in ("light", "dark")]
shot = photographer("page/walk")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def site(sqlite_schema: Path, tmp_path: Path) -> Iterator[Site]:
    file = tmp_path / "cloud.sqlite3"
    shutil.copyfile(sqlite_schema, file)
    with served(file) as running:
        yield running


def test_axe_finds_a_fault_that_is_there(browser: Any) -> None:
    page = browser.new_page()
    page.set_content("<html><body><img src='x'><input></body></html>")
    ids = {fault.partition(":")[0] for fault in faults(page)}
    page.close()
    assert {"image-alt", "label", "html-has-lang", "document-title"} <= ids


@pytest.mark.parametrize(("lang", "scheme"), LOOKS)
def test_every_page_is_within_wcag_22_aa(
    browser: Any, site: Site, lang: str, scheme: str
) -> None:
    """Every template with sample data, under the style sheet as it is served."""
    context = browser.new_context(viewport=PHONE, color_scheme=scheme)
    page = context.new_page()
    pages = rendered(Renderer(), lang)

    def give(route: Any) -> None:
        name = route.request.url.rpartition("/")[2]
        route.fulfill(body=pages[name], content_type="text/html; charset=utf-8")

    page.route("**/sample/*", give)
    wrong: dict[str, list[str]] = {}
    for name in pages:
        page.goto(f"{site.url}/sample/{name}")
        if found := faults(page):
            wrong[name] = found
    context.close()
    assert len(pages) >= 16
    assert wrong == {}


def test_a_walk_on_a_phone_without_a_script(browser: Any, site: Site) -> None:
    desk = site.desk
    pressed = {"diagnosis_and_drugs": YES, "operation": YES, "checkup": NO}
    token, word = desk.visit(pressed)
    desk.elsewhere({"checkup": YES}, desk.person())
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        java_script_enabled=False,
        locale="ja-JP",
        is_mobile=True,
        has_touch=True,
    )
    page = context.new_page()
    page.goto(site.link(token))
    shot(page, "phone-1-word")
    page.fill("#word", other_word(word))
    tap(page, "main button")
    assert page.locator("[role=alert]").count() == 1
    shot(page, "phone-2-wrong")
    desk.later(60_000)
    page.fill("#word", f"{word[:3]} {word[3:]}")
    tap(page, "main button")
    # The address of the page has nothing of the link.
    assert page.url == f"{site.url}/"
    assert page.locator("section.card").count() == 2
    shot(page, "phone-3-overview")
    tap(page, "text=今回の同意の控え")
    assert page.locator("dl .open").count() == 2
    shot(page, "phone-4-receipt")
    tap(page, "text=だれが、いつ、何を見たか")
    assert page.locator("ol.looks > li").count() == 3
    shot(page, "phone-5-seen")
    page.goto(f"{site.url}/at/{FACILITY}")
    shot(page, "phone-6-facility")
    tap(page, "text=手術の情報の同意を取り消す")
    shot(page, "phone-7-confirm")
    assert desk.reads("operation")
    desk.later(1000)
    tap(page, "main button")
    assert not desk.reads("operation")
    assert desk.reads("diagnosis_and_drugs")
    assert page.url.endswith(f"/withdrawn?facility={FACILITY}&item=operation")
    shot(page, "phone-8-withdrawn")
    tap(page, "text=English")
    assert page.locator("h1").inner_text() == "Withdrawn"
    tap(page, "text=To the first page")
    tap(page, "text=Withdraw all consents")
    shot(page, "phone-9-confirm-all-english")
    desk.later(1000)
    tap(page, "main button.ending")
    assert not desk.reads("diagnosis_and_drugs")
    assert desk.stores.consents.opened(desk.person()) == ()
    tap(page, "text=Close this page")
    assert page.locator("h1").inner_text() == "The page is closed"
    page.goto(f"{site.url}/")
    assert page.locator("text=P305").count() == 1
    context.close()


def test_a_walk_by_keyboard_alone(browser: Any, site: Site) -> None:
    desk = site.desk
    token, word = desk.visit({"operation": YES, "checkup": SILENT})
    context = browser.new_context(viewport={"width": 1024, "height": 768})
    page = context.new_page()
    page.goto(site.link(token) + "?lang=en")
    press = page.keyboard.press
    press("Tab")
    assert _focused(page) == "Skip to the content"
    shot(page, "keyboard-1-skip")
    page.keyboard.press("Enter")
    press("Tab")
    assert page.evaluate("document.activeElement.id") == "word"
    assert _has_outline(page)
    page.keyboard.type(word)
    enter(page)
    assert page.locator("h1").inner_text() == "Who may read your records"
    _tab_to(page, "Withdraw all consents")
    assert _has_outline(page)
    shot(page, "keyboard-2-focus")
    enter(page)
    desk.later(1000)
    _tab_to(page, "Withdraw")
    enter(page)
    assert page.locator("h1").inner_text() == "Withdrawn"
    assert not desk.reads("operation")
    page.goto(f"{site.url}/presets/{FACILITY}")
    _tab_to(page, "radio operation")
    press("ArrowDown")
    _tab_to(page, "Save")
    enter(page)
    assert page.locator("[role=status]").inner_text() == "Saved."
    assert page.locator("input[name=operation][value=refused]").is_checked()
    context.close()


def test_nothing_is_lost_at_400_percent(browser: Any, site: Site) -> None:
    """WCAG 1.4.10: 1280 pixels at 400 % are 320; and text alone at 200 %, too."""
    token, word = site.desk.visit()
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(site.link(token))
    page.fill("#word", word)
    with page.expect_navigation():
        page.click("main button")
    for path in ("/", "/receipt", "/seen", f"/at/{FACILITY}", "/withdraw"):
        page.goto(site.url + path)
        page.evaluate("document.documentElement.style.fontSize = '225%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    shot(page, "zoom-withdraw")
    context.close()


def test_the_policy_lets_no_script_run(browser: Any, site: Site) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.goto(f"{site.url}/closed")
    assert said == []
    page.evaluate(
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        "document.body.append(s)"
    )
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in line for line in said)
    context.close()


def tap(page: Page, what: str) -> None:
    with page.expect_navigation():
        page.tap(what)


def enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _focused(page: Page) -> str:
    text: str = page.evaluate(
        "(e => e.type == 'radio' ? 'radio ' + e.name : e.innerText.trim())"
        "(document.activeElement)"
    )
    return text


def _tab_to(page: Page, text: str) -> None:
    for _ in range(30):
        if _focused(page) == text:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{text} cannot be reached by keyboard")


def _has_outline(page: Page) -> bool:
    width: str = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    return width == "3px"
