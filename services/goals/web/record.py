"""A client's whole record as a page shows it: she, her goals, and all that happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.goals.log.read import load
from services.goals.rules.access import clinic_of
from services.goals.rules.client import Client
from services.goals.rules.goal import on_day
from services.goals.rules.proposal import local_day
from services.goals.rules.record import Record, fold
from services.goals.web.visit import Visit
from shared.events import Recorded


@dataclass(frozen=True)
class Whole:
    """A record, and whose; `events` are what was read of it, in the order in which it was recorded."""

    client: Client
    record: Record
    events: tuple[Recorded, ...]
    today: date

    def version(self, goal_id: UUID) -> int:
        """The version of a goal's stream."""
        return self.record.versions[goal_id]


def record_of(visit: Visit, client_id: UUID, *, goal_id: UUID | None = None) -> Whole:
    """The record of a client, after the look at it was written down. Raises NotThere, Forbidden, Gone.

    With a goal of hers it is what is her own and that goal's, and none of her other goals are read.
    """
    house = visit.rooms.house
    with house.engine.connect() as connection:
        found = load(connection, house.vault, clinic_of(visit.who), goal_id or client_id, alone=bool(goal_id))
    is_hers = found is not None and found.record_id == client_id and found.kind == "client"
    events = found.events if found is not None and is_hers else ()
    record = fold(client_id, events)
    her = visit.shows(client_id, record.client, goal_id=goal_id)
    today = local_day(house.now(), her.time_zone)
    goals = {name: on_day(goal, today) for name, goal in record.goals.items()}
    return Whole(
        her, Record(client_id, her, goals, record.facts, record.versions, record.version), events, today
    )
