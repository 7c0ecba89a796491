"""The room with both houses: what went to a client, what is to come, and what is said where one is away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from infra.local.ports import free_port
from services.goals.api.call import ROOMS
from services.goals.app import create_app
from services.reminders.app import create_app as create_reminders
from services.reminders.parts import Parts
from shared.settings import Settings
from tests.conftest import Databases
from tests.controls import CLIENT, ZONE
from tests.goals.api.callers import TOKEN_KEY, named
from tests.goals.web.visitors import Visitor
from tests.reminders.both import HERS, Both
from tests.reminders.house import House
from tests.serving import serving

MESSAGES = f"/clients/{CLIENT}/messages"
NOON = (datetime.now(ZoneInfo(ZONE)) + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
"""Tomorrow's, where she is: the hour of the test is none of its business."""
EVERY_DAY = {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "times": ["12:00"]}


@dataclass
class Town:
    """Both houses, the room's app, and the switch of the reminder service."""

    both: Both
    app: Flask
    there: ExitStack


@pytest.fixture
def town(databases: Databases, broker_url: str) -> Iterator[Town]:
    """A client who agreed to texts, with a reminder at noon every day."""
    goals, reminders = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    ours = Settings(
        reminders_database_url=databases.reminders,
        reminders_vault_database_url=databases.reminders_vault,
        broker_url=broker_url,
        goals_url=goals,
        reminders_public_url="https://r.example.org",
        master_key=b"r" * 32,
        token_key=TOKEN_KEY,
    )
    theirs = Settings(
        goals_database_url=databases.goals,
        vault_database_url=databases.vault,
        reminders_url=reminders,
        master_key=b"g" * 32,
        token_key=TOKEN_KEY,
    )
    both = Both(House(Parts(ours), now=datetime.now(UTC)), ours, replace(theirs, reminders_url=None))
    both.start()
    both.begin()
    both.consent("sms", named("consent"))
    reminder = {"kind": "practice", "channel": "sms", "cadence": EVERY_DAY}
    both.put("therapist", f"{HERS}/reminders/{named('noon')}", reminder)
    both.follow()
    app = create_app(theirs, threads=4)
    with ExitStack() as there:
        listening(ours, reminders, there)
        yield Town(both, app, there)
    app.extensions[ROOMS].close()
    both.close()


def listening(ours: Settings, url: str, there: ExitStack) -> None:
    """The reminder service answers at this address."""
    app = create_reminders(ours)
    there.callback(app.extensions["parts"].close)
    there.enter_context(serving(app, int(url.rpartition(":")[2])))


def test_what_is_to_come_is_shown_as_it_will_be_read(town: Town) -> None:
    ana = Visitor(town.app).signed_in("therapist")
    page = ana.get(MESSAGES).text
    coming = page.partition("In the next seven days")[2].partition("What she answered")[0]
    assert coming.count("Northside:") >= 6
    assert "12:00" in coming
    assert "STOP to end." in coming


def test_what_was_sent_names_the_consent_that_was_in_force(town: Town) -> None:
    house = town.both.house
    house.schedule_at(NOON)
    house.answer()
    ana = Visitor(town.app).signed_in("therapist")
    sent = ana.get(MESSAGES).text.partition("What was sent, and what was held back")[2]
    assert "a reminder to practise" in sent
    assert "in force" in sent


def test_the_look_is_written_down_before_the_other_house_is_asked(town: Town) -> None:
    ana = Visitor(town.app).signed_in("therapist")
    town.there.close()
    assert ana.get(MESSAGES).status_code == 200
    assert "her messages" in ana.get(f"/clients/{CLIENT}/looks").text


def test_where_the_other_house_is_away_that_is_said_and_all_else_works(town: Town) -> None:
    town.there.close()
    ana = Visitor(town.app).signed_in("therapist")
    assert "The reminder service cannot be reached just now" in ana.get(MESSAGES).text
    assert ana.get(f"/clients/{CLIENT}").status_code == 200


def test_an_operator_sees_figures_and_no_client(town: Town) -> None:
    operator = Visitor(town.app).signed_in("operator")
    page = operator.get("/operations").text
    assert "Messages that wait" in page
    assert "None: nothing new is heard of." in page  # no follower holds lanes: the test follows by itself
    assert operator.get(f"/clients/{CLIENT}").status_code == 403
    assert operator.get("/clients").status_code == 403
    town.there.close()
    assert "The reminder service cannot be reached" in operator.get("/operations").text
    assert Visitor(town.app).signed_in("therapist").get("/operations").status_code == 403
