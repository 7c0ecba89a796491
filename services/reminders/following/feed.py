"""The goals service's feed, as this house reads it: one long poll for many lanes."""

from __future__ import annotations

from typing import Any, NamedTuple

from shared.goals_client import Answer, Goals
from shared.wire import BATCH, MAX_PAGE, Envelope, pack_cursor

WAIT_SECONDS = 5
"""How long the server may hold the answer; well within a follower's lease on its lanes."""
SPARE_SECONDS = 15
"""Beyond that, for the answer to come."""


class Page(NamedTuple):
    """What the feed gave: CloudEvents, and how many seconds it asks to be left alone when it gave none."""

    items: list[dict[str, Any]]
    retry_after: float


class Feed:
    """A reader of the feed of the goals service."""

    def __init__(self, goals: Goals) -> None:
        self._goals = goals

    def read(self, after: dict[int, int], *, wait: int = WAIT_SECONDS, limit: int = MAX_PAGE) -> Page:
        """The next events of the lanes of `after`, each after its position. Raises as Goals.get."""
        query: dict[str, str | int] = {"lanes": ranges(after), "wait": wait, "limit": limit}
        if any(after.values()):
            query["after"] = pack_cursor(after)
        answer = self._goals.get("/v1/events", query=query, accept=BATCH, seconds=wait + SPARE_SECONDS)
        return Page(_items(answer), answer.retry_after)


def ranges(lanes: dict[int, int]) -> str:
    """Lanes as the feed takes them: `0-15,32`."""
    parts: list[list[int]] = []
    for lane in sorted(lanes):
        if parts and parts[-1][1] == lane - 1:
            parts[-1][1] = lane
        else:
            parts.append([lane, lane])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def _items(answer: Answer) -> list[dict[str, Any]]:
    answer.read(list[Envelope])
    return answer.read(list[dict[str, Any]])
