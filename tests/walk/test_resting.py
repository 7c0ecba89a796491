"""From a PUT that lets something rest, by the feed, to a nudge that is not sent, and the next that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.goals.api.call import ROOMS
from services.goals.app import create_app
from services.reminders.following import checkpoints
from services.reminders.parts import Parts
from shared.lanes import LANES
from shared.settings import Settings
from tests.conftest import Databases
from tests.controls import GOAL, ZONE
from tests.goals.api.callers import (
    A_CLIENT,
    A_GOAL,
    CONSENT_BODY,
    REMINDER_BODY,
    Knock,
    begin,
    named,
    set_goal,
    settings,
)
from tests.reminders.house import EVERY_DAY, House
from tests.serving import serving

AT_NOON = REMINDER_BODY | {"goal_id": str(GOAL), "cadence": {"days": list(EVERY_DAY), "times": ["12:00"]}}

RESTS: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "she pauses": ("client", f"{A_CLIENT}/pauses/{named('p')}", {}, "paused"),
    "she pauses by text": ("service", f"{A_CLIENT}/pauses/{named('p')}", {}, "paused"),
    "her care ends": ("therapist", f"{A_CLIENT}/care-ends/{named('c')}", {"reason": "moved"}, "care_ended"),
    "her goal rests": ("therapist", f"{A_GOAL}/pauses/{named('g')}", {}, "goal_paused"),
}


@pytest.fixture
def knock(databases: Databases) -> Iterator[Knock]:
    """A caller where a client is reminded of her goal every day at noon."""
    app = create_app(settings(databases.goals, databases.vault), threads=8)
    caller = Knock(app)
    begin(caller)
    set_goal(caller)
    caller("client", "PUT", f"{A_CLIENT}/consents/sms/{named('s')}", CONSENT_BODY)
    planned = caller("client", "PUT", f"{A_CLIENT}/reminders/{named('r')}", AT_NOON)
    assert planned.status_code == 201, planned.text
    yield caller
    app.extensions[ROOMS].close()


@pytest.fixture
def house(knock: Knock, databases: Databases, broker_url: str) -> Iterator[House]:
    """A reminder service that follows it over HTTP."""
    with serving(knock.app) as url:
        parts = Parts(_following(url, databases, broker_url))
        yield House(parts, now=datetime.now(UTC))
        parts.close()


@pytest.mark.parametrize(("who", "path", "body", "cause"), RESTS.values(), ids=RESTS)
def test_a_nudge_that_is_due_meanwhile_is_suppressed_and_the_next_one_afterwards_is_sent(
    knock: Knock, house: House, who: str, path: str, body: dict[str, Any], cause: str
) -> None:
    assert knock(who, "PUT", path, body).status_code == 201
    _follow(house)
    house.schedule_at(_noon(1))
    assert (house.answer(), house.states()) == ([None], [("suppressed", cause)])
    assert knock(who, "DELETE", path).status_code == 200
    _follow(house)
    house.schedule_at(_noon(2))
    assert house.answer() == ["delivered"]
    assert len(house.sent()) == 1


def test_a_pause_until_a_day_ends_with_it(knock: Knock, house: House) -> None:
    until = _noon(1).date()
    assert knock("client", "PUT", f"{A_CLIENT}/pauses/{named('p')}", {"until": str(until)}).status_code == 201
    _follow(house)
    house.schedule_at(_noon(1))
    assert (house.answer(), house.states()) == ([None], [("suppressed", "paused")])
    house.schedule_at(_noon(2))
    assert house.answer() == ["delivered"]


def _following(url: str, databases: Databases, broker_url: str) -> Settings:
    told = settings(databases.goals, databases.vault)
    return replace(
        told,
        reminders_database_url=databases.reminders,
        reminders_vault_database_url=databases.reminders_vault,
        broker_url=broker_url,
        goals_url=url,
    )


def _follow(house: House) -> None:
    positions = checkpoints.positions(house.parts.engine, list(range(LANES)))
    assert house.page(house.parts.feed.read(positions, wait=0).items)


def _noon(days: int) -> datetime:
    """So many noons from now where she is: the first may be today's."""
    now = datetime.now(ZoneInfo(ZONE))
    first = now.date() + timedelta(days=now.time() >= time(12))
    return datetime.combine(first + timedelta(days=days - 1), time(12), now.tzinfo)
