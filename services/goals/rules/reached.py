"""A milestone that was reached."""

from __future__ import annotations

from uuid import UUID

import msgspec

from shared.events import MilestoneReached, MilestoneRule


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
