"""The reminders that clients planned, in plain columns, and when each is next due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from shared.events import Cadence, Channel, ReminderKind

BATCH = 2000

_CLAIM = text("""
SELECT reminder_id, client_id, clinic_id, kind, channel, goal_id, zone, cadence, next_due_at
  FROM reminder WHERE active AND next_due_at <= :until
 ORDER BY next_due_at LIMIT :batch FOR UPDATE SKIP LOCKED
""")
_ADVANCE = text("""
UPDATE reminder r SET next_due_at = t.due
  FROM unnest(CAST(:ids AS uuid[]), CAST(:dues AS timestamptz[])) AS t(id, due) WHERE r.reminder_id = t.id
""")
_PUT = text("""
INSERT INTO reminder (reminder_id, client_id, clinic_id, kind, channel, goal_id, zone, cadence, active,
                      next_due_at)
VALUES (:reminder_id, :client_id, :clinic_id, :kind, :channel, :goal_id, :zone, CAST(:cadence AS jsonb),
        :active, :next_due_at)
ON CONFLICT (reminder_id) DO UPDATE SET kind = excluded.kind, channel = excluded.channel,
    goal_id = excluded.goal_id, zone = excluded.zone, cadence = excluded.cadence, active = excluded.active,
    next_due_at = excluded.next_due_at
 WHERE reminder.client_id = excluded.client_id
""")
_DROP = text("DELETE FROM reminder WHERE client_id = :client AND NOT reminder_id = ANY(:kept)")


@dataclass(frozen=True)
class Due:
    """A reminder as its row has it."""

    reminder_id: UUID
    client_id: UUID
    clinic_id: UUID
    kind: ReminderKind
    channel: Channel
    goal_id: UUID | None
    zone: str
    cadence: Cadence
    next_due_at: datetime


def claim(connection: Connection, until: datetime, *, batch: int = BATCH) -> list[Due]:
    """Locks up to `batch` reminders that are due by `until`, passing over those that others hold."""
    rows = connection.execute(_CLAIM, {"until": until, "batch": batch}).mappings()
    return [Due(**dict(row) | {"cadence": _cadence(row["cadence"])}) for row in rows]


def advance(connection: Connection, dues: Sequence[tuple[UUID, datetime | None]]) -> None:
    """Says when each reminder is next due; None means never."""
    ids, moments = [one for one, _ in dues], [moment for _, moment in dues]
    connection.execute(_ADVANCE, {"ids": ids, "dues": moments})


def put(connection: Connection, row: dict[str, Any]) -> None:
    """Writes one reminder's row whole; `cadence` is a Cadence or None."""
    cadence = row["cadence"]
    stored = None if cadence is None else msgspec.json.encode(cadence).decode()
    connection.execute(_PUT, row | {"cadence": stored})


def drop_others(connection: Connection, client_id: UUID, kept: list[UUID]) -> None:
    """Removes the client's reminders that are not among `kept`."""
    connection.execute(_DROP, {"client": client_id, "kept": kept})


def _cadence(stored: Any) -> Cadence:
    return msgspec.convert(stored, Cadence)
