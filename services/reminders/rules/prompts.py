"""What comes by itself: before a session, about a review day, after a silence. Given a person, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.reminders.rules.cadence import ONE_DAY, instant
from services.reminders.rules.goal import Goal
from services.reminders.rules.hours import MORNING
from services.reminders.rules.person import Person
from services.reminders.rules.plan import Detail, Occasion, channels_of
from services.reminders.rules.silence import awaited_since
from shared.events import Channel

BEFORE_A_SESSION = timedelta(hours=24)
BEFORE_A_REVIEW = timedelta(days=3)
AFTER_SILENCE = (timedelta(days=7), timedelta(days=21))
"""And then nothing more until she is heard of again."""
QUIET_EXPIRES = timedelta(hours=48)


def prompts(person: Person, after: datetime) -> tuple[Occasion, ...]:
    """All that comes due after a moment if nothing changes, each by a key that the same state gives again."""
    return due_after(foreseen(person), after)


def due_after(coming: Iterable[Occasion], after: datetime) -> tuple[Occasion, ...]:
    """Those that come due after a moment."""
    return tuple(one for one in coming if one.due_at > after)


def foreseen(person: Person) -> tuple[Occasion, ...]:
    """All that there is of her as she is now, past and to come, where she can be told of it by some way."""
    if person.care_ended or not any(consent.in_force for consent in person.consents.values()):
        return ()
    return (*_ratings(person), *_reviews(person), *_quiet(person))


def _ratings(person: Person) -> Iterator[Occasion]:
    """Before each session, unless she is asked by a cadence of her own."""
    planned = [one for one in person.reminders.values() if one.kind == "rating" and one.active]
    if any(one.cadence is not None for one in planned):
        return
    goal_id = next((one.goal_id for one in planned if one.goal_id is not None), None)
    channels = channels_of(person, "rating") if person.sessions else ()
    if not channels:
        return
    for session_id, starts_at in person.sessions.items():
        yield Occasion(
            key=f"rating:{session_id}:{starts_at.astimezone(UTC).isoformat()}",
            client_id=person.client_id,
            kind="rating",
            channels=channels,
            due_at=starts_at - BEFORE_A_SESSION,
            expires_at=starts_at,
            detail=Detail(session_id=session_id, goal_id=goal_id),
        )


def _reviews(person: Person) -> Iterator[Occasion]:
    channels = channels_of(person, "review") if person.goals else ()
    if not channels:
        return
    for goal_id, goal in person.goals.items():
        if not goal.ended:
            yield from _reviews_of(person, goal_id, goal, channels)


def _reviews_of(
    person: Person, goal_id: UUID, goal: Goal, channels: tuple[Channel, ...]
) -> Iterator[Occasion]:
    """Some days before each day that was not kept yet, until it comes, and on it, until it is over."""
    where = ZoneInfo(person.time_zone)
    for day in goal.review_on:
        if day in goal.reviewed:
            continue
        begins, over = instant(where, day, MORNING), instant(where, day + ONE_DAY, "00:00")
        early = instant(where, day - BEFORE_A_REVIEW, MORNING)
        for days, due_at, expires_at in ((BEFORE_A_REVIEW.days, early, begins), (0, begins, over)):
            yield Occasion(
                key=f"review:{goal_id}:{day}:{days}",
                client_id=person.client_id,
                kind="review",
                channels=channels,
                due_at=due_at,
                expires_at=expires_at,
                detail=Detail(goal_id=goal_id, review_on=day),
            )


def _quiet(person: Person) -> Iterator[Occasion]:
    channels, since = channels_of(person, "quiet"), awaited_since(person)
    if not channels or since is None:
        return
    for silence in AFTER_SILENCE:
        yield Occasion(
            key=f"quiet:{person.client_id}:{since.astimezone(UTC).isoformat()}:{silence.days}",
            client_id=person.client_id,
            kind="quiet",
            channels=channels,
            due_at=since + silence,
            expires_at=since + silence + QUIET_EXPIRES,
            detail=Detail(silent_since=since),
        )
