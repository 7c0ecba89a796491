"""Every page in a real browser, by day and by night, on a phone and a desk: usable, small, and on its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from services.goals.web.accounts import Somebody
from services.goals.web.parlour import PARLOUR
from tests.browser import Window, must_be_usable_by_day_and_night, window
from tests.controls import CLIENT, CLINIC, COLLEAGUE
from tests.goals.web.addresses import IDS, NOWHERE, addresses
from tests.goals.web.browser.conftest import DRAFT, ERASING, NEW, Room
from tests.goals.web.lived import LIVED

LONGEST = 100_000
"""Bytes of a page."""
PARTS = 3
"""So many tests share them: none takes long."""
NO_PAGE = {"/", "/clients/<uuid:client>/export"}
"""What leads on, and what is a file."""
IDS_OF = {"/goals/<uuid:goal>/set": {"goal": DRAFT}, "": IDS | {"goal": LIVED}}
MORE = (
    (f"/goals/{LIVED}/history?show=all", 200),
    (f"/goals/{LIVED}/history?axis=true&day=1", 200),
    (f"/goals/{LIVED}/difference?from=tomorrow", 422),
    (f"/goals/{DRAFT}", 200),
    (f"/clients/{NEW}", 200),
    (f"/clients/{NEW}/messages", 200),
    (f"/clients/{ERASING}/copies", 200),
    ("/clients?whose=mine", 200),
    (f"/clients/{NOWHERE}", 404),
    ("/operations", 403),
)
"""Other faces of pages: empty, wrong, with a long name; and what happens there."""


def pages(room: Room) -> Iterator[tuple[str, str, int]]:
    """Each page: who looks, its address, and the status; of all that the app has none is left out."""
    for address in addresses(room.app, IDS_OF[""]):
        if address.method == "GET" and address.rule not in NO_PAGE:
            own = IDS_OF.get(address.rule, {})
            path = address.path.replace(str(LIVED), str(own.get("goal", LIVED)))
            yield "operator" if address.rule == "/operations" else "lead", path, 200
    yield from (("lead", path, status) for path, status in MORE)
    yield "colleague", f"/clients/{CLIENT}", 403


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_usable_small_and_asks_nobody_else(room: Room, browser: Browser, part: int) -> None:
    with window(browser) as seen:
        for who, path, status in islice(pages(room), part, None, PARTS):
            room.be(seen.page, who)
            _look(seen, f"{room.url}{path}", status)
        assert {urlsplit(one).netloc for one in seen.asked} == {urlsplit(room.url).netloc}


def test_every_page_for_who_is_not_signed_in_is_too(room: Room, browser: Browser) -> None:
    token = room.app.extensions[PARLOUR].accounts.invite(Somebody(CLINIC, COLLEAGUE), "ben@example.org")
    with window(browser) as seen:
        for path, status in (
            ("/sign-in", 200), (f"/welcome/{token}", 200), ("/welcome/over", 404),
            ("/oidc", 401), ("/oidc/back", 401),
        ):  # fmt: skip
            _look(seen, f"{room.url}{path}", status)
        assert {urlsplit(one).netloc for one in seen.asked} == {urlsplit(room.url).netloc}


def _look(seen: Window, address: str, status: int) -> None:
    seen.complaints.clear()
    answer = seen.page.goto(address)
    assert answer
    assert (answer.status, address) == (status, address)
    assert len(answer.body()) < LONGEST
    seen.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    must_be_usable_by_day_and_night(seen.page)
    told = [
        one for one in seen.complaints if status == 200 or "the server responded with a status" not in one
    ]
    assert (told, address) == ([], address)
