"""A goal's history in a real browser: as its slider moves, without scripts, by the keyboard, and in print."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.browser import DESK, window
from tests.goals.web.browser.conftest import Room
from tests.goals.web.lived import LABEL, LIVED

AT = f"/goals/{LIVED}"


def test_the_goal_is_redrawn_as_the_slider_moves_on_both_axes(room: Room, browser: Browser) -> None:
    with window(browser, width=DESK) as seen:
        page, points = seen.page, seen.page.locator("#shown [aria-labelledby^=ratings] .point")
        room.come_in(page, f"{AT}/history")
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


def test_without_scripts_the_slider_is_a_form_that_one_sends(room: Room, browser: Browser) -> None:
    with window(browser, java_script_enabled=False) as seen:
        page = seen.page
        room.come_in(page, f"{AT}/history")
        page.get_by_role("slider", name="Day").press("Home")
        page.get_by_role("button", name="Show this day").press("Enter")
        expect(page.get_by_text("This goal was not there yet.")).to_be_visible()
        page.goto(f"{room.url}{AT}/copy")
        expect(page.get_by_role("button", name="Print")).to_be_hidden()


def test_by_the_keyboard_alone_one_gets_from_the_history_to_two_days(room: Room, browser: Browser) -> None:
    with window(browser) as seen:
        page = seen.page
        room.come_in(page, f"{AT}/history")
        page.get_by_role("link", name="Two days side by side").press("Enter")
        page.get_by_role("button", name="Compare").press("Enter")
        expect(page).to_have_url(re.compile("from=.*&to=.*&axis=known"))
        expect(page.get_by_role("heading", name="What happened in between, and why")).to_be_visible()


def test_what_is_printed_is_her_copy_and_nothing_around_it(room: Room, browser: Browser) -> None:
    with window(browser, "dark", DESK) as seen:
        page = seen.page
        room.come_in(page, f"{AT}/copy")
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", name=LABEL)).to_be_visible()
        expect(page.locator("svg.chart[role=img]").first).to_be_visible()
        for around in ("header", "footer", "form", "details"):
            expect(page.locator(around).first).to_be_hidden()
        ink = page.locator(".facts dt").first.evaluate("one => getComputedStyle(one).color")
        assert ink == "rgb(51, 51, 51)", "paper is white, whatever the screen was"
