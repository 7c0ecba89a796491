"""The feed: every event in the order of its lane, a page at a time, waiting for the next if asked to."""

from __future__ import annotations

import time

from flask import Response

from services.goals.api.call import Call
from services.goals.api.door import Door
from services.goals.api.problems import invalid
from services.goals.api.queries import ALL_LANES, FeedQuery
from services.goals.log import feed
from services.goals.rules.access import reads_feed
from shared.problems import Problem, Wrong
from shared.wire import BATCH, BadCursor, pack_cursor, unpack_cursor

door = Door("feed", "The feed, for services.")
AHEAD = (
    "In lane {lane} the log ends before this cursor: it was restored to an earlier time than its follower. "
    "Restore the follower from the same backup."
)
LOOK_SECONDS = 0.25
"""How soon a long poll sees that the service is stopping."""


def _positions(cursor: str | None) -> dict[int, int]:
    try:
        return unpack_cursor(cursor) if cursor else {}
    except BadCursor as error:
        raise invalid((Wrong("#/after", str(error)),), "query") from error


def _page(call: Call, lanes: frozenset[int], after: dict[int, int]) -> tuple[list[bytes], dict[int, int]]:
    house = call.rooms.house
    try:
        return feed.page(
            house.engine, house.vault, lanes=lanes, after=after, limit=call.query["limit"], granted=True
        )
    except feed.AheadOfLog as error:
        raise Problem(409, AHEAD.format(lane=error.lane)) from error


CURSOR = {"Cairn-Cursor": {"schema": {"type": "string"}, "description": "Where the next page begins."}}


@door.read(
    "/v1/events", "CloudEvents", query=FeedQuery, answered_with=CURSOR, content_type=BATCH, problems=(409,)
)
def get_events(call: Call) -> Response:
    """Events after a cursor, as CloudEvents; with `wait`, held until there is one. By a service."""
    reads_feed(call.who)
    lanes: frozenset[int] = call.query.get("lanes", ALL_LANES)
    after = _positions(call.query.get("after"))
    ends = time.monotonic() + call.query["wait"]
    items, reached = _page(call, lanes, after)
    headers = {}
    if not items and call.query["wait"]:
        with call.rooms.desk.seat() as sits:
            if not sits:
                headers["Retry-After"] = "1"
                call.rooms.figures.refused("seats")
            while sits and not items and not call.rooms.desk.closed and (left := ends - time.monotonic()) > 0:
                if call.rooms.heads.wait(lanes, reached, min(left, LOOK_SECONDS)):
                    items, reached = _page(call, lanes, after)
    headers["Cairn-Cursor"] = pack_cursor(reached)
    return Response(b"[%b]" % b",".join(items), content_type=BATCH, headers=headers)
