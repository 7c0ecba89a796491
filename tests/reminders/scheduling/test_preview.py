"""A look ahead: what it says is what comes, if nothing happens meanwhile; and who may look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace

from services.reminders.commands import reminders
from services.reminders.ledger import opt_out, quiet
from services.reminders.people import person
from services.reminders.scheduling.preview import HER_LINK, PreviewPage, preview
from shared.events import GoalPaused, RemindersPaused, SessionScheduled, TeamSet
from tests.controls import THERAPIST
from tests.reminders.api.test_app import bearer
from tests.reminders.house import (
    A_CLINIC,
    CLIENT,
    CLINIC,
    HER_MAIL,
    MAIL,
    NOW,
    NUMBER,
    REGISTERED,
    House,
    consent,
    milestone,
    reminder,
)
from tests.reminders.scheduling.test_prompting import A_GOAL, GOAL, comes, local, sets

PREVIEW = f"/v1/clients/{CLIENT}/preview"


def ahead(house: House, days: int = 7, *, links: bool = False) -> PreviewPage:
    parts = house.parts
    with parts.engine.connect() as connection:
        her = person(connection, parts.vault, CLIENT)
        assert her is not None
        return preview(connection, parts.vault, her, house.now, days, links=links)


def hour_by_hour(house: House, days: int) -> list[tuple[datetime, str, str]]:
    """What arrives in so many days from now: when, by which way, in which words."""
    begins = house.now
    for hours in range(days * 24):
        comes(house, begins + timedelta(hours=hours))
    return [(one.at, one.channel, one.body.text) for one in house.parts.outbox.kept()]


def three_a_day(house: House) -> None:
    house.happens(reminder("08:00", "12:00", "18:00", "20:00"))
    sets(house)


def at_night(house: House) -> None:
    house.happens(reminder("23:00", "07:00"))


def on_two_ways(house: House) -> None:
    house.happens(reminder("12:00"))
    house.happens(SessionScheduled(session_id=uuid4(), starts_at=local(5, "16:00")))
    sets(house, replace(A_GOAL, review_on=(local(6, "00:00").date(),)))
    house.happens(milestone())


def paused(house: House) -> None:
    house.happens(reminder("09:00"))
    house.happens(RemindersPaused(pause_id=uuid4(), until=local(4, "00:00").date()))


def a_goal_rests(house: House) -> None:
    sets(house)
    house.happens(replace(reminder("09:00"), goal_id=GOAL))
    items = house.items(GoalPaused(pause_id=uuid4(), until=local(4, "00:00").date()))
    items[0]["subject"] = str(GOAL)
    house.page(items)


def refused_for_good(house: House) -> None:
    house.happens(reminder("09:00"))
    vault = house.parts.vault
    hashed = opt_out.address_hash(vault, CLINIC, "sms", NUMBER)
    with house.parts.engine.begin() as connection:
        opt_out.record(connection, [hashed], "sms", "reply", house.now)


def after_a_phrase_of_despair(house: House) -> None:
    house.happens(reminder("09:00"))
    with house.parts.engine.begin() as connection:
        quiet.begin(connection, CLIENT, "after_flag", house.now + timedelta(days=2, hours=3))


@pytest.mark.parametrize(
    "given",
    [three_a_day, at_night, on_two_ways, paused, a_goal_rests, after_a_phrase_of_despair],
)
def test_what_is_foretold_is_what_comes(house: House, given: Callable[[House], None]) -> None:
    house.begin("sms", "email")
    given(house)
    page = ahead(house, 4)
    foretold = [(datetime.fromisoformat(one.at), one.channel, one.text) for one in page.items]
    assert foretold
    assert sorted(hour_by_hour(house, 4)) == sorted(foretold)
    held = sorted((one.kind, one.cause) for one in page.held_back)
    ended = [
        m for m in house.messages() if m["state"] in ("suppressed", "expired") and m["cause"] != "merged"
    ]
    assert sorted((kind, m["cause"]) for m in ended for kind in m["kinds"]) == held


def test_it_says_why_something_waits_and_by_whose_clock(house: House) -> None:
    house.begin("sms")
    at_night(house)
    page = ahead(house)
    first, held = page.items[0], page.held_back[0]
    assert (first.due_at, first.at) == ("2026-03-03T07:00:00-05:00", "2026-03-03T08:00:00-05:00")
    assert first.put_off_by == "quiet_hours"
    assert (held.at, held.cause) == ("2026-03-02T23:00:00-05:00", "quiet_hours")


def test_to_look_changes_nothing(house: House) -> None:
    house.begin("sms", "email")
    on_two_ways(house)
    assert (ahead(house), ahead(house)) == (ahead(house), ahead(house))
    assert [m["state"] for m in house.messages()] == ["planned"] * 2


def test_a_link_that_is_hers_alone_is_not_shown(house: House) -> None:
    house.happens(A_CLINIC, record=CLINIC)
    house.happens(REGISTERED)
    house.happens(replace(HER_MAIL, verified_by=None), consent("email", MAIL))
    [welcome] = [one for one in ahead(house, links=True).items if one.kinds == ["welcome"]]
    assert HER_LINK in str(welcome.text)


def test_an_email_leads_to_her_page_and_the_look_does_not(house: House) -> None:
    house.begin("email")
    house.happens(milestone())
    assert f"how to stop it: {HER_LINK}" in str(ahead(house, links=True).items[0].text)
    assert "how to stop it" not in str(ahead(house).items[0].text)


def test_without_her_clinic_nothing_is_foretold(house: House) -> None:
    house.happens(REGISTERED)
    assert ahead(house) == PreviewPage(items=[], held_back=[], stands_still="clinic_unknown")


@pytest.fixture
def door(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def known(house: House) -> House:
    """A client whose days are now, for the door has no clock of a test's."""
    house.now = datetime.now(UTC)
    house.begin("sms")
    house.happens(TeamSet(staff_ids=(THERAPIST,)), reminder("12:00"))
    return house


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (bearer("therapist"), 200),
        (bearer("lead"), 200),
        (bearer("client", client=CLIENT), 200),
        (bearer("service", clinic=None), 200),
        (bearer("operator"), 403),
        (bearer("therapist", clinic=UUID(int=9)), 404),
        (bearer("client", client=UUID(int=9)), 404),
        ({}, 401),
    ],
)
def test_who_may_look(known: House, door: FlaskClient, who: dict[str, str], status: int) -> None:
    answer = door.get(PREVIEW, headers=who)
    assert answer.status_code == status
    if status == 200:
        page: Any = answer.json
        assert ["practice"] in [one["kinds"] for one in page["items"]]


