"""What lines of a file ask for: commands of one client, each with when it was so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.goals.importing.bad import Bad
from services.goals.rules.commands import RecordCommand


@dataclass(frozen=True)
class Asked:
    """What a line asks for. `at` is when it was so; None is the moment of the line before it.

    A `setting` may have been changed since it was imported, and is then left as it is.
    """

    line: int
    command: RecordCommand
    at: datetime | None
    setting: bool = False


@dataclass
class Person:
    """All that a file says of one client; her lines stand together. `staff_id` is who writes it down."""

    line: int
    client_id: UUID
    staff_id: UUID
    asked: list[Asked] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
