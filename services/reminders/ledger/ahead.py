"""The clock moved ahead, for demonstrations and trials: what is held until then is opened now."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from services.reminders.bell import Rung

_OPEN = text("""
WITH opened AS (
    UPDATE message SET clock_offset = :offset, next_attempt_at = :now, rung_at = :now
     WHERE state = 'planned' AND next_attempt_at > :now
       AND next_attempt_at + clock_offset <= :now + CAST(:offset AS interval)
    RETURNING message_id, channel, queue
), moved AS (
    UPDATE occasion SET clock_offset = :offset
     WHERE occasion_id IN (SELECT occasion_id FROM message_occasion JOIN opened USING (message_id))
)
SELECT * FROM opened
""")


def open_held(connection: Connection, now: datetime, offset: timedelta) -> list[Rung]:
    """Gives every message that waits until `now + offset` at the latest that clock, and marks it as rung."""
    rows = connection.execute(_OPEN, {"now": now, "offset": offset})
    return [Rung(row.message_id, row.channel, row.queue) for row in rows]
