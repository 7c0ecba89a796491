"""Quiet hours: when her clock says that nothing may come, when that ends, and when her next morning is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from services.reminders.rules.cadence import ONE_DAY, instant
from services.reminders.rules.person import Person
from shared.clinic import Clinic
from shared.events import Clock

MINUTE = timedelta(minutes=1)
MORNING: Clock = "08:00"
"""Where no quiet hours end in the morning."""


class Hours(msgspec.Struct, frozen=True):
    """Quiet from `start` up to, not including, `end`, by her clock; the same twice is never quiet."""

    zone: str
    start: Clock
    end: Clock


def hours_of(person: Person, clinic: Clinic) -> Hours:
    """Hers where she chose them, else the clinic's."""
    start = person.quiet_start or clinic.quiet_start
    end = person.quiet_end or clinic.quiet_end
    return Hours(person.time_zone, start, end)


def is_quiet(hours: Hours, at: datetime) -> bool:
    """Whether her clock shows a quiet time at that instant."""
    shown = f"{at.astimezone(ZoneInfo(hours.zone)):%H:%M}"
    if hours.start <= hours.end:
        return hours.start <= shown < hours.end
    return shown >= hours.start or shown < hours.end


def opens_at(hours: Hours, at: datetime) -> datetime:
    """The first instant from `at` on that is not quiet."""
    return _first(hours, at, hours.end, lambda moment: not is_quiet(hours, moment))


def closes_at(hours: Hours, at: datetime) -> datetime | None:
    """The first instant from `at` on that is quiet; None when no hours are."""
    if hours.start == hours.end:
        return None
    return _first(hours, at, hours.start, lambda moment: is_quiet(hours, moment))


def local_day(zone: str, at: datetime) -> date:
    """The day that it is for her."""
    return at.astimezone(ZoneInfo(zone)).date()


def morning_of(hours: Hours, day: date) -> datetime:
    """When that day of hers begins for messages: as the night's quiet hours end, else at 08:00."""
    where = ZoneInfo(hours.zone)
    midnight = instant(where, day, "00:00")
    if is_quiet(hours, midnight):
        return opens_at(hours, midnight)
    return opens_at(hours, instant(where, day, MORNING))


def _first(hours: Hours, at: datetime, clock: Clock, holds: Callable[[datetime], bool]) -> datetime:
    if holds(at):
        return at
    where = ZoneInfo(hours.zone)
    if _offset(at - ONE_DAY, where) == _offset(at, where) == _offset(at + 2 * ONE_DAY, where):
        today = at.astimezone(where).date()
        return next(
            moment for days in range(3) if (moment := instant(where, today + days * ONE_DAY, clock)) > at
        )
    # Her clocks change about now: a time may come twice or not at all, so look at each minute.
    moment = at.astimezone(UTC).replace(second=0, microsecond=0) + MINUTE
    while not holds(moment):
        moment += MINUTE
    return moment


def _offset(at: datetime, where: ZoneInfo) -> timedelta | None:
    return at.astimezone(where).utcoffset()
