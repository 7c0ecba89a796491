"""Her quiet hours: what comes due in them waits for the morning, or has expired by then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reminders.rules.caps import Sent
from services.reminders.rules.hours import Hours, closes_at, is_quiet, opens_at
from services.reminders.rules.person import Person
from services.reminders.rules.plan import Occasion
from services.reminders.rules.policy import Expire, Later, Verdict, judge
from shared.events import Cadence
from tests.reminders.rules.given import (
    DAILY,
    MAYA,
    NORTHSIDE,
    celebration,
    goes,
    local,
    maya,
    named_rows,
    practice,
    reminded,
)  # fmt: skip

CAME = celebration(at=local(2, "10:00"))
SIESTA = maya(quiet_start="13:00", quiet_end="15:00")
NIGHT = maya(quiet_start="00:00", quiet_end="07:00")
QUIET: list[tuple[str, Person, Occasion | None, datetime, Verdict]] = [
    ("21:00 is quiet: a celebration waits for the morning",
        MAYA, celebration(at=local(2, "21:00")), local(2, "21:00"), Later(local(3, "08:00"), "quiet_hours")),
    ("20:59 is not",
        MAYA, celebration(at=local(2, "20:59")), local(2, "20:59"), goes(1)),
    ("07:59 is",
        MAYA, celebration(at=local(3, "07:59")), local(3, "07:59"), Later(local(3, "08:00"), "quiet_hours")),
    ("08:00 is not",
        MAYA, celebration(at=local(3, "08:00")), local(3, "08:00"), goes(13 * 60)),
    ("after midnight the morning is the same day's",
        MAYA, celebration(at=local(3, "00:30")), local(3, "00:30"), Later(local(3, "08:00"), "quiet_hours")),
    ("hers go before the clinic's",
        maya(quiet_start="22:30", quiet_end="06:00"), celebration(at=local(2, "21:00")), local(2, "21:00"),
        goes(90)),
    ("hours within a day",
        SIESTA, celebration(at=local(2, "13:00")), local(2, "13:00"),
        Later(local(2, "15:00"), "quiet_hours")),
    ("hours from midnight",
        NIGHT, celebration(at=local(2, "00:00")), local(2, "00:00"), Later(local(2, "07:00"), "quiet_hours")),
    ("no hours at all",
        maya(quiet_start="08:00", quiet_end="08:00"), CAME, local(2, "23:00"), goes(35 * 60)),
    ("hours are where she is, not where the clinic is",
        maya(time_zone="Asia/Tokyo"), CAME, local(2, "10:00"), Later(local(2, "18:00"), "quiet_hours")),
    ("the morning of the day the clocks change",
        MAYA, celebration(at=local(7, "22:00")), local(7, "22:00"), Later(local(8, "07:00"), "quiet_hours")),
    ("a nudge that has not expired by the morning waits for it",
        reminded(cadence=Cadence(DAILY.days, ("07:00",))), None, local(2, "07:00"),
        Later(local(2, "08:00"), "quiet_hours")),
    ("one that has expired by then does not",
        reminded(cadence=Cadence(DAILY.days, ("06:00",))), None, local(2, "06:00"), Expire("quiet_hours")),
    ("a celebration that expires as the morning comes has expired",
        MAYA, celebration(at=local(2, "08:00")), local(4, "07:30"), Expire("quiet_hours")),
]  # fmt: skip


@pytest.mark.parametrize(("person", "occasion", "now", "expected"), named_rows(QUIET))
def test_her_hours(person: Person, occasion: Occasion | None, now: datetime, expected: Verdict) -> None:
    occasion = occasion or practice(now, person)
    assert judge(person, NORTHSIDE, "sms", occasion, Sent(), now) == expected


NIGHTS = [
    ("an end in the gap is as the gap ends",
        Hours("America/New_York", "21:00", "02:30"), "2026-03-08T06:30", opens_at, "2026-03-08T07:00"),
    ("a start in the gap is as the gap ends",
        Hours("America/New_York", "02:30", "06:00"), "2026-03-08T06:30", closes_at, "2026-03-08T07:00"),
    ("an hour that comes twice is quiet twice",
        Hours("America/New_York", "21:00", "01:30"), "2026-11-01T05:40", closes_at, "2026-11-01T06:00"),
    ("until it is over for the second time",
        Hours("America/New_York", "21:00", "01:30"), "2026-11-01T06:10", opens_at, "2026-11-01T06:30"),
]  # fmt: skip


@pytest.mark.parametrize(("hours", "at", "rule", "expected"), named_rows(NIGHTS))
def test_on_the_nights_that_the_clocks_change(
    hours: Hours, at: str, rule: Callable[[Hours, datetime], datetime], expected: str
) -> None:
    found = rule(hours, datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


ZONES = st.sampled_from(sorted(available_timezones()))
CLOCKS = st.times().map(lambda time: f"{time:%H:%M}")
HOURS = st.builds(Hours, ZONES, CLOCKS, CLOCKS)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
CHANGES = st.sampled_from(
    [
        ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        ("Antarctica/Troll", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ]
)


@settings(max_examples=150, deadline=None)
@given(HOURS, MOMENTS)
def test_in_every_zone_the_morning_is_not_quiet_and_the_evening_is(hours: Hours, at: datetime) -> None:
    _holds(hours, at)


@settings(max_examples=150, deadline=None)
@given(CHANGES, st.tuples(CLOCKS, CLOCKS), st.integers(-1800, 1800))
def test_and_on_the_night_that_the_clocks_change(
    change: tuple[str, datetime], clocks: tuple[str, str], minutes: int
) -> None:
    _holds(Hours(change[0], *clocks), change[1] + timedelta(minutes=minutes))


def _holds(hours: Hours, at: datetime) -> None:
    opens, closes = opens_at(hours, at), closes_at(hours, at)
    assert not is_quiet(hours, opens)
    _minutes_between(hours, at, opens, quiet=True)
    if closes is None:
        assert hours.start == hours.end
    else:
        assert is_quiet(hours, closes)
        _minutes_between(hours, at, closes, quiet=False)


def _minutes_between(hours: Hours, at: datetime, until: datetime, *, quiet: bool) -> None:
    for step in range(0, int((until - at).total_seconds() // 60), 7):
        assert is_quiet(hours, at + timedelta(minutes=step)) is quiet