@pytest.mark.parametrize("query", ["days=0", "days=32", "days=a", "days=", "day=3", "days=٣"])
def test_a_question_that_is_none_is_told_so(known: House, door: FlaskClient, query: str) -> None:
    answer = door.get(f"{PREVIEW}?{query}", headers=bearer("lead"))
    assert answer.status_code == 422
    assert "days" in answer.text


def test_the_command_says_when_and_what_and_no_words(known: House) -> None:
    shown = CliRunner().invoke(reminders, ["preview", str(CLIENT), "--days", "2"], obj=known.parts.settings)
    assert shown.exit_code == 0, shown.output
    assert "12:00:00-0" in shown.output
    assert "practice" in shown.output
    as_json = CliRunner().invoke(reminders, ["preview", str(CLIENT), "--json"], obj=known.parts.settings)
    assert '"text":null' in as_json.output
    nobody = CliRunner().invoke(reminders, ["preview", str(uuid4())], obj=known.parts.settings)
    assert (nobody.exit_code, "No such client" in nobody.output) == (1, True)


def test_who_refused_is_told_nothing_and_the_look_says_why(house: House) -> None:
    house.begin("sms")
    refused_for_good(house)
    page = ahead(house, 3)
    assert page.items == []
    assert {one.cause for one in page.held_back} == {"opted_out"}
    assert house.now == NOW
