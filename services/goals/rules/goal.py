"""A goal: what the client said, what was set, and how far it has come."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from services.goals.rules.rated import Rating
from services.goals.rules.reached import Milestone
from shared.events import (
    ActorKind,
    AdjustmentKind,
    Agreed,
    Cadence,
    Event,
    GoalAchieved,
    GoalAdjusted,
    GoalClosed,
    GoalDrafted,
    GoalPaused,
    GoalPrioritised,
    GoalReopened,
    GoalResumed,
    GoalReviewed,
    GoalSet,
    Measure,
    MilestoneReached,
    Number,
    PracticeLogged,
    PracticeVoided,
    RatingRecorded,
    RatingVoided,
    ReviewOutcome,
    WinRecorded,
    WinVoided,
)

Status = Literal["draft", "active", "paused", "achieved", "closed"]


class Review(msgspec.Struct, frozen=True):
    """A review that took place."""

    review_id: UUID
    review_on: date
    outcome: ReviewOutcome


class Pause(msgspec.Struct, frozen=True):
    """A rest: from when, by whom, until the end of which day, and when the goal was resumed, or ended."""

    pause_id: UUID
    since: datetime
    by: ActorKind
    until: date | None = None
    resumed_at: datetime | None = None


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """A goal as it is now; the SMART parts are None while it is a draft."""

    goal_id: UUID
    client_id: UUID
    status: Status = "draft"
    theme: str | None = None
    statement: str | None = None
    first_words: str | None = None
    """The statement of the first draft that had one."""
    reflection: str | None = None
    specific: str | None = None
    measure: Measure | None = None
    baseline: Number | None = None
    target: Number | None = None
    confidence: int | None = None
    relevance: str | None = None
    start_on: date | None = None
    end_on: date | None = None
    review_on: tuple[date, ...] = ()
    cadence: Cadence | None = None
    if_then: str | None = None
    focus: bool = False
    agreed: Agreed | None = None
    epoch: int = 1
    baselines: dict[int, Number] = {}
    """The rating at which each epoch was set to begin; one without begins at its first rating."""
    adjustments: dict[AdjustmentKind, int] = {}
    """How often it was adjusted, by kind."""
    practices: int = 0
    """However many, in every epoch."""
    quantity: Number = 0
    """What the practices of this epoch add up to."""
    ratings: tuple[Rating, ...] = ()
    reviews: tuple[Review, ...] = ()
    pauses: tuple[Pause, ...] = ()
    wins: int = 0
    closure_id: UUID | None = None
    """Of the end that is in force."""
    closed_by: ActorKind | None = None
    outcome: str | None = None
    learned: str | None = None
    milestones: tuple[Milestone, ...] = ()


def evolve(
    goal: Goal | None, goal_id: UUID, client_id: UUID, event: Event, at: datetime, by: ActorKind
) -> Goal:
    """The goal after one more event of its own stream."""
    goal = goal or Goal(goal_id=goal_id, client_id=client_id)
    match event:
        case GoalDrafted():
            return msgspec.structs.replace(
                goal,
                theme=event.theme,
                statement=event.statement,
                first_words=goal.first_words or event.statement,
                reflection=event.reflection,
            )
        case GoalSet():
            begun = msgspec.structs.replace(goal, status="active", **msgspec.structs.asdict(event))
            return _with_baseline(begun)
        case GoalAdjusted():
            return _adjusted(goal, event)
        case GoalPaused():
            pause = Pause(event.pause_id, at, by, event.until)
            return msgspec.structs.replace(goal, status="paused", pauses=(*goal.pauses, pause))
        case GoalResumed():
            pauses = _over(goal.pauses, at, event.pause_id)
            rests = bool(pauses) and pauses[-1].resumed_at is None  # another, where this one had run out
            return msgspec.structs.replace(goal, status="paused" if rests else "active", pauses=pauses)
        case GoalReviewed():
            review = Review(event.review_id, event.review_on, event.outcome)
            return msgspec.structs.replace(goal, reviews=(*goal.reviews, review))
        case RatingRecorded():
            rating = Rating(event.rating_id, event.value, event.rater, event.epoch, event.session_id, at)
            return msgspec.structs.replace(goal, ratings=(*goal.ratings, rating))
        case RatingVoided():
            left = tuple(rating for rating in goal.ratings if rating.rating_id != event.rating_id)
            return msgspec.structs.replace(goal, ratings=left)
        case PracticeLogged():
            return msgspec.structs.replace(
                goal, practices=goal.practices + 1, quantity=goal.quantity + event.quantity
            )
        case PracticeVoided():
            gone = event.quantity if event.epoch == goal.epoch else 0
            return msgspec.structs.replace(goal, practices=goal.practices - 1, quantity=goal.quantity - gone)
        case WinRecorded():
            return msgspec.structs.replace(goal, wins=goal.wins + 1)
        case WinVoided():
            return msgspec.structs.replace(goal, wins=goal.wins - 1)
        case GoalPrioritised():
            return msgspec.structs.replace(goal, focus=event.to)
        case GoalAchieved():
            return msgspec.structs.replace(
                goal,
                status="achieved",
                pauses=_over(goal.pauses, at),
                closure_id=event.closure_id,
                closed_by=by,
                outcome="achieved",
                learned=event.learned,
            )
        case GoalClosed():
            return msgspec.structs.replace(
                goal,
                status="closed",
                pauses=_over(goal.pauses, at),
                closure_id=event.closure_id,
                closed_by=by,
                outcome=event.outcome,
                learned=event.learned,
            )
        case GoalReopened():
            return msgspec.structs.replace(
                goal, status="active", closure_id=None, closed_by=None, outcome=None, learned=None
            )
        case MilestoneReached():
            return msgspec.structs.replace(goal, milestones=(*goal.milestones, Milestone.of(event)))
        case _:
            return goal


def on_day(goal: Goal, today: date) -> Goal:
    """The goal as it is on this local day: after the last day of a pause it goes on by itself, without an
    event, for the log holds what was done and not what the clock does."""
    until = goal.pauses[-1].until if goal.pauses else None
    if goal.status == "paused" and until is not None and until < today:
        return msgspec.structs.replace(goal, status="active")
    return goal


ADJUSTABLE: dict[str, Any] = {
    "specific": str,
    "measure": Measure,
    "baseline": Number | None,
    "target": Number,
    "confidence": int,
    "relevance": str,
    "start_on": date,
    "end_on": date,
    "review_on": tuple[date, ...],
    "cadence": Cadence | None,
    "if_then": str | None,
}
"""The fields that an adjustment may change, with their types."""


def typed(field: str, value: Any) -> Any:
    """A field's value from its JSON form; None stays None, as an erased one is.

    Raises msgspec.ValidationError for a value of another type.
    """
    return None if value is None else msgspec.convert(value, ADJUSTABLE[field])


def _adjusted(goal: Goal, event: GoalAdjusted) -> Goal:
    changed = {change.field: typed(change.field, change.to) for change in event.changes}
    counts = goal.adjustments | {event.kind: goal.adjustments.get(event.kind, 0) + 1}
    quantity = goal.quantity if event.epoch == goal.epoch else 0
    after = msgspec.structs.replace(goal, epoch=event.epoch, quantity=quantity, adjustments=counts, **changed)
    return _with_baseline(after) if "baseline" in changed else after


def _with_baseline(goal: Goal) -> Goal:
    """A baseline is its own epoch's: what was 3 of something else is no 3 of this."""
    baselines = {epoch: value for epoch, value in goal.baselines.items() if epoch != goal.epoch}
    if goal.baseline is not None and goal.measure is not None and goal.measure.kind == "rating":
        baselines[goal.epoch] = goal.baseline
    return msgspec.structs.replace(goal, baselines=baselines)


def _over(pauses: tuple[Pause, ...], at: datetime, pause_id: UUID | None = None) -> tuple[Pause, ...]:
    """The pauses once this one, or any that is left open, is over."""
    return tuple(
        msgspec.structs.replace(pause, resumed_at=at)
        if pause.resumed_at is None and pause_id in (None, pause.pause_id)
        else pause
        for pause in pauses
    )
