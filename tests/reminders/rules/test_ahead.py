"""Her days, slot by slot: in every zone each comes once, at its time, and none in quiet hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from services.reminders.rules.ahead import Ahead, Dropped, Going, Outcome
from services.reminders.rules.cadence import DAYS
from shared.events import Cadence
from tests.reminders.rules.given import NORTHSIDE, REMINDER, maya, reminded

ONE_DAY = timedelta(days=1)
A_YEAR = [datetime(2026, 1, 1, 12, tzinfo=UTC) + n * ONE_DAY for n in range(365)]
CLOCKS = ("00:00", "02:30", "08:00", "20:59")
QUIET = ("21:00", "08:00")


def changes(zone: str) -> list[date]:
    """The days of 2026 on which the clocks change there; one day in June where they do not."""
    where = ZoneInfo(zone)
    found = [
        after.astimezone(where).date()
        for before, after in pairwise(A_YEAR)
        if before.astimezone(where).utcoffset() != after.astimezone(where).utcoffset()
    ]
    return found or [date(2026, 6, 10)]


def outcomes(zone: str, cadence: Cadence, quiet: tuple[str, str], begins: datetime) -> Iterator[Outcome]:
    """Three days of one who is heard of all the time, so that nothing tapers, and has no cap to speak of."""
    person = replace(
        reminded(cadence=cadence, goal_id=None),
        time_zone=zone,
        quiet_start=quiet[0],
        quiet_end=quiet[1],
        daily_cap=99,
        signs={UUID(int=1): begins + 9 * ONE_DAY},
    )
    yield from Ahead(person, NORTHSIDE, begins).until(begins + 3 * ONE_DAY)


def check(zone: str, cadence: Cadence, quiet: tuple[str, str], begins: datetime) -> None:
    where, over = ZoneInfo(zone), begins + 2 * ONE_DAY
    came = list(outcomes(zone, cadence, quiet, begins))
    ends = [
        occasion
        for one in came
        for occasion in (one.occasions if isinstance(one, Going) else [one.occasion])
        if isinstance(one, Going | Dropped) and begins < occasion.due_at <= over
    ]
    once = Counter((str(one.detail.slot_date), str(one.detail.slot_time), one.due_at) for one in ends)
    assert once == Counter(by_hand(where, cadence, begins, over))
    start, end = quiet
    for one in came:
        if isinstance(one, Going):
            shown = f"{one.at.astimezone(where):%H:%M}"
            night = start <= shown < end if start <= end else shown >= start or shown < end
            assert not night
            assert all(occasion.due_at <= one.at < occasion.expires_at for occasion in one.occasions)
        elif isinstance(one, Dropped):
            assert one.verdict.cause == "quiet_hours"


def by_hand(
    where: ZoneInfo, cadence: Cadence, after: datetime, until: datetime
) -> list[tuple[str, str, datetime]]:
    days = [(after + n * ONE_DAY).date() for n in range(-2, 5)]
    named = [
        (str(day), clock) for day in days if DAYS[day.weekday()] in cadence.days for clock in cadence.times
    ]
    slots = [
        (day, clock, datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=where).astimezone(UTC))
        for day, clock in named
    ]
    return [slot for slot in slots if after < slot[2] <= until]


@pytest.mark.parametrize("zone", sorted(available_timezones()))
def test_where_the_clocks_change_each_slot_comes_once_and_none_at_night(zone: str) -> None:
    for day in changes(zone):
        begins = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        check(zone, Cadence(DAYS, CLOCKS), QUIET, begins - timedelta(hours=18))


ZONES = st.sampled_from(sorted(available_timezones()))
TIMES = st.times().map(lambda time: f"{time:%H:%M}")
CADENCES = st.builds(
    Cadence,
    st.sets(st.sampled_from(DAYS), min_size=1).map(tuple),
    st.sets(TIMES, min_size=1, max_size=3).map(tuple),
)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=80, deadline=None)
@given(ZONES, CADENCES, st.tuples(TIMES, TIMES), MOMENTS)
def test_as_it_does_by_any_cadence_and_any_hours_at_any_time(
    zone: str, cadence: Cadence, quiet: tuple[str, str], begins: datetime
) -> None:
    check(zone, cadence, quiet, begins)


def test_what_was_planned_already_comes_round_no_more() -> None:
    begins = datetime(2026, 3, 2, 12, tzinfo=UTC)
    person = reminded(cadence=Cadence(DAYS, ("08:00",)))
    known = frozenset({f"practice:{REMINDER}:2026-03-02:08:00"})
    came = list(Ahead(person, NORTHSIDE, begins, known=known).until(begins + ONE_DAY))
    assert came == []


def test_who_chose_nothing_is_foretold_nothing() -> None:
    assert list(Ahead(maya(reminders={}), NORTHSIDE, A_YEAR[0]).until(A_YEAR[9])) == []
