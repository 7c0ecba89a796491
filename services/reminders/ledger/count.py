"""What has been said to a client lately: the figures that the caps are judged by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

_SAID = text("""
SELECT DISTINCT ON (o.occasion_id) o.occasion_id, o.kind, m.said_at
  FROM message m JOIN message_occasion mo USING (message_id) JOIN occasion o USING (occasion_id)
 WHERE m.client_id = :client AND m.state IN ('sending', 'sent', 'delivered', 'unknown')
   AND mo.state = 'saying' AND m.said_at >= :since AND m.said_at < :before
 ORDER BY o.occasion_id, m.said_at
""")


@dataclass(frozen=True)
class Said:
    """An occasion that has been said, on whichever channels, and when first, on its own clock."""

    occasion_id: UUID
    kind: str
    at: datetime


def said(connection: Connection, client_id: UUID, since: datetime, before: datetime) -> list[Said]:
    """Each occasion once, said in [since, before)."""
    rows = connection.execute(_SAID, {"client": client_id, "since": since, "before": before})
    return [Said(row.occasion_id, row.kind, row.said_at) for row in rows]
