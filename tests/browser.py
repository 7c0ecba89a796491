"""A real browser, where this machine has one, and what every page of ours must be in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PHONE, DESK = 360, 1200
Scheme = Literal["light", "dark"]

_AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, without a window; skips where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no browser on this machine (a Chromium on the PATH is one)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class Window(NamedTuple):
    """A window on one page, and all that the browser asked for and complained about in it."""

    page: Page
    asked: list[str]
    complaints: list[str]


@contextmanager
def window(browser: Browser, scheme: Scheme = "light", width: int = PHONE, **more: Any) -> Iterator[Window]:
    """A window of its own: nothing of another's is known in it."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}, **more)
    context.set_default_timeout(10_000)
    page = context.new_page()
    seen = Window(page, [], [])
    page.on("request", lambda request: seen.asked.append(request.url))
    page.on("console", lambda message: seen.complaints.append(message.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    try:
        yield seen
    finally:
        context.close()


def must_be_usable(page: Page, *, but: str | None = None) -> None:
    """By everyone, as far as axe can tell by its rules `but` one, and without scrolling sideways."""
    page.evaluate(_AXE)
    rules = {but: {"enabled": False}} if but else {}
    _must_pass(page, {"rules": rules})


def must_be_usable_by_day_and_night(page: Page) -> None:
    """Of one load, by day on a phone and by night on a desk.

    What changes with the scheme is colour alone, and the rules about it are asked again; all others read the
    same elements.
    """
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": PHONE, "height": 800})
    must_be_usable(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": DESK, "height": 800})
    _must_pass(page, {"runOnly": ["cat.color"]})


def _must_pass(page: Page, how: dict[str, Any]) -> None:
    found = page.evaluate("how => axe.run(how)", how)["violations"]
    wrong = [(page.url, one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    assert not wrong, wrong
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
