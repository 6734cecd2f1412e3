"""Debian's own Chromium, headless: opened, photographed, judged by axe-core.

Screenshots stay under var/ (or SHIKAKU_SHOTS), for people to look at.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install -e .[dev]"
)
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="NO BROWSER: apt-get install chromium; nothing is shown"
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
Page = Any
"""Of playwright; its types come with it, where it is installed."""


@contextmanager
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        yield opened
        opened.close()


def photographer(room: str) -> Callable[[Page, str], None]:
    """shot(page, name) leaves <room>/<name>.png, the page from top to bottom."""
    folder = Path(os.environ.get("SHIKAKU_SHOTS", "var")) / room

    def shot(page: Page, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(folder / f"{name}.png"), full_page=True)

    return shot


def faults(page: Page) -> list[str]:
    """What axe-core finds by WCAG 2.2 A and AA, and a page wider than the screen."""
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    named = [
        f"{one['id']}: {node['html'][:120]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*named, *(["wider than the screen"] if wide else [])]
