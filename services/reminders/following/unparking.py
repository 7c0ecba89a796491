"""A record that was set aside, tried again: its events in order, as far as they can be applied by now."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine

from services.reminders import parking, people
from services.reminders.following.apply import write
from services.reminders.following.folding import fold
from services.reminders.ledger import claim
from services.reminders.ringer import Ring
from shared.vault import Vault


class Retried(NamedTuple):
    """How many of its events were applied, how many wait still, and the kind of error that stops them."""

    applied: int
    left: int
    reason: str | None


def retry(engine: Engine, vault: Vault, ring: Ring, record_id: UUID, now: datetime) -> Retried | None:
    """Applies what waits of a record, in one transaction; None where nothing of it was set aside.

    What they give cause to say is judged as it goes: what has become stale meanwhile expires. Raises
    Unopenable where one of its events is not as it was kept.
    """
    with engine.begin() as connection:
        _alone(connection, vault, record_id)
        items = parking.take(connection, vault, record_id)
        if items is None:
            return None
        folded = fold(connection, vault, items)
        rung = write(connection, vault, folded, now)
        left = folded.parked
        if not left:
            claim.open_parked(connection, record_id, now)
    ring(rung)
    return Retried(len(items) - len(left), len(left), left[0].reason if left else None)


def _alone(connection: Connection, vault: Vault, record_id: UUID) -> None:
    """Locks what a follower locks, in its order, so that neither waits for the other in vain."""
    people.lock_clinics(connection, vault, {record_id})
    people.lock_persons(connection, vault, {record_id})
