"""The pictures of docs/room.md: each is of a page that is there, and `make pictures` takes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser

from tests.browser import DESK, PHONE, Scheme, window
from tests.controls import CLIENT
from tests.goals.web.browser.conftest import Room
from tests.goals.web.lived import LIVED

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


def test_each_picture_is_of_a_page_that_is_there(room: Room, request: pytest.FixtureRequest) -> None:
    ana = {"cairn": room.cookies["therapist"]}
    there = {
        name: requests.get(f"{room.url}{path}", cookies=ana, timeout=30).status_code
        for name, (path, *_) in PICTURES.items()
    }
    assert there == dict.fromkeys(PICTURES, 200)
    if os.environ.get(TAKE):
        take(room, request.getfixturevalue("browser"))


def take(room: Room, browser: Browser) -> None:
    for name, (path, scheme, width, height) in PICTURES.items():
        with window(browser, scheme, width) as seen:
            seen.page.set_viewport_size({"width": width, "height": height})
            room.come_in(seen.page, path)
            seen.page.screenshot(path=DOCS / "pictures" / f"{name}.png")


def test_each_picture_is_shown_on_the_page_and_each_that_is_shown_is_there() -> None:
    page = (DOCS / "room.md").read_text()
    assert {file.stem for file in (DOCS / "pictures").glob("*.png")} == set(PICTURES)
    assert {name for name in PICTURES if f"(pictures/{name}.png)" in page} == set(PICTURES)
