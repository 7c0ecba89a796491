"""The pages behind our links, in a real browser: on a phone, in the dark, by the keyboard, no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from services.reminders.app import create_app
from shared.events import PreferencesSet
from shared.settings import Settings
from tests.browser import DESK, PHONE, Scheme, must_be_usable, window
from tests.reminders.house import CLIENT, MAIL, ZONE, House, reminder
from tests.serving import serving

LONGEST = "my quiet walk around the lakes"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, reminders_public_url="https://reminders.example.org")


@pytest.fixture
def house(house: House) -> House:
    """The service as of now, for the pages go by the clock on the wall."""
    house.now = datetime.now(UTC)
    house.begin("sms", "email")
    house.happens(reminder("12:00", "18:00"))
    return house


@pytest.fixture
def at(house: House, settings: Settings) -> Iterator[str]:
    app = create_app(settings)
    with serving(app) as url:
        yield url
    app.extensions["parts"].close()


def speaks(house: House, locale: str) -> None:
    house.happens(PreferencesSet(time_zone=ZONE, locale=locale, label=LONGEST))


def her_page(house: House, at: str, hours: int = 1) -> str:
    made = house.parts.links.page(CLIENT, datetime.now(UTC) + timedelta(hours=hours))
    return at + urlsplit(made or "").path


def unsubscribing(house: House, at: str) -> str:
    return at + urlsplit(house.parts.links.unsubscribe(CLIENT, "email") or "").path


def confirming(house: House, at: str) -> str:
    return at + urlsplit(house.parts.links.confirm(CLIENT, MAIL) or "").path


def tab_to(page: Page, button: str) -> None:
    """Goes by the keyboard alone to a button."""
    wanted = page.get_by_role("button", name=button, exact=True)
    for _ in range(40):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"no way by the keyboard to {button}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_is_usable_and_asks_for_nothing_else(
    house: House, at: str, browser: Browser, scheme: Scheme, locale: str, width: int
) -> None:
    speaks(house, locale)
    hers = her_page(house, at)
    ended = [her_page(house, at, hours=-1), f"{at}/me/none", f"{at}/confirm/none"]
    addresses = [hers, *ended, unsubscribing(house, at), confirming(house, at)]
    with window(browser, scheme, width, locale=locale) as seen:
        for address in addresses:
            seen.page.goto(address)
            expect(seen.page.locator("html")).to_have_attribute("lang", locale)
            must_be_usable(seen.page)
        seen.page.goto(hers)
        seen.page.locator("button.end").first.click()
        must_be_usable(seen.page)
        assert {urlsplit(one).netloc for one in seen.asked} == {urlsplit(at).netloc}
        # A page that says 404 or 410 is one that the console mentions.
        assert [one for one in seen.complaints if "Failed to load resource" not in one] == []


def test_she_pauses_and_goes_on_by_the_keyboard_without_scripts(
    house: House, at: str, browser: Browser
) -> None:
    with window(browser, java_script_enabled=False) as seen:
        page = seen.page
        page.goto(her_page(house, at))
        tab_to(page, "Pause reminders")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_be_focused()
        expect(page.get_by_text("Your reminders rest")).to_be_visible()
        tab_to(page, "Let them go on now")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Pause reminders")).to_be_visible()


def test_her_hours_are_what_she_typed(house: House, at: str, browser: Browser) -> None:
    with window(browser) as seen:
        page = seen.page
        page.goto(her_page(house, at))
        page.get_by_label("From").fill("22:15")
        page.get_by_label("Until").fill("06:45")
        page.get_by_role("button", name="Save the hours").click()
        expect(page.get_by_label("From")).to_have_value("22:15")
        expect(page.get_by_label("Until")).to_have_value("06:45")


def test_a_second_tab_that_is_late_changes_nothing_and_shows_how_it_is(
    house: House, at: str, browser: Browser
) -> None:
    with window(browser) as one, window(browser) as other:
        for page in (one.page, other.page):
            page.goto(her_page(house, at))
        for page in (one.page, other.page):
            page.get_by_role("button", name="Stop all texts").click()
            expect(page.get_by_text("Nothing comes to you this way")).to_be_visible()
        expect(one.page.get_by_role("status")).to_be_visible()
        expect(other.page.get_by_role("status")).to_have_count(0)


def test_going_back_and_pressing_again_begins_no_second_rest(house: House, at: str, browser: Browser) -> None:
    with window(browser) as seen:
        page = seen.page
        page.goto(her_page(house, at))
        page.get_by_role("button", name="Pause reminders").click()
        expect(page.get_by_text("Your reminders rest")).to_be_visible()
        page.go_back()
        expect(page.get_by_text("Your reminders rest")).to_be_visible()
        expect(page.get_by_role("button", name="Pause reminders")).to_have_count(0)


def test_one_press_unsubscribes_without_scripts(house: House, at: str, browser: Browser) -> None:
    with window(browser, java_script_enabled=False) as seen:
        page = seen.page
        page.goto(unsubscribing(house, at))
        tab_to(page, "End these e-mails")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("no more of these e-mails")
