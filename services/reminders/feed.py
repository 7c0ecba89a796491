"""The goals service's feed, as this house reads it: one long poll for many lanes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import msgspec
import requests

from shared.lanes import LANES
from shared.wire import BATCH, MAX_PAGE, pack_cursor

WAIT_SECONDS = 5
"""How long the server may hold the answer; well within a follower's lease on its lanes."""
TOKEN_LIFE = timedelta(minutes=5)
_CONNECT_SECONDS = 3
_SPARE_SECONDS = 15
_MOST_WAIT_SECONDS = 30


class FeedAway(Exception):
    """The goals service cannot be reached, or cannot answer now."""


class FeedRefused(Exception):
    """The goals service answers, but not to this token or this request."""


class Envelope(msgspec.Struct):
    """What every event must have, for its lane and its record to be known even where the rest is poison."""

    id: UUID
    source: Annotated[str, msgspec.Meta(pattern="^/clinics/[0-9a-f-]{36}$")]
    type: str
    lane: Annotated[int, msgspec.Meta(ge=0, lt=LANES)]
    sequence: Annotated[str, msgspec.Meta(pattern="^[1-9][0-9]{0,17}$")]
    partitionkey: UUID
    recordedtime: datetime


class Page(NamedTuple):
    """What the feed gave: CloudEvents, and how many seconds it asks to be left alone when it gave none."""

    items: list[dict[str, Any]]
    retry_after: float


class Feed:
    """A reader of the feed at `goals_url`; `token` mints the bearer of each request."""

    def __init__(self, goals_url: str, token: Callable[[], str]) -> None:
        self._url = f"{goals_url.rstrip('/')}/v1/events"
        self._token = token
        self._session = requests.Session()
        self._session.trust_env = False  # the other house is never behind this machine's proxy

    def read(self, after: dict[int, int], *, wait: int = WAIT_SECONDS, limit: int = MAX_PAGE) -> Page:
        """The next events of the lanes of `after`, each after its position. Raises FeedAway, FeedRefused."""
        query: dict[str, str | int] = {"lanes": ranges(after), "wait": wait, "limit": limit}
        if any(after.values()):
            query["after"] = pack_cursor(after)
        headers = {"Authorization": f"Bearer {self._token()}", "Accept": BATCH}
        try:
            answer = self._session.get(
                self._url, params=query, headers=headers, timeout=(_CONNECT_SECONDS, wait + _SPARE_SECONDS)
            )
        except requests.RequestException as error:
            raise FeedAway(type(error).__name__) from error
        if answer.status_code >= 500 or answer.status_code == 429:
            raise FeedAway(f"status {answer.status_code}")
        if answer.status_code != 200:
            raise FeedRefused(f"status {answer.status_code}")
        return Page(_items(answer.content), _seconds(answer.headers.get("Retry-After")))


def ranges(lanes: dict[int, int]) -> str:
    """Lanes as the feed takes them: `0-15,32`."""
    parts: list[list[int]] = []
    for lane in sorted(lanes):
        if parts and parts[-1][1] == lane - 1:
            parts[-1][1] = lane
        else:
            parts.append([lane, lane])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def _items(body: bytes) -> list[dict[str, Any]]:
    try:
        items = msgspec.json.decode(body, type=list[dict[str, Any]])
        msgspec.convert(items, list[Envelope])
        return items
    except msgspec.MsgspecError as error:
        raise FeedAway("the answer is no page of events") from error


def _seconds(header: str | None) -> float:
    if header is None or not re.fullmatch(r"\d{1,6}", header.strip()):
        return 0.0
    return min(float(header), _MOST_WAIT_SECONDS)
