"""What has been said to a client lately, and when she last wrote: what caps and tapers are judged by."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.reminders.rules.caps import Said, Sent

_LATELY = text("""
SELECT heard.at AS heard_at, said.*
  FROM (SELECT max(received_at) AS at FROM inbound WHERE client_id = :client) heard
  LEFT JOIN (
        SELECT o.key, o.kind, o.due_at, m.channel, m.said_at, o.detail ? 'reminder_id' AS by_her
          FROM message m JOIN message_occasion mo USING (message_id) JOIN occasion o USING (occasion_id)
         WHERE m.client_id = :client AND m.state IN ('sending', 'sent', 'delivered', 'unknown')
           AND mo.state = 'saying' AND m.said_at >= :since) said ON true
""")
_SENT = text("""
SELECT client_id, count(*) AS messages FROM message
 WHERE client_id = ANY(:clients) AND created_at >= :since AND NOT direct
   AND state IN ('sending', 'sent', 'delivered', 'unknown')
 GROUP BY client_id
""")


def lately(connection: Connection, client_id: UUID, since: datetime) -> Sent:
    """Each occasion on each channel that it was, or may have been, said on since then, by its own clock."""
    rows = connection.execute(_LATELY, {"client": client_id, "since": since}).all()
    said = tuple(
        Said(row.key, row.kind, row.due_at, row.channel, row.said_at, row.by_her)
        for row in rows
        if row.key is not None
    )
    return Sent(said, heard_at=rows[0].heard_at)


def sent_since(connection: Connection, clients: Collection[UUID], since: datetime) -> dict[UUID, int]:
    """How many messages each of these clients was sent since then; none where she is left out."""
    rows = connection.execute(_SENT, {"clients": list(clients), "since": since})
    return {row.client_id: row.messages for row in rows}
