"""Milestones of ruleset 1: what an entry has earned, judged as it is made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from services.goals.rules.goal import Goal
from services.goals.rules.progress import baseline_of
from services.goals.rules.rated import standing
from shared.events import (
    Event,
    GoalAchieved,
    GoalReviewed,
    MilestoneReached,
    MilestoneRule,
    Number,
    PracticeLogged,
    RatingRecorded,
    SessionAttended,
    WinRecorded,
    fact_id,
)

PRACTICE_COUNTS = (3, 7, 14, 30, 60, 100)
SILENT_DAYS = 7
REVIEW_DAYS = 7
RATED_UP = 3
FULL_RATING = 10
"""What a rating of progress goes toward, where the goal has no scale of its own."""


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules count, as it is with the entry in it; days are the client's local ones."""

    client_id: UUID
    goal: Goal | None
    """The goal that the entry is on, None for one of hers alone."""
    today: date
    """The day that the entry is of."""
    last_sign_on: date | None
    """The last day before it with a practice, a win, a rating or an attended session; or a later one than
    every silence.
    """
    rests: tuple[tuple[date, date], ...]
    """The first and the last day of each pause, of a goal of hers or of all her reminders."""
    times_back: int
    reached: frozenset[UUID]


class Earned(NamedTuple):
    """A rule that the entry fulfils; with `epoch` None it is fulfilled once for all epochs."""

    stream_id: UUID
    rule: MilestoneRule
    threshold: int | None = None
    epoch: int | None = None


def earned(event: Event, event_id: UUID, tally: Tally) -> tuple[tuple[UUID, MilestoneReached], ...]:
    """The milestones that this entry earns, each with the stream it belongs on, first things first.

    Each is reached once per (stream, rule, threshold, epoch); what voids an entry never takes one back.
    """
    found = []
    for stream_id, rule, threshold, epoch in _fulfilled(event, tally):
        name = ":".join("" if part is None else str(part) for part in (threshold, epoch))
        milestone_id = fact_id(stream_id, rule, name)
        if milestone_id not in tally.reached:
            milestone = MilestoneReached(
                milestone_id=milestone_id, rule=rule, threshold=threshold, epoch=epoch, evidence=event_id
            )
            found.append((stream_id, milestone))
    return tuple(found)


def silent_days(last: date, until: date, rests: tuple[tuple[date, date], ...]) -> int:
    """The whole days between two days, without those on which a goal rested."""
    between = (last + timedelta(days=n) for n in range(1, (until - last).days))
    return sum(not any(first <= day <= end for first, end in rests) for day in between)


def _fulfilled(event: Event, tally: Tally) -> Iterator[Earned]:
    her, goal = tally.client_id, tally.goal
    if isinstance(event, PracticeLogged | WinRecorded | SessionAttended):
        yield Earned(her, "first_step")
    if isinstance(event, WinRecorded):
        yield Earned(her, "first_win")
    if isinstance(event, PracticeLogged | WinRecorded | RatingRecorded | SessionAttended) and _came_back(
        tally
    ):
        yield Earned(her, "came_back", tally.times_back + 1)
    if goal is None or goal.measure is None or goal.target is None:
        return
    match event:
        case PracticeLogged() if not _less_is_better(goal):
            if goal.practices in PRACTICE_COUNTS:
                yield Earned(goal.goal_id, "practices", goal.practices)
            yield from _by_quantity(goal, goal.measure.kind, goal.target)
        case RatingRecorded(rater="client"):
            yield from _by_rating(goal, goal.measure.kind, goal.target)
        case GoalReviewed() if event.review_on in goal.review_on:
            if abs(tally.today - event.review_on) <= timedelta(days=REVIEW_DAYS):
                yield Earned(goal.goal_id, "review_kept", int(f"{event.review_on:%Y%m%d}"))
        case GoalAchieved():
            yield Earned(goal.goal_id, "goal_achieved")
        case _:
            return


def _less_is_better(goal: Goal) -> bool:
    """Whether it is a goal to do less of something: then no count is celebrated."""
    assert goal.measure
    assert goal.target is not None
    return goal.measure.kind != "rating" and goal.baseline is not None and goal.baseline > goal.target


def _by_quantity(goal: Goal, kind: str, target: Number) -> Iterator[Earned]:
    if kind == "count" and goal.quantity * 2 >= target:
        yield Earned(goal.goal_id, "halfway", epoch=goal.epoch)
    if kind in ("count", "duration", "yes_no") and goal.quantity >= target:
        yield Earned(goal.goal_id, "target_reached", epoch=goal.epoch)


def _by_rating(goal: Goal, kind: str, target: Number) -> Iterator[Earned]:
    held = standing(goal.ratings)
    hers = [rating for rating in held if rating.rater == "client" and rating.epoch == goal.epoch]
    on_scale = kind == "rating"
    end: Number = target if on_scale else FULL_RATING
    start = baseline_of(goal, goal.epoch, hers[0])
    way: Number = end - start
    if way == 0:
        return
    toward = 1 if way > 0 else -1
    if len(hers) > 1 and all((rating.value - start) * toward >= RATED_UP for rating in hers[-2:]):
        yield Earned(goal.goal_id, "rating_up", RATED_UP, goal.epoch)
    gone = (hers[-1].value - start) * toward
    if on_scale and gone * 2 >= way * toward:
        yield Earned(goal.goal_id, "halfway", epoch=goal.epoch)
    if on_scale and gone >= way * toward:
        yield Earned(goal.goal_id, "target_reached", epoch=goal.epoch)


def _came_back(tally: Tally) -> bool:
    last = tally.last_sign_on
    return last is not None and silent_days(last, tally.today, tally.rests) >= SILENT_DAYS
