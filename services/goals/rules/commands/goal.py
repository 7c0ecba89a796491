"""What can be asked of a goal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.goals.rules.commands.fact import Fact
from shared.events import (
    AdjustmentKind,
    Agreed,
    Cadence,
    Change,
    Measure,
    Number,
    Outcome,
    Rater,
    ReasonCode,
    ReviewOutcome,
    Theme,
    Via,
)


@dataclass(frozen=True, kw_only=True)
class DraftGoal:
    """A goal in the client's own words."""

    goal_id: UUID
    theme: Theme | None = None
    statement: str | None = None
    reflection: str | None = None


@dataclass(frozen=True, kw_only=True)
class SetGoal:
    """The whole SMART goal, active from now on; the draft's parts may come along."""

    goal_id: UUID
    specific: str
    measure: Measure
    target: Number
    confidence: int
    relevance: str
    end_on: date
    baseline: Number | None = None
    start_on: date | None = None
    review_on: tuple[date, ...] | None = None
    cadence: Cadence | None = None
    if_then: str | None = None
    focus: bool = False
    agreed: Agreed | None = None
    theme: Theme | None = None
    statement: str | None = None
    reflection: str | None = None


@dataclass(frozen=True, kw_only=True)
class FocusGoal(Fact):
    """The goal comes into focus, or leaves it."""

    KIND = "focus"
    goal_id: UUID
    change_id: UUID
    from_: bool
    to: bool
    reason: str | None = None
    time: datetime | None = None

    @property
    def name(self) -> UUID:
        """The caller's name for the change."""
        return self.change_id


@dataclass(frozen=True, kw_only=True)
class AdjustGoal(Fact):
    """Fields of an active goal, from what they are to something else, for a reason."""

    KIND = "adjustment"
    goal_id: UUID
    adjustment_id: UUID
    kind: AdjustmentKind
    changes: tuple[Change, ...]
    reason_code: ReasonCode
    reason: str | None = None
    effective_on: date | None = None
    agreed: Agreed | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PauseGoal(Fact):
    """The goal rests, until a day or until it is resumed."""

    KIND = "pause"
    ENDED_BY = "resume"
    goal_id: UUID
    pause_id: UUID
    until: date | None = None
    reason_code: ReasonCode | None = None
    reason: str | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ResumeGoal:
    """The goal goes on."""

    goal_id: UUID
    pause_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReviewGoal(Fact):
    """The goal was looked at, for one of its review days."""

    KIND = "review"
    goal_id: UUID
    review_id: UUID
    review_on: date
    outcome: ReviewOutcome
    note: str | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RateGoal(Fact):
    """How far it feels, by the client or by the therapist; None is who says it."""

    KIND = "rating"
    ENDED_BY = "rating.voided"
    goal_id: UUID
    rating_id: UUID
    value: int
    rater: Rater | None = None
    session_id: UUID | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class VoidRating:
    """A rating was entered by mistake."""

    goal_id: UUID
    rating_id: UUID


@dataclass(frozen=True, kw_only=True)
class LogPractice(Fact):
    """She practised; None is today, once, and by the way of who asks."""

    KIND = "practice"
    ENDED_BY = "practice.voided"
    goal_id: UUID
    practice_id: UUID
    on: date | None = None
    quantity: Number = 1
    note: str | None = None
    via: Via | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class VoidPractice:
    """A practice was entered by mistake."""

    goal_id: UUID
    practice_id: UUID


@dataclass(frozen=True, kw_only=True)
class CloseGoal(Fact):
    """A person decides that the goal is reached, or that it ends in another way."""

    KIND = "closure"
    ENDED_BY = "reopen"
    goal_id: UUID
    closure_id: UUID
    outcome: Outcome | Literal["achieved"]
    agreed: Agreed | None = None
    reason_code: ReasonCode | None = None
    reason: str | None = None
    learned: str | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReopenGoal:
    """A goal that had ended goes on."""

    goal_id: UUID
    closure_id: UUID


GoalCommand = (
    DraftGoal
    | SetGoal
    | FocusGoal
    | AdjustGoal
    | PauseGoal
    | ResumeGoal
    | ReviewGoal
    | RateGoal
    | VoidRating
    | LogPractice
    | VoidPractice
    | CloseGoal
    | ReopenGoal
)
