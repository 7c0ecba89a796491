"""A goal as reminders know it: how much is asked, whether it rests, what was done lately. Never its words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from services.reminders.rules.pause import Pause
from shared.events import (
    Agreed,
    GoalAchieved,
    GoalAdjusted,
    GoalClosed,
    GoalPaused,
    GoalPrioritised,
    GoalReopened,
    GoalResumed,
    GoalReviewed,
    GoalSet,
    Measure,
    Number,
    PracticeLogged,
    PracticeVoided,
    RatingRecorded,
    RatingVoided,
    Recorded,
)

PRACTICES_KEPT = timedelta(days=28)
"""Longer than the 14 days that a practice may be logged back, and a whole week more."""


RATINGS_KEPT = timedelta(hours=48)
"""For so long after one no other is asked for."""


class Practice(msgspec.Struct, frozen=True):
    """What she logged, on her local day."""

    practice_id: UUID
    on: date
    quantity: Number


class Achievement(msgspec.Struct, frozen=True):
    """The event that called a goal achieved, and who agreed."""

    event_id: UUID
    agreed: Agreed


class Goal(msgspec.Struct, frozen=True):
    """What reminders need of a goal."""

    measure: Measure | None = None
    target: Number | None = None
    ended: bool = False
    achieved: Achievement | None = None
    practices: tuple[Practice, ...] = ()
    focus: bool = False
    pauses: dict[UUID, Pause] = {}
    """Those that were not resumed."""
    review_on: tuple[date, ...] = ()
    reviewed: tuple[date, ...] = ()
    """The review days that were kept."""
    ratings: dict[UUID, datetime] = {}
    """Her own of the last days, and when she gave them."""


def evolve(goal: Goal, event: Recorded) -> Goal:
    """The goal after one more event of its stream; what reminders do not need leaves it as it is."""
    match event.data:
        case GoalSet() as data:
            return msgspec.structs.replace(
                goal,
                measure=data.measure,
                target=data.target,
                focus=data.focus,
                ended=False,
                review_on=data.review_on,
            )
        case GoalAdjusted() as data:
            for change in data.changes:
                if change.field == "target":
                    goal = msgspec.structs.replace(goal, target=msgspec.convert(change.to, Number))
                elif change.field == "measure":
                    goal = msgspec.structs.replace(goal, measure=msgspec.convert(change.to, Measure))
                elif change.field == "review_on":
                    days = msgspec.convert(change.to, tuple[date, ...])
                    goal = msgspec.structs.replace(goal, review_on=days)
            return goal
        case GoalPrioritised() as data:
            return msgspec.structs.replace(goal, focus=data.to)
        case GoalPaused() as data:
            return msgspec.structs.replace(goal, pauses=goal.pauses | {data.pause_id: Pause(data.until)})
        case GoalResumed() as data:
            left = {key: pause for key, pause in goal.pauses.items() if key != data.pause_id}
            return msgspec.structs.replace(goal, pauses=left)
        case GoalAchieved() as data:
            achieved = Achievement(event.event_id, data.agreed)
            return msgspec.structs.replace(goal, ended=True, achieved=achieved)
        case GoalClosed():
            return msgspec.structs.replace(goal, ended=True)
        case GoalReopened():
            return msgspec.structs.replace(goal, ended=False, achieved=None, pauses={})
        case GoalReviewed() as data:
            return msgspec.structs.replace(goal, reviewed=(*goal.reviewed, data.review_on))
        case RatingRecorded(rater="client") as data:
            return _rated(goal, data.rating_id, event.time)
        case RatingVoided() as data:
            kept = {key: at for key, at in goal.ratings.items() if key != data.rating_id}
            return msgspec.structs.replace(goal, ratings=kept)
        case PracticeLogged() as data:
            return _practised(goal, Practice(data.practice_id, data.on, data.quantity))
        case PracticeVoided() as data:
            left_in = tuple(one for one in goal.practices if one.practice_id != data.practice_id)
            return msgspec.structs.replace(goal, practices=left_in)
        case _:
            return goal


def _rated(goal: Goal, rating_id: UUID, at: datetime) -> Goal:
    given = goal.ratings | {rating_id: at}
    latest = max(given.values())
    kept = {key: moment for key, moment in given.items() if moment > latest - RATINGS_KEPT}
    return msgspec.structs.replace(goal, ratings=kept)


def _practised(goal: Goal, practice: Practice) -> Goal:
    logged = (*goal.practices, practice)
    latest = max(one.on for one in logged)
    kept = tuple(one for one in logged if one.on > latest - PRACTICES_KEPT)
    return msgspec.structs.replace(goal, practices=kept)
