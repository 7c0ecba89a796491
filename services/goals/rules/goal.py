"""A goal: what the client said, what was set, and how far it has come."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec

from services.goals.rules.milestones import Milestone
from shared.events import (
    Agreed,
    Cadence,
    Event,
    GoalAchieved,
    GoalAdjusted,
    GoalClosed,
    GoalDrafted,
    GoalSet,
    Measure,
    MilestoneReached,
    Number,
    PracticeLogged,
    WinRecorded,
)

Status = Literal["draft", "active", "paused", "achieved", "closed"]


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """A goal as it is now; the SMART parts are None while it is a draft."""

    goal_id: UUID
    client_id: UUID
    status: Status = "draft"
    theme: str | None = None
    statement: str | None = None
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
    practices: int = 0
    quantity: Number = 0
    wins: int = 0
    outcome: str | None = None
    learned: str | None = None
    milestones: tuple[Milestone, ...] = ()


def evolve(goal: Goal | None, goal_id: UUID, client_id: UUID, event: Event) -> Goal:
    """The goal after one more event of its own stream."""
    goal = goal or Goal(goal_id=goal_id, client_id=client_id)
    match event:
        case GoalDrafted():
            return msgspec.structs.replace(
                goal, theme=event.theme, statement=event.statement, reflection=event.reflection
            )
        case GoalSet():
            return msgspec.structs.replace(goal, status="active", **msgspec.structs.asdict(event))
        case GoalAdjusted():
            changed = {change.field: typed(change.field, change.to) for change in event.changes}
            return msgspec.structs.replace(goal, epoch=event.epoch, **changed)
        case PracticeLogged():
            return msgspec.structs.replace(
                goal, practices=goal.practices + 1, quantity=goal.quantity + event.quantity
            )
        case WinRecorded():
            return msgspec.structs.replace(goal, wins=goal.wins + 1)
        case GoalAchieved():
            return msgspec.structs.replace(goal, status="achieved", outcome="achieved", learned=event.learned)
        case GoalClosed():
            return msgspec.structs.replace(
                goal, status="closed", outcome=event.outcome, learned=event.learned
            )
        case MilestoneReached():
            return msgspec.structs.replace(goal, milestones=(*goal.milestones, Milestone.of(event)))
        case _:
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
