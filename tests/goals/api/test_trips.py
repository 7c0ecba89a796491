"""No operation asks its databases more than four times, whoever asks: counted on the wire."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, make_url
from sqlalchemy.pool import Pool

from bench.trips import Trips, counted
from services.goals.api.call import ROOMS
from services.goals.app import create_app
from tests.conftest import Databases
from tests.goals.api.callers import Knock, begin, set_goal, settings
from tests.goals.api.test_access import OPERATIONS, make_all_there

MOST = 4
FEED = "/v1/events"
"""A page of it is read under a role of its own, in a transaction: a trip more, for a thousand events."""
EXPORT = "/export?"
"""A copy is read once and taken away: with the hashes beside it, each seal's too, under the feed's role."""
CALLERS = ("therapist", "colleague saying why", "lead", "client", "service", "operator")


@pytest.fixture
def trips(databases: Databases) -> Iterator[Trips]:
    """What stands between the app and both of its databases."""
    port = make_url(databases.goals).port
    assert port is not None
    with counted(port) as between:
        yield between


def unprepared(connection: Any, _: Any) -> None:
    """No statement is prepared: each connection does that once, and not again at each request."""
    connection.prepare_threshold = None


@pytest.fixture
def app(databases: Databases, trips: Trips) -> Iterator[Flask]:
    """An app that reaches its databases through the counter."""
    urls = (make_url(url).set(port=trips.port) for url in (databases.goals, databases.vault))
    event.listen(Pool, "connect", unprepared)
    made = create_app(settings(*(url.render_as_string(hide_password=False) for url in urls)), threads=8)
    yield made
    made.extensions[ROOMS].close()
    event.remove(Pool, "connect", unprepared)


@pytest.mark.parametrize("caller", CALLERS)
def test_no_operation_takes_more_than_four_round_trips(knock: Knock, trips: Trips, caller: str) -> None:
    begin(knock)
    set_goal(knock)
    make_all_there(knock)
    who, _, why = caller.partition(" saying ")
    reason = {"Cairn_Reason": why} if why else {}
    took: dict[str, int] = {}
    for _ in range(2):  # the first time it is new, and the second time it is so already
        for method, path, body in (one for one in OPERATIONS if one[1] != FEED and EXPORT not in one[1]):
            before = trips.count
            answer = knock(who, method, path, body, If_Match="*", **reason)
            took[f"{method} {path} {answer.status_code}"] = trips.count - before
    assert {request: count for request, count in took.items() if count > MOST} == {}
    assert max(took.values()) > 0
