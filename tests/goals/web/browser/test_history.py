"""A goal's history in a real browser: on a phone, in the dark, by the keyboard, and as its slider moves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESK, PHONE, Scheme, Window, must_be_usable, window
from tests.goals.api.callers import Knock
from tests.goals.web.lived import LABEL, LIVED, live
from tests.goals.web.visitors import PASSWORD, PEOPLE, invite
from tests.serving import serving

PAGES = ("history?axis=true", "history?show=all", "difference?axis=true", "copy?words=yes", "integrity")
LONGEST = 100_000
"""Bytes of a page."""


@pytest.fixture
def at(app: Flask, knock: Knock) -> Iterator[str]:
    """Where the pages of the goal's past are."""
    live(knock)
    invite(app, "therapist")
    with serving(app) as url:
        yield f"{url}/goals/{LIVED}"


def sign_in(page: Page, at: str) -> None:
    page.goto(f"{at}/history")
    page.fill("[name=email]", PEOPLE["therapist"][4])
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("How this goal changed")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_usable_small_and_asks_for_nothing_else(
    at: str, browser: Browser, scheme: Scheme
) -> None:
    with window(browser, scheme) as seen:
        sign_in(seen.page, at)
        for width in (PHONE, DESK):
            seen.page.set_viewport_size({"width": width, "height": 800})
            for name in PAGES:
                _look(seen, f"{at}/{name}")
        assert {urlsplit(one).netloc for one in seen.asked} == {urlsplit(at).netloc}
        assert seen.complaints == []


def _look(seen: Window, address: str) -> None:
    answer = seen.page.goto(address)
    assert answer
    assert len(answer.body()) < LONGEST
    for tables in seen.page.locator("summary").all():
        tables.click()
    must_be_usable(seen.page)


def test_the_goal_is_redrawn_as_the_slider_moves_on_both_axes(at: str, browser: Browser) -> None:
    with window(browser, width=DESK) as seen:
        page, points = seen.page, seen.page.locator("#shown [aria-labelledby^=ratings] .point")
        sign_in(page, at)
        expect(points).to_have_count(10)
        slider = page.get_by_role("slider", name="Day")
        slider.focus()
        page.keyboard.press("Home")
        expect(page.get_by_text("This goal was not there yet.")).to_be_visible()
        page.get_by_label("What was true then, as we know now").check()
        expect(page.get_by_text("This goal was not there yet.")).to_be_hidden()
        for _ in range(10):
            slider.press("ArrowRight")
        expect(points).to_have_count(4)
        said = slider.get_attribute("aria-valuetext")
        expect(page.locator("#then-day")).to_contain_text(said or "nothing")
        page.reload()
        expect(points).to_have_count(4)
        assert seen.complaints == []


def test_without_scripts_the_slider_is_a_form_that_one_sends(at: str, browser: Browser) -> None:
    with window(browser, java_script_enabled=False) as seen:
        page = seen.page
        sign_in(page, at)
        page.get_by_role("slider", name="Day").press("Home")
        page.get_by_role("button", name="Show this day").press("Enter")
        expect(page.get_by_text("This goal was not there yet.")).to_be_visible()
        page.goto(f"{at}/copy")
        expect(page.get_by_role("button", name="Print")).to_be_hidden()


def test_by_the_keyboard_alone_one_gets_from_the_history_to_two_days(at: str, browser: Browser) -> None:
    with window(browser) as seen:
        page = seen.page
        sign_in(page, at)
        page.get_by_role("link", name="Two days side by side").press("Enter")
        page.get_by_role("button", name="Compare").press("Enter")
        expect(page).to_have_url(re.compile("from=.*&to=.*&axis=known"))
        expect(page.get_by_role("heading", name="What happened in between, and why")).to_be_visible()


def test_what_is_printed_is_her_copy_and_nothing_around_it(at: str, browser: Browser) -> None:
    with window(browser, "dark", DESK) as seen:
        page = seen.page
        sign_in(page, at)
        page.goto(f"{at}/copy")
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", name=LABEL)).to_be_visible()
        expect(page.locator("svg.chart[role=img]").first).to_be_visible()
        for around in ("header", "footer", "form", "details"):
            expect(page.locator(around).first).to_be_hidden()
        ink = page.locator(".facts dt").first.evaluate("one => getComputedStyle(one).color")
        assert ink == "rgb(51, 51, 51)", "paper is white, whatever the screen was"
