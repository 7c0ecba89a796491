"""The room in a real browser: a first evening with a client, without scripts, and by the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESK, must_be_usable_by_day_and_night, window
from tests.controls import CLIENT, STATEMENT
from tests.goals.api.callers import A_CLIENT, CONSENT_BODY, Knock, named, today
from tests.goals.web.browser.conftest import Room
from tests.goals.web.visitors import PASSWORD, PEOPLE

HER_PAGE = f"/clients/{CLIENT}"


def sign_in(page: Page, url: str, who: str = "therapist") -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_label("E-mail address").fill(PEOPLE[who][4])
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Clients")


def test_a_first_evening_with_a_client(room: Room, browser: Browser) -> None:
    with window(browser, width=DESK) as seen:
        page = seen.page
        sign_in(page, room.url)
        page.get_by_role("link", name="Register a client").click()
        page.get_by_label("Her name").fill("Rosa Diaz")
        page.get_by_label("She is an adult").check()
        page.get_by_role("button", name="Register").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Rosa Diaz")
        page.get_by_role("link", name="Set a goal").click()
        page.get_by_label("What she would like, in her own words").fill(STATEMENT)
        expect(page.locator("[data-letter=S] [data-ask]")).to_have_text("This is there.")
        expect(page.locator("[data-letter=A] [data-ask]")).not_to_be_empty()
        _fill_in(page)
        page.get_by_role("button", name="Set it").click()
        expect(page.get_by_role("link", name="Slow breathing, five minutes", exact=True)).to_be_visible()
        page.get_by_role("link", name="Slow breathing, five minutes", exact=True).click()
        page.get_by_role("link", name="Adjust it").click()
        page.get_by_label("How much").fill("1")
        page.get_by_label("What this does").select_option("eased")
        page.get_by_label("What made you two change it?").select_option("too_hard")
        page.get_by_label("A few words about it").fill("Mornings are rushed")
        page.get_by_role("button", name="Keep the change").click()
        expect(page.get_by_text("1 exercise a day")).to_be_visible()
        page.get_by_role("link", name="How this goal changed").click()
        expect(page.get_by_text("Mornings are rushed").first).to_be_visible()
        page.get_by_role("button", name="Sign out", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        page.go_back()
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        assert seen.complaints == []


def test_it_is_all_there_without_scripts(room: Room, browser: Browser) -> None:
    with window(browser, java_script_enabled=False) as seen:
        page = seen.page
        room.come_in(page, f"{HER_PAGE}/goals/new")
        page.get_by_label("What she would like, in her own words").fill(STATEMENT)
        page.get_by_role("button", name="What is still open?").click()
        expect(page.locator("[data-letter=S] [data-ask]")).to_have_text("This is there.")
        _fill_in(page)
        page.get_by_role("button", name="Set it").click()
        expect(page.get_by_role("link", name="Slow breathing, five minutes", exact=True)).to_be_visible()


def test_she_asked_to_stop_by_the_keyboard_alone(room: Room, browser: Browser) -> None:
    Knock(room.app)("therapist", "PUT", f"{A_CLIENT}/consents/email/{named('by mail')}", CONSENT_BODY)
    with window(browser) as seen:
        page = seen.page
        page.goto(f"{room.url}/sign-in")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to what this page is about")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type(PEOPLE["therapist"][4])
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Clients")
        _press(page, "Maya Okafor")
        _press(page, "She asked to stop")
        expect(page.get_by_text("nothing more is sent to her from now on")).to_be_visible()
        assert seen.complaints == []


def test_what_is_wrong_is_where_the_eye_and_the_keyboard_are(room: Room, browser: Browser) -> None:
    with window(browser) as seen:
        page = seen.page
        room.come_in(page, f"{HER_PAGE}/goals/new")
        page.get_by_label("The goal, in one sentence").fill("Slow breathing")
        page.get_by_role("button", name="Set it").click()
        alert = page.get_by_role("alert")
        expect(alert).to_be_focused()
        expect(alert).to_contain_text("Nothing is saved yet.")
        expect(page.get_by_label("The goal, in one sentence")).to_have_value("Slow breathing")
        alert.get_by_role("link").first.press("Enter")
        must_be_usable_by_day_and_night(page)


def test_what_was_typed_is_not_lost_where_the_session_has_ended(room: Room, browser: Browser) -> None:
    with window(browser) as seen:
        page, words = seen.page, "What she would like, in her own words"
        wish = "I want to sleep through three nights of the week"
        sign_in(page, room.url, "lead")
        page.goto(f"{room.url}{HER_PAGE}/goals/new")
        page.get_by_label(words).fill(wish)
        beside = page.context.new_page()
        beside.goto(f"{room.url}/clients")
        beside.get_by_role("button", name="Sign out", exact=True).click()
        expect(beside.get_by_role("heading", level=1)).to_have_text("Sign in")
        page.get_by_role("button", name="Keep it as a draft").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
        must_be_usable_by_day_and_night(page)
        sign_in(beside, room.url, "lead")
        page.get_by_role("button", name="Send it again").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        expect(page.get_by_role("link", name=wish, exact=True)).to_have_count(1)


def _fill_in(page: Page) -> None:
    page.get_by_label("The goal, in one sentence").fill("Slow breathing, five minutes")
    page.get_by_label("What is counted").select_option("per_period")
    page.get_by_label("How much").fill("2")
    page.get_by_label("of what").fill("exercise")
    page.get_by_label("How sure she is").select_option("7")
    page.get_by_label("Why it matters").fill("To be calm at work")
    page.get_by_label("Until").fill(str(today().replace(year=today().year + 1)))


def _press(page: Page, name: str) -> None:
    """Goes by the tabulator until it is there, and presses it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    pytest.fail(f"the keyboard does not come to {name}")
