"""Where a goal stands, in R4's words: its life cycle, and what has been achieved (DOMAIN, "Standards")."""

from __future__ import annotations

from datetime import date
from typing import Literal

from services.goals.rules.goal import Goal
from services.goals.rules.milestones import FULL_RATING
from services.goals.rules.progress import baseline_of
from services.goals.rules.rated import Rating, standing
from shared.events import Number

Lifecycle = Literal[
    "proposed", "planned", "active", "on-hold", "completed", "cancelled", "entered-in-error"
]  # fmt: skip
Achievement = Literal["in-progress", "improving", "no-change", "worsening", "achieved", "not-achieved"]
UNDER_WAY: frozenset[Achievement] = frozenset({"in-progress", "improving", "no-change", "worsening"})
AT_ITS_END: frozenset[Achievement] = frozenset({"achieved", "not-achieved"})
_ENDED: dict[str, Lifecycle] = {
    "let_go": "cancelled",
    "superseded": "cancelled",
    "ended_not_reached": "completed",
    "therapy_ended": "completed",
    "entered_in_error": "entered-in-error",
}


def lifecycle(goal: Goal, today: date) -> Lifecycle:
    """The goal's state on this day; one that is set and begins later is planned."""
    match goal.status:
        case "draft":
            return "proposed"
        case "active":
            return "planned" if goal.start_on is not None and goal.start_on > today else "active"
        case "paused":
            return "on-hold"
        case "achieved":
            return "completed"
        case "closed":
            assert goal.outcome
            return _ENDED[goal.outcome]


def achievement(goal: Goal, at: Lifecycle, before: Achievement | None) -> Achievement | None:
    """What has been achieved, `before` being what was said last. None where there is nothing to say.

    A goal on hold keeps what was said of it.
    """
    match at:
        case "active":
            return _by_ratings(goal)
        case "on-hold":
            return before
        case "completed":
            return "achieved" if goal.outcome == "achieved" else "not-achieved"
        case "proposed" | "planned" | "cancelled" | "entered-in-error":
            return None


def _by_ratings(goal: Goal) -> Achievement:
    """The latest rating of this epoch beside its baseline; her own ratings, if there are any."""
    held = [rating for rating in standing(goal.ratings) if rating.epoch == goal.epoch]
    hers = [rating for rating in held if rating.rater == "client"] or held
    toward = _direction(goal, hers)
    if toward is None:
        return "in-progress"
    gone = (hers[-1].value - baseline_of(goal, goal.epoch, hers[0])) * toward
    return "improving" if gone > 0 else "worsening" if gone < 0 else "no-change"


def _direction(goal: Goal, ratings: list[Rating]) -> int | None:
    """Whether more or less is better; None where one cannot tell, or there is nothing to compare."""
    if not ratings or (len(ratings) == 1 and goal.epoch not in goal.baselines):
        return None
    end: Number | None = FULL_RATING
    if goal.measure is not None and goal.measure.kind == "rating":
        end = goal.target
    start = baseline_of(goal, goal.epoch, ratings[0])
    return None if end is None or end == start else 1 if end > start else -1
