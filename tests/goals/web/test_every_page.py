"""What holds on every page, read off the app's own addresses: who is let in, and what is inert."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from services.goals.web.names import CALLED
from tests.controls import CLIENT, GOAL
from tests.goals.api.callers import A_CLIENT, A_GOAL, HER_GOAL, Knock, goal_body, named
from tests.goals.web.addresses import IDS, Address, addresses
from tests.goals.web.visitors import Visitor

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


def asked(visitor: Visitor, method: str, path: str) -> int:
    """The status of an answer to a form with nothing in it, or of a page."""
    fields = {"id": str(named("new")), "version": "1"}
    return (visitor.get(path) if method == "GET" else visitor.send(path, **fields)).status_code


def of_record(app: Flask) -> list[Address]:
    """Those that are about one client's record."""
    return [one for one in addresses(app) if one.of_record]


def test_nobody_is_let_in_who_is_not_signed_in(app: Flask) -> None:
    visitor = Visitor(app)
    visitor.get("/sign-in")
    found = {(rule, method): asked(visitor, method, path) for method, rule, path in addresses(app)}
    assert {where for where, status in found.items() if status not in (303, 401)} == set()
    assert len(found) > 40


def test_another_clinics_records_are_nowhere_to_be_found(app: Flask) -> None:
    elsewhere = Visitor(app).signed_in("lead elsewhere")
    statuses = {(rule, method): asked(elsewhere, method, path) for method, rule, path in of_record(app)}
    # A goal with an id of its own may begin for a client of hers; for one elsewhere she is not there.
    assert {where for where, status in statuses.items() if status != 404} == set()


def test_off_the_team_nothing_is_shown_and_nothing_is_taken(app: Flask) -> None:
    ben = Visitor(app).signed_in("colleague")
    statuses = {(rule, method): asked(ben, method, path) for method, rule, path in of_record(app)}
    assert {where for where, status in statuses.items() if status not in (403, 404)} == set()
    assert all(status == 403 for (rule, method), status in statuses.items() if method == "GET")


def test_each_look_at_a_record_is_written_down(ana: Visitor, knock: Knock, app: Flask) -> None:
    pages = [path for method, _, path in of_record(app) if method == "GET"]
    before = len(knock("lead", "GET", f"/v1/access?client={CLIENT}&limit=200").json["items"])
    shown = [path for path in pages if ana.get(path).status_code == 200]
    looks = knock("lead", "GET", f"/v1/access?client={CLIENT}&limit=200").json["items"]
    # A page that leads on elsewhere has read the record as well, and says so too.
    assert len(looks) - before - 1 >= len(shown) > 8
    assert {look["via"] for look in looks[1 : len(shown)]} == {"web"}


def test_each_look_has_a_name_in_the_list_of_looks(app: Flask) -> None:
    looks = {
        rule.endpoint.partition(".")[2]
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("room.") and "GET" in (rule.methods or ()) and "<uuid:" in rule.rule
    }
    assert looks - set(CALLED["look"]) == set()


NO_WORDS = {"target", "baseline", "quantity", "time_zone", "name"}
"""What a line of a client's pages takes that is no sentence: figures, a zone; `name` is searched for."""


def test_every_field_for_words_says_that_the_client_can_read_it(ana: Visitor, app: Flask) -> None:
    seen = set()
    for address in of_record(app):
        if address.method == "GET":
            page = ana.get(address.path).text
            for field in re.findall(r"<textarea[^>]*>|<input[^>]*type=\"text\"[^>]*>", page):
                name = re.search(r' name="(\w+)"', field)
                assert name, field
                described = re.search(r'aria-describedby="([^"]*)"', field)
                told = described and any(one.endswith("-readable") for one in described[1].split())
                assert told or name[1] in NO_WORDS, (address.path, field)
                seen.add(name[1])
            assert page.count("Not for process notes.") == len(re.findall(r' id="[\w-]+-readable">', page))
    assert {"text", "statement", "reason", "note", "label", "unit", "if_then", "learned"} <= seen


@pytest.fixture
def hostile(ana: Visitor, knock: Knock) -> Visitor:
    """A record with scripts in all that somebody may write."""
    for path, body in (
        (
            f"/v1/clients/{named('hostile')}",
            {"name": HOSTILE, "locale": "en", "time_zone": "UTC", "adult": True},
        ),
        (f"{A_CLIENT}/wins/{named('w')}", {"text": HOSTILE}),
        (f"{HER_GOAL.replace(str(GOAL), str(named('draft')))}", {"status": "draft", "statement": HOSTILE}),
        (
            f"{HER_GOAL.replace(str(GOAL), str(named('set')))}",
            goal_body(specific=HOSTILE, relevance=HOSTILE, if_then=HOSTILE, reflection=HOSTILE)
            | {"statement": HOSTILE, "measure": {"kind": "count", "unit": HOSTILE[:40]}, "focus": False},
        ),
        (f"{A_GOAL}/practices/{named('p')}", {"note": HOSTILE}),
        (
            f"{A_GOAL}/reviews/{named('r')}",
            {"review_on": goal_body()["end_on"], "outcome": "keep", "note": HOSTILE},
        ),
    ):
        answer = knock("therapist", "PUT", path, body)
        assert answer.status_code in (200, 201), answer.text
    return ana


def test_what_somebody_wrote_is_text_and_nothing_else(hostile: Visitor, app: Flask) -> None:
    ids = [
        IDS,
        IDS | {"client": named("hostile")},
        IDS | {"goal": named("set")},
        IDS | {"goal": named("draft")},
    ]
    pages = {path for one in ids for method, _, path in addresses(app, one) if method == "GET"}
    seen = 0
    for path in sorted(pages):
        answer = hostile.get(path)
        page = answer.text
        if "attachment" in answer.headers.get("Content-Disposition", ""):  # a file, which no browser shows
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert not answer.headers["Content-Type"].startswith("text/html")
            continue
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert not re.search(r"\s(on\w+|style)=\"", page), path
        seen += page.count("&lt;script&gt;")
    assert seen > 10


def test_no_page_says_what_is_clinical_in_its_address(app: Flask) -> None:
    rules = [rule for _, rule, _ in addresses(app)]
    assert not [rule for rule in rules if re.search(r"<(?!uuid:|any\(|act>|token>)", rule)]
