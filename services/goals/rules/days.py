"""A client's days: when each began and ended, in the time zone in which she was then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.events import ClientRegistered, PreferencesSet, Recorded

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
"""The smallest step of time that the log knows."""


_BEFORE_ALL, _AFTER_ALL = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Stay(NamedTuple):
    """A time zone in which she was, from one moment to another."""

    since: datetime
    until: datetime
    time_zone: str


Stays = tuple[Stay, ...]


def stays_of(events: Iterable[Recorded]) -> Stays:
    """Where a client was in the course of time, by the events of her own stream; the first stay has no
    beginning, the last no end."""
    stays: list[Stay] = []
    for event in events:
        if not isinstance(event.data, ClientRegistered | PreferencesSet):
            continue
        if not stays:
            stays.append(Stay(_BEFORE_ALL, _AFTER_ALL, event.data.time_zone))
        elif event.data.time_zone != stays[-1].time_zone:
            stays[-1] = stays[-1]._replace(until=event.time)
            stays.append(Stay(event.time, _AFTER_ALL, event.data.time_zone))
    return tuple(stays)


def begins(day: date, stays: Stays) -> datetime:
    """The first moment of her day."""
    return ends(day - DAY, stays) + INSTANT


@lru_cache(maxsize=4096)
def ends(day: date, stays: Stays) -> datetime:
    """The last moment at which it was still this day, or an earlier one, where she was."""
    midnights = ((stay, _midnight(day + DAY, stay.time_zone)) for stay in stays)
    return max(min(midnight, stay.until) for stay, midnight in midnights if stay.since < midnight) - INSTANT


def day_of(at: datetime, stays: Stays) -> date:
    """The day that it was where she was."""
    stay = next(stay for stay in stays if at < stay.until)
    return at.astimezone(ZoneInfo(stay.time_zone)).date()


def _midnight(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)
