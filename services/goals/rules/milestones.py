"""Milestones of ruleset 1: what an entry has earned, judged as it is made."""

from __future__ import annotations

from uuid import UUID

import msgspec

from shared.events import (
    Event,
    GoalAchieved,
    MilestoneReached,
    MilestoneRule,
    PracticeLogged,
    WinRecorded,
    fact_id,
)

PRACTICE_COUNTS = (3, 7, 14, 30, 60, 100)


class Milestone(msgspec.Struct, frozen=True):
    """A milestone that was reached, and the event that earned it."""

    milestone_id: UUID
    rule: MilestoneRule
    threshold: int | None
    epoch: int | None
    evidence: UUID

    @classmethod
    def of(cls, event: MilestoneReached) -> Milestone:
        """The milestone that an event says was reached."""
        return cls(event.milestone_id, event.rule, event.threshold, event.epoch, event.evidence)


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules count, as it is with the entry in it."""

    client_id: UUID
    goal_id: UUID | None
    practices_on_goal: int
    reached: frozenset[UUID]


def earned(event: Event, event_id: UUID, tally: Tally) -> tuple[tuple[UUID, MilestoneReached], ...]:
    """The milestones that this entry earns, each with the stream it belongs on, first things first.

    Each is reached once per (stream, rule, threshold, epoch); what voids an entry never takes one back.
    """
    found: list[tuple[UUID, MilestoneReached]] = []

    def reach(stream_id: UUID, rule: MilestoneRule, threshold: int | None = None) -> None:
        milestone_id = fact_id(stream_id, rule, f"{threshold if threshold is not None else ''}:")
        if milestone_id not in tally.reached:
            found.append(
                (
                    stream_id,
                    MilestoneReached(
                        milestone_id=milestone_id,
                        rule=rule,
                        threshold=threshold,
                        epoch=None,
                        evidence=event_id,
                    ),
                )
            )

    if isinstance(event, PracticeLogged | WinRecorded):
        reach(tally.client_id, "first_step")
    if isinstance(event, WinRecorded):
        reach(tally.client_id, "first_win")
    if tally.goal_id and isinstance(event, PracticeLogged) and tally.practices_on_goal in PRACTICE_COUNTS:
        reach(tally.goal_id, "practices", tally.practices_on_goal)
    if tally.goal_id and isinstance(event, GoalAchieved):
        reach(tally.goal_id, "goal_achieved")
    return tuple(found)
