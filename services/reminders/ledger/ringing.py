"""What the ledger says should be rung: what is due and has not been rung, or not for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, text

from services.reminders.bell import Rung

AGAIN = timedelta(minutes=10)
BATCH = 2000

_DUE = text("""
UPDATE message SET rung_at = :now WHERE message_id IN (
    SELECT message_id FROM message
     WHERE state = 'planned' AND next_attempt_at <= :now AND (rung_at IS NULL OR rung_at < :before)
     ORDER BY next_attempt_at LIMIT :batch FOR UPDATE SKIP LOCKED)
RETURNING message_id, channel, queue
""")
_FORGET = text("UPDATE message SET rung_at = NULL WHERE state = 'planned' AND rung_at IS NOT NULL")
_UNHEARD = text("UPDATE message SET rung_at = NULL WHERE message_id = ANY(:ids) AND state = 'planned'")


def take_due(engine: Engine, now: datetime) -> list[Rung]:
    """Marks up to 2,000 messages as rung now and gives them: due, and never rung or ten minutes ago."""
    with engine.begin() as connection:
        rows = connection.execute(_DUE, {"now": now, "before": now - AGAIN, "batch": BATCH})
        return [Rung(row.message_id, row.channel, row.queue) for row in rows]


def forget_rings(engine: Engine) -> None:
    """Takes every mark back: the bell has forgotten that it was rung."""
    with engine.begin() as connection:
        connection.execute(_FORGET)


def unheard(engine: Engine, ids: list[UUID]) -> None:
    """Takes the mark back: the bell could not be reached, so the sweeper shall ring as soon as it can."""
    with engine.begin() as connection:
        connection.execute(_UNHEARD, {"ids": ids})
