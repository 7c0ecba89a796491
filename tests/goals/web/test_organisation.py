"""Signing in by an organisation's identity provider, against a real one that runs here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
import requests
from flask import Flask
from joserfc.jwk import RSAKey

from infra.local.ports import free_port
from services.goals.api.call import ROOMS
from services.goals.app import create_app
from tests.conftest import Databases
from tests.goals.api.callers import Knock, begin, settings
from tests.goals.web.issuer import CLIENT_ID, CLIENT_SECRET, Told, issuer
from tests.goals.web.visitors import Visitor, invite
from tests.serving import serving

BACK = "http://localhost/oidc/back"


@dataclass
class Town:
    """The room, and who vouches for its staff."""

    app: Flask
    told: Told
    there: ExitStack


@pytest.fixture
def town(databases: Databases) -> Iterator[Town]:
    """A therapist who was invited, and the issuer that knows her."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    its = settings(
        databases.goals, databases.vault, goals_public_url="http://localhost", oidc_issuer=url,
        oidc_client_id=CLIENT_ID, oidc_client_secret=CLIENT_SECRET,
    )  # fmt: skip
    app = create_app(its, threads=4)
    begin(Knock(app))
    invite(app, "therapist")
    told = Told()
    with ExitStack() as there:
        there.enter_context(serving(issuer(url, BACK, told), port))
        yield Town(app, told, there)
    app.extensions[ROOMS].close()


def comes(town: Town, visitor: Visitor, path: str = "/oidc") -> str:
    """Goes to the issuer and comes back; where to, without the host."""
    asked = visitor.get(path).headers["Location"]
    back = requests.get(asked, allow_redirects=False, timeout=5).headers["Location"]
    return back.removeprefix("http://localhost")


def test_who_is_vouched_for_and_was_invited_is_let_in(town: Town) -> None:
    visitor = Visitor(town.app)
    assert "Sign in with your organisation" in visitor.get("/sign-in").text
    answer = visitor.get(comes(town, visitor, "/oidc?next=/clients/new"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/clients/new")
    assert "Maya Okafor" in visitor.get("/clients").text


@pytest.mark.parametrize(
    ("lie", "status"),
    [
        ({"email": "stranger@example.org"}, 403),
        ({"verified": False}, 401),
        ({"issuer": "http://127.0.0.1:1"}, 401),
        ({"signed_by": RSAKey.generate_key(2048, {"kid": "one"})}, 401),
    ],
)
def test_nobody_else_is(town: Town, lie: dict[str, object], status: int) -> None:
    for name, value in lie.items():
        setattr(town.told, name, value)
    visitor = Visitor(town.app)
    assert visitor.get(comes(town, visitor)).status_code == status
    assert visitor.get("/clients").status_code == 303


def test_an_answer_is_good_once_and_for_who_asked(town: Town) -> None:
    visitor = Visitor(town.app)
    back = comes(town, visitor)
    assert Visitor(town.app).get(back).status_code == 401
    assert visitor.get(back).status_code == 303
    visitor.get("/clients")
    visitor.send("/sign-out")
    assert visitor.get(back).status_code == 401


def test_where_the_organisation_is_away_passwords_still_open_the_room(town: Town) -> None:
    town.there.close()
    visitor = Visitor(town.app)
    answer = visitor.get("/oidc")
    assert answer.status_code == 401
    assert "did not say who you are, or cannot be reached" in answer.text
    visitor.signed_in("therapist")


def test_where_none_is_configured_there_is_no_such_way(app: Flask) -> None:
    visitor = Visitor(app)
    assert "organisation" not in visitor.get("/sign-in").text
    assert visitor.get("/oidc").status_code == 404
    assert visitor.get("/oidc/back").status_code == 404
