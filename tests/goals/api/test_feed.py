"""The feed over HTTP: pages, cursors, granted fields, and long polls that wake."""

import threading
import time
from typing import Any

import msgspec
import pytest

from services.goals.api.call import ROOMS
from shared.lanes import LANES, lane_of
from shared.wire import from_cloudevent, pack_cursor, unpack_cursor
from tests.controls import CLIENT, CLINIC, NAME, NUMBER, STATEMENT
from tests.goals.api.callers import A_CLIENT, A_GOAL, Knock, named


def test_it_gives_every_event_once_in_the_order_of_its_lane(active: Knock, count_events: Any) -> None:
    seen: list[dict[str, Any]] = []
    after = ""
    while True:
        page = active("service", "GET", f"/v1/events?limit=3{after}")
        assert page.status_code == 200
        assert page.content_type == "application/cloudevents-batch+json"
        after = f"&after={page.headers['Cairn-Cursor']}"
        if not page.json:
            break
        seen += page.json
    assert len(seen) == count_events()
    by_lane: dict[int, list[int]] = {}
    for item in seen:
        by_lane.setdefault(item["lane"], []).append(int(item["sequence"]))
    assert all(positions == list(range(1, len(positions) + 1)) for positions in by_lane.values())
    assert {lane_of(CLIENT), lane_of(CLINIC)} == set(by_lane)
    assert [from_cloudevent(item).clinic_id for item in seen] == [CLINIC] * len(seen)


def test_it_opens_what_the_reminder_service_is_granted_and_nothing_else(active: Knock) -> None:
    told = active("service", "GET", "/v1/events")
    assert NAME in told.text
    assert NUMBER in told.text
    assert STATEMENT not in told.text
    drafted = next(i for i in told.json if i["type"] == "cairn.goal.drafted.v1")
    assert drafted["data"] == {}


def test_it_keeps_to_the_lanes_that_are_asked_for(active: Knock) -> None:
    lane = lane_of(CLINIC)
    page = active("service", "GET", f"/v1/events?lanes={lane}")
    assert {item["lane"] for item in page.json} == {lane}
    assert set(unpack_cursor(page.headers["Cairn-Cursor"])) == {lane}
    both = active("service", "GET", f"/v1/events?lanes=0-{LANES - 1},{lane}")
    assert len(both.json) > len(page.json)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("lanes=256", "#/lanes"),
        ("lanes=5-2", "#/lanes"),
        ("lanes=", "#/lanes"),
        ("after=zzz", "#/after"),
        ("limit=1001", "#/limit"),
        ("wait=31", "#/wait"),
        ("wait=1.5", "#/wait"),
    ],
)
def test_a_wrong_parameter_is_named(begun: Knock, query: str, pointer: str) -> None:
    answer = begun("service", "GET", f"/v1/events?{query}")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_a_follower_of_a_log_that_was_restored_to_an_earlier_time_is_told_so(active: Knock) -> None:
    cursor = unpack_cursor(active("service", "GET", "/v1/events").headers["Cairn-Cursor"])
    ahead = pack_cursor({lane: position + 1 for lane, position in cursor.items()})
    answer = active("service", "GET", f"/v1/events?after={ahead}")
    assert answer.status_code == 409
    assert "Restore the follower from the same backup" in answer.json["detail"]


def test_a_long_poll_wakes_on_a_write(active: Knock) -> None:
    cursor = active("service", "GET", "/v1/events").headers["Cairn-Cursor"]
    told: dict[str, Any] = {}

    def listen() -> None:
        began = time.monotonic()
        told["page"] = Knock(active.app)("service", "GET", f"/v1/events?after={cursor}&wait=20")
        told["took"] = time.monotonic() - began

    waiting = threading.Thread(target=listen)
    waiting.start()
    time.sleep(0.5)
    active("client", "PUT", f"{A_CLIENT}/wins/{named('w')}", {"text": "up"})
    waiting.join(10)
    assert told["page"].json[0]["type"] == "cairn.win.recorded.v1"
    assert 0.4 < told["took"] < 3


def test_a_long_poll_ends_empty_when_its_time_is_up(active: Knock) -> None:
    cursor = active("service", "GET", "/v1/events").headers["Cairn-Cursor"]
    began = time.monotonic()
    page = active("service", "GET", f"/v1/events?after={cursor}&wait=1")
    assert (page.json, page.headers["Cairn-Cursor"]) == ([], cursor)
    assert 0.9 < time.monotonic() - began < 3


def test_one_poll_too_many_is_answered_at_once(active: Knock) -> None:
    cursor = active("service", "GET", "/v1/events").headers["Cairn-Cursor"]
    desk = active.app.extensions[ROOMS].desk
    assert desk.seats == 2  # a quarter of this app's 8 threads
    with desk.seat() as first, desk.seat() as second:
        assert (first, second) == (True, True)
        began = time.monotonic()
        page = active("service", "GET", f"/v1/events?after={cursor}&wait=20")
        assert time.monotonic() - began < 2
        assert (page.status_code, page.json, page.headers["Retry-After"]) == (200, [], "1")
    assert desk.waiting == 0


def test_an_event_names_the_request_that_made_it(active: Knock) -> None:
    cursor = active("service", "GET", "/v1/events").headers["Cairn-Cursor"]
    traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    made = active(
        "client",
        "PUT",
        f"{A_GOAL}/wins/{named('w')}",
        {},
        Cairn_Correlation_Id="a-1",
        traceparent=traceparent,
    )
    assert made.headers["Cairn-Correlation-Id"] == "a-1"
    item = active("service", "GET", f"/v1/events?after={cursor}").json[0]
    assert (item["correlationid"], item["traceparent"]) == ("a-1", traceparent)
    assert msgspec.json.encode(item)
