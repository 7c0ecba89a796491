"""What she wrote and no rule settles: in her own words for her team, until somebody has read it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from services.reminders.app import create_app
from services.reminders.ledger import texts
from shared.events import ClientErased
from tests.conftest import Databases
from tests.controls import THERAPIST
from tests.reminders.api.test_app import bearer
from tests.reminders.house import CLIENT, CLINIC, House
from tests.reminders.test_rolling import at_step, living_at

TEXTS = f"/v1/clients/{CLIENT}/texts"
UNREAD = f"/v1/clinics/{CLINIC}/texts"
WORDS = "is it alright if I bring my sister on monday"


@pytest.fixture
def told(house: House) -> House:
    """A client who can write to us."""
    house.begin("sms")
    return house


def ask(app: Flask, path: str, method: str = "GET", status: int = 200) -> Any:
    answer = app.test_client().open(path, method=method, headers=bearer("service"))
    assert answer.status_code == status, answer.text
    return answer.json


def test_what_was_not_understood_or_worries_is_there_in_her_words_and_nothing_else(
    told: House, app: Flask
) -> None:
    told.hears("done", "SM1")
    told.hears(WORDS, "SM2")
    told.later(minutes=1)
    told.hears("I want to die", "SM3")
    items = ask(app, TEXTS)["items"]
    assert [(one["text"], one["safety"], one["read_at"]) for one in items] == [
        ("I want to die", True, None),
        (WORDS, False, None),
    ]


def test_it_waits_until_somebody_has_read_it_and_who_was_first_stands(told: House, app: Flask) -> None:
    text = told.hears(WORDS)
    assert ask(app, UNREAD)["items"] == [{"client_id": str(CLIENT), "unread": 1}]
    first = ask(app, f"{TEXTS}/{text}/read", "PUT")
    assert (first["read_by"], first["text"]) == (str(THERAPIST), WORDS)
    assert ask(app, f"{TEXTS}/{text}/read", "PUT") == first == ask(app, TEXTS)["items"][0]
    assert ask(app, UNREAD)["items"] == []


def test_an_old_text_that_waits_is_there_however_many_came_since(
    told: House, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "LATEST", 2)
    waits = told.hears(WORDS, "SM0")
    for number in range(1, 4):
        told.later(minutes=1)
        ask(app, f"{TEXTS}/{told.hears('what?', f'SM{number}')}/read", "PUT")
    items = ask(app, TEXTS)["items"]
    assert [(one["id"] == str(waits), one["read_at"] is None) for one in items] == [
        (False, False),
        (True, True),
    ]


def test_what_raised_a_flag_is_counted_with_the_flag(told: House, app: Flask) -> None:
    told.hears("I want to die")
    assert ask(app, UNREAD)["items"] == []


@pytest.mark.parametrize("words", ["done", None])
def test_a_text_that_waits_for_nobody_is_not_read(told: House, app: Flask, words: str | None) -> None:
    text: UUID = told.hears(words) if words else uuid4()
    assert "no such text" in ask(app, f"{TEXTS}/{text}/read", "PUT", 404)["detail"]


def test_another_clinic_hears_nothing_of_it(told: House, app: Flask) -> None:
    text = told.hears(WORDS)
    for path, method in ((TEXTS, "GET"), (f"{TEXTS}/{text}/read", "PUT"), (UNREAD, "GET")):
        answer = app.test_client().open(path, method=method, headers=bearer("service", uuid4()))
        assert answer.status_code == 404
    assert ask(app, TEXTS)["items"][0]["read_at"] is None


def test_of_whom_was_erased_there_are_no_words(told: House, app: Flask) -> None:
    told.hears(WORDS)
    told.happens(ClientErased(erasure_id=uuid4()))
    assert ask(app, UNREAD)["items"] == []
    assert app.test_client().get(TEXTS, headers=bearer("service")).status_code == 404


def test_before_the_step_is_taken_it_says_so(house: House, databases: Databases) -> None:
    with at_step(databases, "r0013") as url, living_at(house, url) as before:
        app = create_app(before.parts.settings)
        assert "cairn reminders migrate" in ask(app, UNREAD, status=503)["detail"]
        app.extensions["parts"].close()
