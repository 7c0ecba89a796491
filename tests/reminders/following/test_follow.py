"""The follower and a feed over HTTP: it catches up, shares lanes, and outlives an absent goals service."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any
from uuid import UUID

import msgspec
import pytest
from flask import Flask, Response, request
from prometheus_client import CollectorRegistry

from infra.local.ports import free_port
from services.reminders.following import checkpoints
from services.reminders.following.feed import Feed, ranges
from services.reminders.following.follow import follow_until
from services.reminders.following.lag import Lag
from services.reminders.parts import TOKEN_LIFE, Parts
from shared import tokens
from shared.goals_client import Goals, GoalsAway, GoalsRefused
from shared.problems import CONTENT_TYPE as PROBLEM
from shared.settings import Settings
from shared.wire import BATCH, pack_cursor, unpack_cursor
from tests.reminders.conftest import KEY
from tests.reminders.house import (
    A_CLINIC,
    CLINIC,
    HER_PHONE,
    PHONE,
    REGISTERED,
    House,
    consent,
    milestone,
    wait_for,
)
from tests.serving import serving


@dataclass
class TinyFeed:
    """A goals service that has these events, and nothing else."""

    port: int
    items: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    status: int = 200
    retry_after: str | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def page(self) -> Response:
        self.asked.append(request.args["lanes"])
        bearer = request.headers["Authorization"].removeprefix("Bearer ")
        assert tokens.read(KEY, bearer, datetime.now(UTC)).role == "service"
        after = unpack_cursor(request.args["after"]) if "after" in request.args else {}
        lanes = {lane for part in request.args["lanes"].split(",") for lane in _lanes(part)}
        limit = int(request.args["limit"])
        new = [
            item
            for item in self.items
            if item["lane"] in lanes and int(item["sequence"]) > after.get(item["lane"], 0)
        ][:limit]
        for item in new:
            after[item["lane"]] = int(item["sequence"])
        if not new:
            Event().wait(0.02)
        headers = {"Cairn-Cursor": pack_cursor(after)}
        if self.retry_after and not new:
            headers["Retry-After"] = self.retry_after
        kind = BATCH if self.status == 200 else PROBLEM
        return Response(msgspec.json.encode(new), self.status, headers, content_type=kind)


def _lanes(part: str) -> range:
    first, _, last = part.partition("-")
    return range(int(first), int(last or first) + 1)


@pytest.fixture
def feed() -> Iterator[TinyFeed]:
    tiny = TinyFeed(free_port())
    app = Flask("tiny")
    app.add_url_rule("/v1/events", view_func=tiny.page)
    with serving(app, tiny.port):
        yield tiny


@pytest.fixture
def settings(settings: Settings, feed: TinyFeed) -> Settings:
    return Settings(**vars(settings) | {"goals_url": feed.url})


def following(house: House, stop: Event) -> Thread:
    parts: Parts = house.parts
    lag = Lag(CollectorRegistry())
    loop = follow_until(parts.engine, parts.vault, house.rung.extend, parts.feed, house.clock, lag)
    thread = Thread(target=loop, args=(stop,))
    thread.start()
    return thread


def story(house: House) -> list[dict[str, Any]]:
    begun = house.items(REGISTERED, HER_PHONE, consent("sms", PHONE), milestone(), milestone("first_win"))
    return [*house.items(A_CLINIC, record=CLINIC), *begun]


def test_it_catches_up_with_all_that_happened(house: House, feed: TinyFeed) -> None:
    feed.items = story(house)
    stop = Event()
    thread = following(house, stop)
    wait_for(lambda: len(house.messages()) == 2)
    feed.items += house.items(milestone("practices", 3))
    wait_for(lambda: len(house.messages()) == 3)
    stop.set()
    thread.join(15)
    assert len(house.rung) == 3


def test_two_followers_share_the_lanes_and_apply_each_event_once(house: House, feed: TinyFeed) -> None:
    stop = Event()
    threads = [following(house, stop), following(house, stop)]
    wait_for(lambda: any(asked != "0-255" for asked in feed.asked))
    feed.items = story(house)
    wait_for(lambda: len(house.messages()) == 2)
    stop.set()
    for thread in threads:
        thread.join(15)
    assert len(house.rung) == 2


def test_an_absent_goals_service_is_waited_for(house: House, feed: TinyFeed) -> None:
    feed.status = 503
    feed.items = story(house)
    stop = Event()
    thread = following(house, stop)
    wait_for(lambda: len(feed.asked) >= 3)
    assert house.messages() == []
    feed.status = 200
    wait_for(lambda: len(house.messages()) == 2)
    stop.set()
    thread.join(15)


def test_it_leaves_the_feed_alone_for_as_long_as_it_is_asked(house: House, feed: TinyFeed) -> None:
    feed.retry_after = "20"
    stop = Event()
    thread = following(house, stop)
    wait_for(lambda: len(feed.asked) == 1)
    assert not stop.wait(0.5)
    assert len(feed.asked) == 1
    stop.set()
    thread.join(15)


def test_a_follower_that_leaves_gives_its_lanes_back_at_once(house: House, feed: TinyFeed) -> None:
    stop = Event()
    thread = following(house, stop)
    wait_for(lambda: bool(feed.asked))
    stop.set()
    thread.join(15)
    other = checkpoints.take_lanes(house.parts.engine, PHONE, house.now)
    assert len(other) == 256


def test_the_lanes_of_a_silent_follower_go_to_the_others(house: House) -> None:
    engine = house.parts.engine
    assert len(checkpoints.take_lanes(engine, PHONE, house.now)) == 256
    first = checkpoints.take_lanes(engine, CLINIC, house.now)
    second = checkpoints.take_lanes(engine, PHONE, house.now)
    assert sorted(first + second) == list(range(256))
    later = house.now + 2 * checkpoints.LEASE
    assert len(checkpoints.take_lanes(engine, CLINIC, later)) == 256


def token(clinic_id: UUID | None, client_id: UUID | None) -> str:
    assert clinic_id is client_id is None
    return tokens.mint(KEY, sub="reminders", role="service", lifetime=TOKEN_LIFE, now=datetime.now(UTC))


def test_nobody_there_and_a_refusal_are_told_apart(feed: TinyFeed) -> None:
    with pytest.raises(GoalsAway):
        Feed(Goals(f"http://127.0.0.1:{free_port()}", token)).read({0: 0})
    feed.status = 403
    with pytest.raises(GoalsRefused, match="403"):
        Feed(Goals(feed.url, token)).read({0: 0})


def test_lanes_are_named_as_ranges() -> None:
    assert ranges(dict.fromkeys([0, 1, 2, 5, 7, 8], 0)) == "0-2,5,7-8"


def test_a_page_whose_events_name_no_lane_is_no_page(feed: TinyFeed) -> None:
    feed.items = [{"lane": 0, "sequence": "1", "type": "cairn.client.registered.v1"}]
    with pytest.raises(GoalsAway, match="not what was asked for"):
        Feed(Goals(feed.url, token)).read({0: 0})
