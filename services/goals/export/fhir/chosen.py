"""Which part of a record is asked for: one goal alone, and what was learned between two moments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.goals.export.fhir.versions import Version
from shared.events import Recorded


class Chosen(NamedTuple):
    """What a bundle is to hold; None is no bound. Both moments are inside."""

    goal_id: UUID | None = None
    first: datetime | None = None
    last: datetime | None = None

    def known(self, events: Iterable[Recorded]) -> list[Recorded]:
        """What was known at the last moment: what came later is as if it had not happened."""
        return [event for event in events if self.last is None or event.recorded_at <= self.last]

    def holds(self, learned: datetime) -> bool:
        """Whether what was learned then is between the two moments."""
        return (self.first is None or self.first <= learned) and (self.last is None or learned <= self.last)

    def versions(self, made: Sequence[Version]) -> tuple[Version, ...]:
        """The versions of a goal that were made between them, after the one that was there at the first."""
        within = [version for version in made if self.holds(version.recorded_at)]
        before = made[: len(made) - len(within)]
        return (*before[-1:], *within)


ALL = Chosen()
