"""A browser, and a room with something of everything in it, each started once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from infra.local.ports import free_port
from services.goals.api.call import ROOMS
from services.goals.app import create_app
from services.reminders.app import create_app as create_reminders
from shared.settings import Settings
from tests.browser import chromium
from tests.conftest import COPIES, Databases
from tests.controls import CLIENT, STATEMENT, WIN
from tests.goals.api.callers import (
    A_CLIENT,
    CLIENT_BODY,
    CONSENT_BODY,
    FLAG_BODY,
    MASTER_KEY,
    SEAL_KEY,
    TOKEN_KEY,
    Knock,
    begin,
    named,
    set_goal,
    settings,
)
from tests.goals.web.issuer import CLIENT_ID, CLIENT_SECRET
from tests.goals.web.lived import live
from tests.goals.web.visitors import Visitor
from tests.serving import serving

DRAFT, NEW, ERASING = named("a draft"), named("Rosa"), named("Ella")


class Room(NamedTuple):
    """Where it is, and the cookies of those who are signed in there."""

    url: str
    app: Flask
    cookies: dict[str, str]

    def be(self, page: Page, who: str) -> None:
        """Whoever looks is somebody from now on who has signed in."""
        page.context.add_cookies([{"name": "cairn", "value": self.cookies[who], "url": self.url}])

    def come_in(self, page: Page, path: str) -> None:
        """Opens a page as her therapist."""
        self.be(page, "therapist")
        page.goto(f"{self.url}{path}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def room(cluster: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A client with a month behind her, one who is new, one who asks to be erased; an organisation beside."""
    copies, port = Databases(admin=cluster, prefix=f"b{next(COPIES)}_"), free_port()
    its = settings(
        copies.goals, copies.vault, reminders_url=f"http://127.0.0.1:{port}",
        home=tmp_path_factory.mktemp("home"), seal_key=SEAL_KEY,
        goals_public_url="http://localhost", oidc_issuer=f"http://127.0.0.1:{free_port()}",
        oidc_client_id=CLIENT_ID, oidc_client_secret=CLIENT_SECRET,
    )  # fmt: skip
    app = create_app(its, threads=8)
    fill(Knock(app))
    people = ("therapist", "lead", "colleague", "operator")
    with beside(copies, port), serving(app) as url:
        yield Room(url, app, {who: _cookie(app, who) for who in people})
    app.extensions[ROOMS].close()
    copies.drop()


@contextmanager
def beside(copies: Databases, port: int) -> Iterator[None]:
    """The reminder service, which has heard of nobody yet."""
    app = create_reminders(
        Settings(
            reminders_database_url=copies.reminders,
            reminders_vault_database_url=copies.reminders_vault,
            master_key=MASTER_KEY,
            token_key=TOKEN_KEY,
        )
    )
    with serving(app, port):
        yield
    app.extensions["parts"].close()


def fill(knock: Knock) -> None:
    """Something of everything."""
    begin(knock)
    set_goal(knock)
    live(knock)
    for who, path, body in (
        ("therapist", f"{A_CLIENT}/consents/sms/{named('consent')}", CONSENT_BODY),
        ("service", f"{A_CLIENT}/flags/{named('flag')}", FLAG_BODY),
        ("therapist", f"{A_CLIENT}/wins/{named('win')}", {"kind": "showed_up", "text": WIN}),
        ("therapist", f"{A_CLIENT}/goals/{DRAFT}", {"status": "draft", "statement": STATEMENT}),
        ("therapist", f"/v1/clients/{NEW}", CLIENT_BODY | {"name": "Rosa Diaz"}),
        ("lead", f"/v1/clients/{ERASING}", CLIENT_BODY | {"name": "Ella " + "Featherstonehaugh-" * 9}),
        ("lead", f"/v1/clients/{ERASING}/erasures/{named('erasure')}", {}),
    ):
        answer = knock(who, "PUT", path, body)
        assert answer.status_code == 201, answer.text
    assert CLIENT not in (NEW, ERASING)


def _cookie(app: Flask, who: str) -> str:
    found = Visitor(app).signed_in(who).browser.get_cookie("cairn")
    assert found
    return found.value
