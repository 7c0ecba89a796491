"""A client and her goals as they stand today: read off the current states, however much has happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from services.goals import current
from services.goals.api import gone
from services.goals.rules.access import clinic_of
from services.goals.rules.client import Client
from services.goals.rules.goal import Goal, on_day
from services.goals.rules.proposal import local_day
from services.goals.web.visit import Visit


@dataclass(frozen=True)
class Standing:
    """A client, her goals by their ids, and the day that it is where she is."""

    client: Client
    by_id: dict[UUID, Goal]
    today: date

    @cached_property
    def goals(self) -> list[Goal]:
        """In focus first, then what goes on, what rests, what is drafted, what has ended."""
        return sorted(self.by_id.values(), key=_order)


def standing_of(visit: Visit, client_id: UUID) -> Standing:
    """How it stands, after the look at it was written down. Raises NotThere, Forbidden, Gone."""
    house = visit.rooms.house
    with house.engine.connect() as connection:
        rows = current.rows_of(connection, house.vault, clinic_of(visit.who), client_id)
    states = [row.state for row in rows]
    her = next((one for one in states if isinstance(one, Client)), None)
    her = visit.shows(client_id, her or gone.client_of(visit, client_id))
    today = local_day(house.now(), her.time_zone)
    goals = {one.goal_id: on_day(one, today) for one in states if isinstance(one, Goal)}
    return Standing(her, goals, today)


def _order(goal: Goal) -> tuple[bool, int]:
    stages = ("active", "paused", "draft", "achieved", "closed")
    return (not (goal.focus and goal.status in ("active", "paused")), stages.index(goal.status))
