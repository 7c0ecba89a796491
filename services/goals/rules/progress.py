"""How far it has come by the ratings: for each epoch and rater, from where to where."""

from __future__ import annotations

import msgspec

from services.goals.rules.goal import Goal
from services.goals.rules.rated import Rating, standing
from shared.events import Number, Rater


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """The ratings of one epoch by one rater that hold. A change never crosses epochs (invariant 5)."""

    epoch: int
    rater: Rater
    baseline: Number
    """What the epoch was set to begin at, else the first rating."""
    first: int
    latest: int
    change: Number
    """From the baseline to the latest rating."""
    ratings: int


def progress(goal: Goal) -> tuple[Progress, ...]:
    """The goal's ratings summed up, epoch by epoch."""
    groups: dict[tuple[int, Rater], list[Rating]] = {}
    for rating in standing(goal.ratings):
        groups.setdefault((rating.epoch, rating.rater), []).append(rating)
    return tuple(_summed(goal, epoch, rater, groups[epoch, rater]) for epoch, rater in sorted(groups))


def baseline_of(goal: Goal, epoch: int, first: Rating) -> Number:
    """From where an epoch's change is counted: as it was set, else its first rating."""
    return goal.baselines.get(epoch, first.value)


def _summed(goal: Goal, epoch: int, rater: Rater, ratings: list[Rating]) -> Progress:
    baseline, latest = baseline_of(goal, epoch, ratings[0]), ratings[-1].value
    return Progress(
        epoch=epoch,
        rater=rater,
        baseline=baseline,
        first=ratings[0].value,
        latest=latest,
        change=latest - baseline,
        ratings=len(ratings),
    )
