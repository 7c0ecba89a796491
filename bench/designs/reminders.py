"""As many reminders as are asked for, one a client, in the plain columns that the scheduler reads."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from services.reminders.rules.cadence import DAYS
from shared.events import Cadence

ZONE = "America/New_York"
DUE = "due at the wall"
"""The correlation id of those that are due together."""
_FILL = """
INSERT INTO reminder (reminder_id, client_id, clinic_id, kind, channel, goal_id, zone, cadence, active,
                      next_due_at, correlation_id)
SELECT gen_random_uuid(), gen_random_uuid(), %(clinic)s, 'practice', 'sms', NULL, %(zone)s, %(cadence)s, true,
       %(at)s + CASE WHEN n > %(due)s THEN n %% 80000 * interval '1 second' + interval '1 hour'
                     ELSE interval '0' END,
       CASE WHEN n > %(due)s THEN 'later' ELSE %(name)s END
  FROM generate_series(1, %(count)s) AS n
"""
_AGAIN = "UPDATE reminder SET next_due_at = %(at)s WHERE correlation_id = %(name)s AND next_due_at <> %(at)s"


def fill(admin: psycopg.Connection, clinic: UUID, count: int, due: int, at: datetime) -> None:
    """Writes so many, each once a day; so many are due at that minute, the others over the day after it."""
    clock = at.astimezone(ZoneInfo(ZONE)).strftime("%H:%M")
    cadence = msgspec.json.encode(Cadence(days=DAYS, times=(clock,))).decode()
    values = {"clinic": clinic, "zone": ZONE, "cadence": cadence, "at": at, "due": due, "count": count}
    admin.execute(_FILL, values | {"name": DUE})
    admin.execute("VACUUM (ANALYZE) reminder")


def due_again(admin: psycopg.Connection, at: datetime) -> None:
    """Takes away what was planned, and makes them due again, on pages that are as good as new."""
    admin.execute("TRUNCATE message_occasion, callback, message, occasion CASCADE")
    admin.execute(_AGAIN, {"at": at, "name": DUE})
    admin.execute("VACUUM (ANALYZE) reminder")
