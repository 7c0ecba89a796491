"""A command that tells of something which happened."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID


class Fact:
    """A command that tells of a fact: its kind, and the caller's name for it in the field `<kind>_id`."""

    KIND: ClassVar[str]
    ENDED_BY: ClassVar[str | None] = None
    """The kind of what ends it or takes it back, once and for all; None where nothing does."""
    goal_id: UUID | None
    time: datetime | None

    @property
    def name(self) -> UUID:
        """The caller's name for the fact."""
        name: UUID = getattr(self, f"{self.KIND}_id")
        return name
