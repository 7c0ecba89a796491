"""A goal told once more from its events, by counting alone: what the rules' state must come to as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.goals.rules.goal import ADJUSTABLE, typed
from shared.events import (
    Event,
    GoalAchieved,
    GoalAdjusted,
    GoalClosed,
    GoalPaused,
    GoalReopened,
    GoalResumed,
    GoalSet,
    MilestoneReached,
    Number,
    PracticeLogged,
    PracticeVoided,
    RatingRecorded,
    RatingVoided,
    WinRecorded,
    WinVoided,
)

LOGGED = (GoalAdjusted, PracticeLogged, RatingRecorded, GoalPaused, WinRecorded)
"""What no goal takes that has ended."""


@dataclass
class Recount:
    """One goal, counted from its events."""

    status: str = "draft"
    rests: UUID | None = None
    """The last pause, while it is not resumed."""
    parts: dict[str, Any] = field(default_factory=dict)
    epoch: int = 1
    practices: dict[UUID, tuple[int, Number]] = field(default_factory=dict)
    """The epoch and the quantity of each that holds."""
    ratings: dict[UUID, RatingRecorded] = field(default_factory=dict)
    wins: set[UUID] = field(default_factory=set)
    milestones: list[UUID] = field(default_factory=list)

    @property
    def quantity(self) -> Number:
        """What the practices of this epoch come to."""
        return sum(quantity for epoch, quantity in self.practices.values() if epoch == self.epoch)

    def scores(self) -> Iterator[tuple[int, str, int, int]]:
        """The first and the last rating of each epoch and rater."""
        for epoch, rater in sorted({(r.epoch, r.rater) for r in self.ratings.values()}):
            values = [r.value for r in self.ratings.values() if (r.epoch, r.rater) == (epoch, rater)]
            yield epoch, rater, values[0], values[-1]


def recount(events: Iterable[Event]) -> Recount:
    """Counts a goal's events. Asserts that none of them came to a goal that had ended, or was none yet."""
    goal = Recount()
    for event in events:
        if isinstance(event, LOGGED):
            assert goal.status in ("active", "paused") or (goal.status, type(event)) == ("draft", WinRecorded)
        _count(goal, event)
    return goal


def _count(goal: Recount, event: Event) -> None:
    match event:
        case GoalSet():
            assert goal.status == "draft"
            goal.status, goal.parts = "active", {name: getattr(event, name) for name in ADJUSTABLE}
        case GoalAdjusted():
            assert event.epoch in (goal.epoch, goal.epoch + 1)
            goal.epoch = event.epoch
            goal.parts |= {change.field: typed(change.field, change.to) for change in event.changes}
        case GoalPaused():
            goal.status, goal.rests = "paused", event.pause_id
        case GoalResumed():
            assert goal.status in ("active", "paused")
            goal.rests = None if event.pause_id == goal.rests else goal.rests
            goal.status = "paused" if goal.rests else "active"
        case GoalAchieved() | GoalClosed():
            assert goal.status in ("active", "paused")
            goal.status = "achieved" if isinstance(event, GoalAchieved) else "closed"
            goal.rests = None
        case GoalReopened():
            assert goal.status in ("achieved", "closed")
            goal.status = "active"
        case PracticeLogged():
            goal.practices[event.practice_id] = (goal.epoch, event.quantity)
        case PracticeVoided():
            assert goal.practices.pop(event.practice_id) == (event.epoch, event.quantity)
        case RatingRecorded():
            assert event.epoch == goal.epoch
            goal.ratings[event.rating_id] = event
        case RatingVoided():
            del goal.ratings[event.rating_id]
        case WinRecorded():
            goal.wins.add(event.win_id)
        case WinVoided():
            goal.wins.remove(event.win_id)
        case MilestoneReached():
            goal.milestones.append(event.milestone_id)
        case _:
            pass  # drafts, focus and reviews count nothing
