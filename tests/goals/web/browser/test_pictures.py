"""The pictures of docs/room.md: each is of a page that is there, and `make pictures` takes them anew."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESK, PHONE, Scheme, window
from tests.controls import CLIENT, WIN
from tests.goals.api.callers import A_CLIENT, Knock, named
from tests.goals.web.lived import LIVED, live
from tests.goals.web.visitors import PASSWORD, PEOPLE, invite
from tests.serving import serving

DOCS = Path(__file__).parents[4] / "docs"
TAKE = "CAIRN_TAKE_PICTURES"
PICTURES: dict[str, tuple[str, Scheme, int, int]] = {
    "clients": ("/clients", "light", DESK, 560),
    "client": (f"/clients/{CLIENT}", "light", DESK, 900),
    "set-a-goal": (f"/clients/{CLIENT}/goals/new", "light", DESK, 900),
    "history": (f"/goals/{LIVED}/history?axis=true", "light", DESK, 1000),
    "history-at-night": (f"/goals/{LIVED}/history?axis=true", "dark", PHONE, 1000),
    "two-days": (f"/goals/{LIVED}/difference?axis=true", "light", DESK, 900),
    "copy": (f"/goals/{LIVED}/copy?words=yes", "light", DESK, 800),
}
"""By its name: the page, by day or by night, how wide and how high."""


@pytest.fixture
def url(app: Flask, knock: Knock) -> Iterator[str]:
    """The room, with a month of a client's in it."""
    live(knock)
    knock("therapist", "PUT", f"{A_CLIENT}/wins/{named('win')}", {"kind": "showed_up", "text": WIN})
    invite(app, "therapist")
    with serving(app) as at:
        yield at


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_label("E-mail address").fill(PEOPLE["therapist"][4])
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Clients")


def test_each_picture_is_of_a_page_that_is_there(url: str, browser: Browser) -> None:
    for name, (path, scheme, width, height) in PICTURES.items():
        with window(browser, scheme, width) as seen:
            sign_in(seen.page, url)
            seen.page.set_viewport_size({"width": width, "height": height})
            answer = seen.page.goto(f"{url}{path}")
            assert answer
            assert answer.ok
            if os.environ.get(TAKE):
                seen.page.screenshot(path=DOCS / "pictures" / f"{name}.png")


def test_each_picture_is_shown_on_the_page_and_each_that_is_shown_is_there() -> None:
    page = (DOCS / "room.md").read_text()
    assert {file.stem for file in (DOCS / "pictures").glob("*.png")} == set(PICTURES)
    assert {name for name in PICTURES if f"(pictures/{name}.png)" in page} == set(PICTURES)
