"""Whose goal it is, as far as the caller may know."""

from __future__ import annotations

from uuid import UUID

from services.goals import current
from services.goals.api.call import Call
from services.goals.rules.access import clinic_of
from services.goals.rules.client import Client
from services.goals.rules.refusal import NotThere


def client_now(call: Call, client_id: UUID) -> Client | None:
    """A client as she is now; None where there is none in the caller's clinic, or she is erased."""
    clinic_id, house = clinic_of(call.who), call.rooms.house
    with house.engine.connect() as connection:
        found = current.get(connection, house.vault, clinic_id, client_id)
    return found.state if found is not None and isinstance(found.state, Client) else None


def client_of_goal(call: Call, goal_id: UUID) -> UUID:
    """The client whose goal it is. Raises NotThere, for another clinic's too, and Forbidden."""
    clinic_id = clinic_of(call.who)
    with call.rooms.house.engine.connect() as connection:
        client_id = current.record_of_goal(connection, clinic_id, goal_id)
    if client_id is None:
        raise NotThere
    return client_id


def version_of_goal(call: Call, goal_id: UUID) -> int:
    """The version of a goal's stream now; 0 when it has none."""
    house = call.rooms.house
    with house.engine.connect() as connection:
        found = current.get(connection, house.vault, clinic_of(call.who), goal_id)
    return found.version if found else 0
