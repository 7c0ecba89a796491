"""Until when nothing is initiated towards a client: by her own text, or after a phrase of despair."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.reminders.ledger import tally
from services.reminders.rules.policy import Quiet, QuietCause

_BEGIN = text("""
INSERT INTO quiet (client_id, cause, until) VALUES (:client, :cause, :until)
ON CONFLICT (client_id, cause) DO UPDATE SET until = greatest(quiet.until, excluded.until)
""")
_END = text("DELETE FROM quiet WHERE client_id = :client AND cause <> 'after_flag'")
_NOW = text("""
SELECT until, cause FROM quiet WHERE client_id = :client AND until > :now ORDER BY until DESC LIMIT 1
""")
_DROP = text("""
WITH dropped AS (
    UPDATE message_occasion SET state = 'suppressed', cause = 'after_flag'
     WHERE state = 'planned'
       AND occasion_id IN (SELECT occasion_id FROM occasion
                            WHERE client_id = :client AND kind = 'celebration')
    RETURNING message_id
)
UPDATE message SET state = 'suppressed', cause = 'after_flag', settled_at = :now
 WHERE state = 'planned' AND message_id IN (SELECT message_id FROM dropped)
   AND NOT EXISTS (SELECT FROM message_occasion other JOIN occasion o USING (occasion_id)
                    WHERE other.message_id = message.message_id AND other.state = 'planned'
                      AND o.kind <> 'celebration')
RETURNING channel
""")


def begin(connection: Connection, client_id: UUID, cause: QuietCause, until: datetime) -> None:
    """Silence until then; one that holds longer already stays."""
    connection.execute(_BEGIN, {"client": client_id, "cause": cause, "until": until})


def end(connection: Connection, client_id: UUID) -> None:
    """She ends what she began herself; the silence after a phrase of despair stays."""
    connection.execute(_END, {"client": client_id})


def holds(connection: Connection, client_id: UUID, now: datetime) -> Quiet | None:
    """The silence that holds the longest, if one does."""
    row = connection.execute(_NOW, {"client": client_id, "now": now}).first()
    return Quiet(row.until, row.cause) if row is not None else None


def drop_celebrations(connection: Connection, client_id: UUID, now: datetime) -> None:
    """Lets no celebration wait for the end of a silence after a phrase of despair."""
    dropped = connection.execute(_DROP, {"client": client_id, "now": now})
    tally.each_moved(connection, dropped.scalars(), "suppressed", "after_flag")
