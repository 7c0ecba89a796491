"""The feed: every event once, in the order of its lane, fairly, opened no further than granted."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from services.goals.log import feed
from services.goals.log.feed import AheadOfLog, Heads, LogBroken, shares
from shared.events import ClientRegistered, ContactSet, Recorded
from shared.lanes import LANES, lane_of
from shared.wire import from_cloudevent, rfc3339
from tests import controls as c
from tests.goals.log.writing import Log

ALL = range(LANES)


@pytest.fixture
def heads(log: Log) -> Iterator[Heads]:
    made = Heads(log.engine)
    yield made
    made.close()


def page(
    log: Log, after: dict[int, int], limit: int = 100, granted: bool = True
) -> tuple[list[dict[str, Any]], dict[int, int]]:
    items, reached = feed.page(log.engine, log.vault, lanes=ALL, after=after, limit=limit, granted=granted)
    return [msgspec.json.decode(item) for item in items], reached


def test_the_clinics_of_all_are_followed_page_by_page_to_the_end(log: Log) -> None:
    clients = [log.begin(), log.begin(c.OTHER_CLINIC), log.begin()]
    for version in range(1, 5):
        log.win(clients[0], version)
    seen: list[Recorded] = []
    after: dict[int, int] = {}
    while items := (got := page(log, after, limit=2))[0]:
        assert len(items) <= 2
        after = got[1]
        seen += [from_cloudevent(item) for item in items]
    assert len({event.event_id for event in seen}) == len(seen) == 7
    assert after == {lane: max(e.position for e in seen if e.lane == lane) for lane in map(lane_of, clients)}


def test_a_page_is_ordered_by_lane_and_position(log: Log) -> None:
    for client in [log.begin() for _ in range(5)]:
        log.win(client, 1)
    items, _ = page(log, {})
    places = [(item["lane"], int(str(item["sequence"]))) for item in items]
    assert places == sorted(places)


def test_only_the_lanes_that_were_asked_for_are_given(log: Log) -> None:
    client = log.begin()
    elsewhere = [lane for lane in ALL if lane != lane_of(client)]
    after = {lane_of(client): 9}
    assert feed.page(log.engine, log.vault, lanes=elsewhere, after=after, limit=9, granted=True) == (
        [],
        after,
    )


def test_the_subscriber_sees_granted_fields_and_never_her_words(log: Log) -> None:
    client = log.begin()
    log.append(client, 1, ContactSet(contact_id=c.PHONE_CONTACT, channel="sms", address=c.NUMBER))
    log.win(client, 2)
    registered, contact, win = page(log, {})[0]
    assert registered["data"]["name"] == c.NAME
    assert contact["data"]["address"] == c.NUMBER
    assert "text" not in win["data"]
    assert c.NUMBER not in str({k: v for k, v in contact.items() if k != "data"})
    assert all(
        "name" not in item["data"] and "address" not in item["data"]
        for item in page(log, {}, granted=False)[0]
    )


def test_what_comes_over_the_wire_is_the_event_that_was_appended(log: Log) -> None:
    client = log.begin()
    history = log.load(client)
    assert history is not None
    [item] = page(log, {})[0]
    came = from_cloudevent(item)
    assert item["recordedtime"] == rfc3339(history.events[0].recorded_at)
    assert item["time"] == rfc3339(history.events[0].time)
    assert (
        came.data
        == history.events[0].data
        == ClientRegistered(locale="en", time_zone=c.ZONE, adult=True, name=c.NAME)
    )
    assert (came.lane, came.position, came.event_id, came.recorded_at, came.actor) == (
        history.events[0].lane, 1, history.events[0].event_id, history.events[0].recorded_at, c.BY_CLIENT,
    )  # fmt: skip


def test_a_position_that_is_missing_stops_the_feed_rather_than_being_skipped(log: Log) -> None:
    client = log.begin()
    log.win(client, 1)
    log.tamper("DELETE FROM cairn.event WHERE position = 1")
    with pytest.raises(LogBroken):
        page(log, {})


def test_who_has_followed_further_than_the_log_reaches_is_told_and_given_nothing(log: Log) -> None:
    client = log.begin()
    lane = lane_of(client)
    with pytest.raises(AheadOfLog, match=f"lane {lane} ends before"):
        page(log, {lane: 2})
    assert page(log, {lane: 1}) == ([], {lane: 1})


def test_a_transaction_still_open_holds_back_what_is_behind_it(log: Log) -> None:
    client = log.begin()
    _, after = page(log, {})
    with log.admin.begin() as connection:
        connection.execute(
            text("SELECT FROM cairn.lane_head WHERE lane = :lane FOR UPDATE"), {"lane": lane_of(client)}
        )
        writer = threading.Thread(target=log.win, args=(client, 1))
        writer.start()
        time.sleep(0.05)
        assert page(log, after) == ([], after)
    writer.join()
    assert len(page(log, after)[0]) == 1


@given(st.dictionaries(st.integers(0, LANES - 1), st.integers(1, 2000), max_size=30), st.integers(1, 1000))
def test_every_lane_gets_its_fair_share_of_a_page(behind: dict[int, int], limit: int) -> None:
    given_ = shares(behind, limit)
    assert sum(given_.values()) == min(limit, sum(behind.values()))
    assert list(given_) == sorted(given_)
    assert all(0 < count <= behind[lane] for lane, count in given_.items())
    if len(behind) <= limit:
        short = [count for lane, count in given_.items() if count < behind[lane]]
        assert set(given_) == set(behind)
        assert not short or max(given_.values()) - min(short) <= 1


def test_who_waits_is_woken_by_the_next_event(log: Log, heads: Heads) -> None:
    client = log.begin()
    lane = lane_of(client)
    assert heads.wait([lane], {}, 5)
    threading.Timer(0.1, log.win, (client, 1)).start()
    began = time.monotonic()
    assert heads.wait([lane], {lane: 1}, 30)
    assert time.monotonic() - began < 25


def test_who_waits_in_vain_is_let_go_in_time(log: Log, heads: Heads) -> None:
    client = log.begin()
    lane = lane_of(client)
    assert not heads.wait([lane], {lane: 1}, 0.1)
    assert not heads.wait([other for other in ALL if other != lane], {}, 0.1)


def test_nobody_looks_while_nobody_waits(log: Log, heads: Heads) -> None:
    heads.wait(ALL, {}, 0.05)
    time.sleep(0.1)
    before = looks(log)
    time.sleep(0.3)
    assert looks(log) == before


def test_closing_lets_everybody_go(log: Log, heads: Heads) -> None:
    threading.Timer(0.1, heads.close).start()
    assert not heads.wait(ALL, {}, 30)
    assert not heads.wait(ALL, {}, 30)


def looks(log: Log) -> object:
    return log.all(
        "SELECT max(query_start) FROM pg_stat_activity WHERE query LIKE '%array_agg(position%'"
        " AND datname = current_database() AND pid <> pg_backend_pid()"
    )[0][0]
