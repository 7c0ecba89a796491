"""What was planned for a client: what is not yet said, and which occasions there were, each once for ever."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from services.reminders.ledger.claim import occasion_of
from services.reminders.rules.plan import Occasion
from shared.events import Channel

_OF_CLIENT = text("""
SELECT m.channel, m.next_attempt_at + m.clock_offset AS at, o.key, o.client_id, o.kind, o.source, o.due_at,
       o.expires_at, o.detail
  FROM message m JOIN message_occasion mo USING (message_id) JOIN occasion o USING (occasion_id)
 WHERE m.client_id = :client AND m.state = 'planned' AND mo.state = 'planned' AND NOT m.direct
 ORDER BY m.created_at, m.message_id, o.due_at, o.occasion_id
""")
_KEYS = text("SELECT key FROM occasion WHERE client_id = :client AND due_at >= :since")


class Planned(NamedTuple):
    """An occasion that waits; `at` is by its own clock."""

    occasion: Occasion
    channel: Channel
    at: datetime


def of_client(connection: Connection, client_id: UUID) -> list[Planned]:
    """All of hers, oldest first."""
    rows = connection.execute(_OF_CLIENT, {"client": client_id})
    return [Planned(occasion_of(row, row.channel), row.channel, row.at) for row in rows]


def keys_since(connection: Connection, client_id: UUID, since: datetime) -> frozenset[str]:
    """The keys of all that was planned for her and due since then, whatever became of it."""
    return frozenset(connection.execute(_KEYS, {"client": client_id, "since": since}).scalars())
