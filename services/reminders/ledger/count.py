"""What has been said to a client lately: what the caps are judged by."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.reminders.rules.caps import Said

_SAID = text("""
SELECT o.key, o.kind, o.due_at, m.channel, m.said_at
  FROM message m JOIN message_occasion mo USING (message_id) JOIN occasion o USING (occasion_id)
 WHERE m.client_id = :client AND m.state IN ('sending', 'sent', 'delivered', 'unknown')
   AND mo.state = 'saying' AND m.said_at >= :since
""")


def said(connection: Connection, client_id: UUID, since: datetime) -> tuple[Said, ...]:
    """Each occasion on each channel that it was, or may have been, said on since then, by its own clock."""
    rows = connection.execute(_SAID, {"client": client_id, "since": since})
    return tuple(Said(row.key, row.kind, row.due_at, row.channel, row.said_at) for row in rows)
