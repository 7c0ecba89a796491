"""Signing in: with a password that nobody can read, so often and no more, until it ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from services.goals.web.accounts import Somebody
from services.goals.web.parlour import PARLOUR
from services.goals.web.tries import FROM_AN_ADDRESS, OF_AN_ACCOUNT
from tests.conftest import Databases
from tests.controls import CLINIC, THERAPIST
from tests.goals.api.callers import A_CLINIC, STAFF_BODY, Knock
from tests.goals.web.visitors import PASSWORD, PEOPLE, Visitor, invite

EMAIL = PEOPLE["therapist"][4]
Run = Callable[[str], None]


@pytest.fixture
def run(databases: Databases) -> Run:
    """Runs a statement as the superuser: what the clock does in a test."""

    def run(statement: str) -> None:
        engine = create_engine(databases.goals_admin)
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()

    return run


def tried(visitor: Visitor, email: str, password: str) -> int:
    """The status of a try to sign in."""
    visitor.get("/sign-in")
    return visitor.send("/sign-in", email=email, password=password).status_code


def test_a_password_opens_the_room_and_no_other_does(app: Flask) -> None:
    invite(app, "therapist")
    visitor = Visitor(app)
    assert visitor.get("/clients").status_code == 303
    assert tried(visitor, EMAIL, "not the password at all") == 401
    assert tried(visitor, "nobody@example.org", PASSWORD) == 401
    assert tried(visitor, EMAIL.upper(), PASSWORD) == 303
    assert "Maya Okafor" in visitor.get("/clients").text


def test_a_wrong_address_and_a_wrong_password_are_answered_alike(app: Flask) -> None:
    invite(app, "therapist")
    pages = []
    for email, password in ((EMAIL, "not the password"), ("nobody@example.org", PASSWORD)):
        visitor = Visitor(app)
        visitor.get("/sign-in")
        answer = visitor.send("/sign-in", email=email, password=password)
        pages.append(re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text).replace(email, ""))
    assert "do not go together" in pages[0]
    assert pages[0] == pages[1]


def test_a_password_is_never_handed_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(app.extensions[PARLOUR].accounts, "find", away)
    stranger = Visitor(app)
    stranger.get("/sign-in")
    page = stranger.send("/sign-in", email=EMAIL, password=PASSWORD)
    assert page.status_code == 503
    assert (PASSWORD in page.text, "Send it again" in page.text) == (False, False)


def test_after_so_many_tries_one_waits_whoever_asks(app: Flask) -> None:
    invite(app, "therapist")
    for _ in range(OF_AN_ACCOUNT):
        assert tried(Visitor(app), EMAIL, "not the password") == 401
    visitor = Visitor(app)
    visitor.get("/sign-in")
    answer = visitor.send("/sign-in", email=EMAIL, password=PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert tried(Visitor(app), "somebody.else@example.org", "x") == 401


def test_an_address_that_tries_many_accounts_waits_as_well(app: Flask) -> None:
    tries = app.extensions[PARLOUR].tries
    waits = [tries.wait(bytes([number]) * 32, "203.0.113.9") for number in range(FROM_AN_ADDRESS + 1)]
    assert waits[:-1] == [0] * FROM_AN_ADDRESS
    assert waits[-1] > 0
    assert tries.wait(bytes(32), "203.0.113.10") == 0


def test_tries_end_with_their_window(app: Flask, run: Run) -> None:
    invite(app, "therapist")
    for _ in range(OF_AN_ACCOUNT + 1):
        tried(Visitor(app), EMAIL, "not the password")
    run("UPDATE cairn.sign_in_try SET tried_at = tried_at - interval '16 minutes'")
    assert tried(Visitor(app), EMAIL, PASSWORD) == 303


def test_signing_out_ends_the_session_and_not_only_the_cookie(ana: Visitor) -> None:
    cookie = ana.browser.get_cookie("cairn")
    assert cookie is not None
    ana.send("/sign-out")
    ana.browser.set_cookie("cairn", cookie.value)
    assert ana.get("/clients").status_code == 303


def test_signing_out_everywhere_ends_all_of_them(app: Flask, ana: Visitor) -> None:
    elsewhere = Visitor(app)
    assert tried(elsewhere, EMAIL, PASSWORD) == 303
    ana.send("/sign-out-everywhere")
    assert elsewhere.get("/clients").status_code == 303


@pytest.mark.parametrize(
    "passed",
    [
        "UPDATE cairn.web_session SET seen_at = seen_at - interval '76 minutes'",
        "UPDATE cairn.web_session SET begun_at = begun_at - interval '13 hours'",
    ],
)
def test_a_session_ends_by_itself(ana: Visitor, run: Run, passed: str) -> None:
    run(passed)
    assert ana.get("/clients").status_code == 303
    assert ana.send("/language", language="es").status_code == 401


def test_a_session_that_is_used_goes_on(ana: Visitor, run: Run) -> None:
    for _ in range(3):
        run("UPDATE cairn.web_session SET seen_at = seen_at - interval '70 minutes'")
        assert ana.get("/clients").status_code == 200


def test_who_leaves_is_out_at_once_and_cannot_come_back(app: Flask, ana: Visitor, knock: Knock) -> None:
    assert knock("operator", "DELETE", f"{A_CLINIC}/staff/{THERAPIST}").status_code == 200
    assert ana.get("/clients").status_code == 303
    assert tried(Visitor(app), EMAIL, PASSWORD) == 401


def test_another_role_holds_from_the_next_page_on(ana: Visitor, knock: Knock) -> None:
    body = STAFF_BODY | {"role": "lead"}
    assert "On my team" not in ana.get("/clients").text
    knock("operator", "PUT", f"{A_CLINIC}/staff/{THERAPIST}", body)
    assert "On my team" in ana.get("/clients").text


def test_a_link_sets_a_password_once_and_ends_what_was_open(app: Flask, ana: Visitor) -> None:
    accounts = app.extensions[PARLOUR].accounts
    link = "/welcome/" + accounts.invite(Somebody(CLINIC, THERAPIST), EMAIL)
    visitor = Visitor(app)
    assert "Choose a password" in visitor.get(link).text
    assert visitor.send(link, password="too short", again="too short").status_code == 422
    assert visitor.send(link, password="another calm walk", again="another walk").status_code == 422
    assert visitor.send(link, password="another calm walk", again="another calm walk").status_code == 303
    assert visitor.get("/clients").status_code == 200
    assert ana.get("/clients").status_code == 303
    assert Visitor(app).get(link).status_code == 404
    assert tried(Visitor(app), EMAIL, PASSWORD) == 401


def test_a_link_is_over_after_three_days_and_with_the_next_one(app: Flask, run: Run) -> None:
    accounts = app.extensions[PARLOUR].accounts
    first, second = (accounts.invite(Somebody(CLINIC, THERAPIST), EMAIL) for _ in range(2))
    assert Visitor(app).get(f"/welcome/{first}").status_code == 404
    assert Visitor(app).get(f"/welcome/{second}").status_code == 200
    run("UPDATE cairn.invitation SET until = until - interval '73 hours'")
    assert Visitor(app).get(f"/welcome/{second}").status_code == 404


def test_no_form_is_taken_from_elsewhere(app: Flask, ana: Visitor) -> None:
    for path in ("/sign-out", "/language", "/sign-in", f"/clients/new/{UUID(int=7)}"):
        answer = ana.browser.post(path, data={"language": "es", "csrf_token": "forged"})
        assert answer.status_code == 400, path
    strange = Visitor(app)
    strange.get("/sign-in")
    assert ana.browser.post("/sign-out", data={"csrf_token": strange.token}).status_code == 400
    assert ana.get("/clients").status_code == 200


def test_nobody_is_led_elsewhere_after_signing_in(app: Flask) -> None:
    invite(app, "therapist")
    for asked in (
        "https://example.org/",
        "//example.org/clients",
        "/\\example.org",
        "/v1/clients",
        "/nowhere",
    ):
        visitor = Visitor(app)
        visitor.get("/sign-in")
        answer = visitor.send("/sign-in", email=EMAIL, password=PASSWORD, next=asked)
        assert answer.headers["Location"] == "/", asked


def test_nothing_of_it_lies_in_the_database_in_clear(app: Flask, ana: Visitor, databases: Databases) -> None:
    engine = create_engine(databases.goals_admin)
    cookie = ana.browser.get_cookie("cairn")
    assert cookie is not None
    with engine.connect() as connection:
        kept = "".join(
            str(connection.execute(text(rows)).all())
            for rows in (
                "SELECT t::text FROM cairn.account t",
                "SELECT t::text FROM cairn.web_session t",
                "SELECT t::text FROM cairn.invitation t",
                "SELECT t::text FROM cairn.sign_in_try t",
            )
        )
    engine.dispose()
    assert "argon2id" in kept
    assert not [one for one in (EMAIL, PASSWORD, cookie.value) if one in kept]


def test_every_page_is_guarded(ana: Visitor) -> None:
    for path in ("/clients", "/sign-in", "/static/room.css", "/clients/new", f"/clients/{UUID(int=9)}"):
        headers = ana.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_the_cookie_is_hidden_from_scripts_and_from_elsewhere(app: Flask) -> None:
    visitor = Visitor(app)
    said = visitor.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said
