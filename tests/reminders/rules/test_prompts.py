"""What comes by itself: given a person, when, then. The same state gives the same keys."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from services.reminders.rules.goal import Goal
from services.reminders.rules.pause import Pause
from services.reminders.rules.person import Person, Reminder
from services.reminders.rules.prompts import prompts
from tests.controls import GOAL, NOW, named
from tests.reminders.rules.given import DAILY, MAYA, local, maya, named_rows

SESSION = named(1)
FRIDAY = local(6, "14:00")
REVIEW = date(2026, 3, 16)
OTHER = UUID(int=5)
A_SIGN, OLDER = NOW - timedelta(days=1), NOW - timedelta(days=3)


def sworn_off(kind: str, channel: str = "sms") -> Reminder:
    return Reminder(kind, channel, active=False)  # type: ignore[arg-type]


REVIEWED = maya(goals={GOAL: Goal(review_on=(REVIEW,))})
THREE_BEFORE = ("review", datetime(2026, 3, 13, 12, tzinfo=UTC), datetime(2026, 3, 16, 12, tzinfo=UTC))
ON_THE_DAY = ("review", datetime(2026, 3, 16, 12, tzinfo=UTC), datetime(2026, 3, 17, 4, tzinfo=UTC))
BEFORE_IT = ("rating", local(5, "14:00"), FRIDAY)


def quiet(since: datetime, days: int) -> tuple[str, datetime, datetime]:
    at = since + timedelta(days=days)
    return ("quiet", at, at + timedelta(hours=48))


ROWS: list[tuple[str, Person, list[tuple[str, datetime, datetime]]]] = [
    ("nothing is to come for one of whom nothing is known", MAYA, []),
    ("a rating 24 hours before a session, until it begins",
        maya(sessions={SESSION: FRIDAY}), [BEFORE_IT]),
    ("not where she is asked by a cadence of her own",
        maya(sessions={SESSION: FRIDAY}, reminders={OTHER: Reminder("rating", "sms", None, DAILY)}), []),
    ("but where that is switched off, it is off",
        maya(sessions={SESSION: FRIDAY},
             reminders={OTHER: sworn_off("rating"), named(9): sworn_off("rating", "email")}), []),
    ("not for a session within the day",
        maya(sessions={SESSION: NOW + timedelta(hours=20)}), []),
    ("a review three days before its day, until it comes, and on it, while it lasts by her clock",
        REVIEWED, [THREE_BEFORE, ON_THE_DAY]),
    ("not for a day that was kept",
        maya(goals={GOAL: Goal(review_on=(REVIEW,), reviewed=(REVIEW,))}), []),
    ("nor of a goal that has ended",
        maya(goals={GOAL: Goal(review_on=(REVIEW,), ended=True)}), []),
    ("nor where she wants none",
        replace(REVIEWED,
                reminders={OTHER: sworn_off("review"), named(9): sworn_off("review", "email")}), []),
    ("nor after her care has ended", replace(REVIEWED, care_ended=True), []),
    ("nor without a consent", replace(REVIEWED, consents={}), []),
    ("7 days after her last entry, and 21",
        maya(signs={OTHER: A_SIGN, SESSION: OLDER}), [quiet(A_SIGN, 7), quiet(A_SIGN, 21)]),
    ("or after something began",
        maya(signs={OTHER: OLDER}, begun_at=A_SIGN), [quiet(A_SIGN, 7), quiet(A_SIGN, 21)]),
    ("after the second nothing more",
        maya(signs={OTHER: NOW - timedelta(days=22)}), []),
    ("between them the second",
        maya(signs={OTHER: NOW - timedelta(days=8)}), [quiet(NOW - timedelta(days=8), 21)]),
    ("what an import brought begins no waiting",
        maya(signs={OTHER: A_SIGN}, imported=frozenset({OTHER})), []),
    ("the days of a rest do not count",
        maya(signs={OTHER: OLDER}, pauses={OTHER: Pause(date(2026, 3, 9))}),
        [quiet(datetime(2026, 3, 10, 4, tzinfo=UTC), 7), quiet(datetime(2026, 3, 10, 4, tzinfo=UTC), 21)]),
]  # fmt: skip


@pytest.mark.parametrize(("person", "expected"), named_rows(ROWS))
def test_what_comes_by_itself(person: Person, expected: list[tuple[str, datetime, datetime]]) -> None:
    found = prompts(person, NOW)
    assert [(one.kind, one.due_at, one.expires_at) for one in found] == expected
    assert len({one.key for one in found}) == len(found)
    assert all(one.channels == ("email", "sms") for one in found)


def test_it_goes_where_she_has_not_switched_it_off() -> None:
    person = replace(REVIEWED, reminders={OTHER: sworn_off("review", "email")})
    assert {one.channels for one in prompts(person, NOW)} == {("sms",)}


def test_a_session_that_is_moved_is_asked_about_anew() -> None:
    [first] = prompts(maya(sessions={SESSION: FRIDAY}), NOW)
    [second] = prompts(maya(sessions={SESSION: FRIDAY + timedelta(days=7)}), NOW)
    assert first.key != second.key


def test_a_rating_is_about_the_goal_that_was_chosen_for_it() -> None:
    person = maya(sessions={SESSION: FRIDAY}, reminders={OTHER: Reminder("rating", "sms", GOAL)})
    assert [one.detail.goal_id for one in prompts(person, NOW)] == [GOAL]


def test_by_another_clock_it_is_the_same_prompt_at_another_time() -> None:
    moved = replace(REVIEWED, time_zone="Asia/Tokyo")
    here, there = prompts(REVIEWED, NOW), prompts(moved, NOW)
    assert [one.key for one in here] == [one.key for one in there]
    assert [one.due_at for one in there] == [
        datetime(2026, 3, 12, 23, tzinfo=UTC),
        datetime(2026, 3, 15, 23, tzinfo=UTC),
    ]


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 1))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(sorted(available_timezones()))


@settings(max_examples=100, deadline=None)
@given(ZONES, st.sets(DAYS, max_size=4), st.sets(MOMENTS, max_size=3), MOMENTS)
def test_in_every_zone_each_comes_after_now_before_it_expires_by_one_key(
    zone: str, days: set[date], sessions: set[datetime], now: datetime
) -> None:
    person = maya(
        time_zone=zone,
        goals={GOAL: Goal(review_on=tuple(days))},
        sessions={UUID(int=n): at for n, at in enumerate(sessions)},
        signs={OTHER: now},
    )
    found = prompts(person, now)
    assert found == prompts(person, now)
    assert len({one.key for one in found}) == len(found)
    assert all(now < one.due_at < one.expires_at for one in found)
    # What is still to come later is the same, however often it is asked for meanwhile.
    later = now + timedelta(days=10)
    assert prompts(person, later) == tuple(one for one in found if one.due_at > later)
    for one in found:
        if one.kind == "review":
            assert f"{one.due_at.astimezone(ZoneInfo(zone)):%M}" == "00"
