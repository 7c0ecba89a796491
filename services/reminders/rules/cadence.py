"""When a cadence comes round: wall-clock time in her zone, across every change of the clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from heapq import heappop, heappush
from typing import get_args
from zoneinfo import ZoneInfo

import msgspec

from shared.events import Cadence, Clock, Day

DAYS: tuple[Day, ...] = get_args(Day)
ONE_DAY = timedelta(days=1)
FURTHEST_EAST = timedelta(hours=16)
"""No zone was ever further ahead of UTC (Juneau before 1867: 15:02)."""


class Slot(msgspec.Struct, frozen=True):
    """One coming round, named by its local date and time; `at` is the instant, in UTC."""

    local_date: date
    time: Clock
    at: datetime


def slots(zone: str, cadence: Cadence, after: datetime) -> Iterator[Slot]:
    """The slots strictly after an instant, in order of their instants, without end.

    A local time that does not exist is read with the offset before the gap; of two the first counts.
    Raises zoneinfo.ZoneInfoNotFoundError for a zone that is not known.
    """
    where = ZoneInfo(zone)
    if not cadence.days or not cadence.times:
        return
    weekdays = {DAYS.index(day) for day in cadence.days}
    # A slot in a gap comes round later than its own date says, so yesterday's may be still to come, and
    # today's may come after tomorrow's first: they wait here until nothing can come before them.
    waiting: list[tuple[datetime, date, Clock]] = []
    day = after.astimezone(where).date() - ONE_DAY
    while day < date.max - 2 * ONE_DAY:
        if day.weekday() in weekdays:
            for clock in sorted(set(cadence.times)):
                at = instant(where, day, clock)
                if at > after:
                    heappush(waiting, (at, day, clock))
        day += ONE_DAY
        settled = datetime.combine(day, time.min, UTC) - FURTHEST_EAST
        while waiting and waiting[0][0] < settled:
            at, local_date, clock = heappop(waiting)
            yield Slot(local_date, clock, at)


def next_due(zone: str, cadence: Cadence, after: datetime) -> Slot | None:
    """The first slot strictly after an instant; None when the cadence has no day or no time."""
    return next(slots(zone, cadence, after), None)


@lru_cache(maxsize=4096)
def round_of(
    zone: str, cadence: Cadence, first: datetime, now: datetime
) -> tuple[tuple[Slot, ...], Slot | None]:
    """The slots from `first` until now, both included, and the one after. Remembered: many have the same."""
    passed: list[Slot] = []
    for slot in slots(zone, cadence, first - timedelta(microseconds=1)):
        if slot.at > now:
            return tuple(passed), slot
        passed.append(slot)
    return tuple(passed), None


def instant(where: ZoneInfo, day: date, clock: Clock) -> datetime:
    """The instant, in UTC, at which it is that time of that day there."""
    # fold=0 is both rules: the offset before a gap, and the first of two.
    return datetime.combine(day, time.fromisoformat(clock), where).astimezone(UTC)
