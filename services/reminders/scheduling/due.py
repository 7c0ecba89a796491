"""The reminders that clients planned, in plain columns, and when each is next due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from services.reminders.ledger.columns import Ids, Moments
from services.reminders.rules.person import Reminder
from shared.events import Cadence

BATCH = 2000

_CLAIM = text("""
SELECT reminder_id, client_id, clinic_id, kind, channel, goal_id, zone, CAST(cadence AS text) AS cadence,
       next_due_at, correlation_id
  FROM reminder WHERE active AND next_due_at <= :until
 ORDER BY next_due_at LIMIT :batch FOR UPDATE SKIP LOCKED
""")
_ADVANCE = text("""
UPDATE reminder r SET next_due_at = t.due
  FROM unnest(CAST(:ids AS uuid[]), CAST(:dues AS timestamptz[])) AS t(id, due) WHERE r.reminder_id = t.id
""")
_PUT = text("""
INSERT INTO reminder (reminder_id, client_id, clinic_id, kind, channel, goal_id, zone, cadence, active,
                      next_due_at, correlation_id)
VALUES (:reminder_id, :client_id, :clinic_id, :kind, :channel, :goal_id, :zone, CAST(:cadence AS jsonb),
        :active, :next_due_at, :correlation_id)
ON CONFLICT (reminder_id) DO UPDATE SET kind = excluded.kind, channel = excluded.channel,
    goal_id = excluded.goal_id, zone = excluded.zone, cadence = excluded.cadence, active = excluded.active,
    next_due_at = excluded.next_due_at, correlation_id = excluded.correlation_id
 WHERE reminder.client_id = excluded.client_id
""")
_WAIT = text("""
SELECT (SELECT count(*) FROM (
            SELECT FROM reminder WHERE active AND next_due_at <= :now LIMIT :most) AS found) AS reminders,
       (SELECT extract(epoch FROM :now - min(next_due_at))::float FROM reminder
         WHERE active AND next_due_at <= :now) AS seconds
""")
_DROP = text("DELETE FROM reminder WHERE client_id = :client AND NOT reminder_id = ANY(:kept)")


@dataclass(frozen=True)
class Planned:
    """A client's reminder, in her zone, and when it is next due; None is never."""

    reminder_id: UUID
    client_id: UUID
    clinic_id: UUID
    zone: str
    reminder: Reminder
    next_due_at: datetime | None
    correlation_id: str


def has_slots(reminder: Reminder) -> bool:
    """Whether a reminder comes round by the clock, and so has a row."""
    return reminder.kind in ("practice", "rating") and reminder.cadence is not None


def claim(connection: Connection, until: datetime, *, batch: int = BATCH) -> list[Planned]:
    """Locks up to `batch` reminders that are due by `until`, passing over those that others hold."""
    rows = connection.execute(_CLAIM, {"until": until, "batch": batch}).all()
    return [
        Planned(
            reminder_id=row.reminder_id,
            client_id=row.client_id,
            clinic_id=row.clinic_id,
            zone=row.zone,
            reminder=Reminder(row.kind, row.channel, row.goal_id, _cadence(row.cadence)),
            next_due_at=row.next_due_at,
            correlation_id=row.correlation_id,
        )
        for row in rows
    ]


@lru_cache(maxsize=4096)
def _cadence(kept: str) -> Cadence:
    """Remembered: many have the same."""
    return msgspec.json.decode(kept, type=Cadence)


def advance(connection: Connection, dues: Sequence[tuple[UUID, datetime | None]]) -> None:
    """Says when each reminder is next due; None means never."""
    connection.execute(
        _ADVANCE, {"ids": Ids(one for one, _ in dues), "dues": Moments(due for _, due in dues)}
    )


def put(connection: Connection, planned: Sequence[Planned]) -> None:
    """Writes reminders' rows whole."""
    if planned:
        connection.execute(_PUT, [_row(one) for one in planned])


def drop_others(connection: Connection, client_id: UUID, kept: list[UUID]) -> None:
    """Removes the client's reminders that are not among `kept`."""
    connection.execute(_DROP, {"client": client_id, "kept": kept})


def wait(connection: Connection, now: datetime, most: int) -> tuple[int, float]:
    """How many are due and not planned, so many at the most; and since how many seconds the first."""
    row = connection.execute(_WAIT, {"now": now, "most": most}).one()
    return row.reminders, row.seconds or 0.0


def _row(planned: Planned) -> dict[str, Any]:
    reminder = planned.reminder
    return {
        "reminder_id": planned.reminder_id,
        "client_id": planned.client_id,
        "clinic_id": planned.clinic_id,
        "zone": planned.zone,
        "kind": reminder.kind,
        "channel": reminder.channel,
        "goal_id": reminder.goal_id,
        "cadence": msgspec.json.encode(reminder.cadence).decode(),
        "active": reminder.active,
        "next_due_at": planned.next_due_at,
        "correlation_id": planned.correlation_id,
    }
