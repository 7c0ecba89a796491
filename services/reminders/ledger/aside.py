"""Messages that break whoever judges them: set aside, until an operator has them tried again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from services.reminders.ledger import tally
from services.reminders.ledger.read import time_of
from services.reminders.schema import EXPECTED
from shared.events import Channel
from shared.wire import Rfc3339

STEP = "r0011"
"""Before it nothing can be set aside."""

_SET = text("""
UPDATE message SET state = 'failed', cause = 'set_aside', aside = :reason, settled_at = :now
 WHERE message_id = :message AND state = 'planned' RETURNING channel
""")
_ALL = text("""
SELECT message_id, client_id, clinic_id, channel, aside, settled_at FROM message
 WHERE aside IS NOT NULL ORDER BY created_at, message_id
""")
_AGAIN = text("""
UPDATE message SET state = 'planned', cause = NULL, aside = NULL, settled_at = NULL, next_attempt_at = :now,
       rung_at = NULL
 WHERE message_id = ANY(:ids) AND aside IS NOT NULL RETURNING message_id
""")
_COUNTS = text("""
SELECT aside, count(*) FROM (SELECT aside FROM message WHERE aside IS NOT NULL LIMIT :most) AS found
 GROUP BY aside
""")


class AsideMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was set aside: whose it is, since when, and the kind of error that it met."""

    message_id: UUID
    client_id: UUID | None
    clinic_id: UUID | None
    channel: Channel
    reason: str
    since: Rfc3339 | None


def set_aside(connection: Connection, message_id: UUID, reason: str, now: datetime) -> None:
    """It fails for now, and says why; nothing else of hers waits for it."""
    aside = connection.execute(_SET, {"message": message_id, "reason": reason, "now": now})
    tally.each_moved(connection, aside.scalars(), "failed", "set_aside")


def messages_aside(connection: Connection) -> list[AsideMessage]:
    """All of them, oldest first."""
    return [
        AsideMessage(
            message_id=row.message_id,
            client_id=row.client_id,
            clinic_id=row.clinic_id,
            channel=row.channel,
            reason=row.aside,
            since=time_of(row.settled_at),
        )
        for row in connection.execute(_ALL)
    ]


def try_again(connection: Connection, message_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """They wait as any other, and are judged as they go; gives those of these that had been set aside."""
    rows = connection.execute(_AGAIN, {"ids": list(message_ids), "now": now})
    return set(rows.scalars())


def counts(connection: Connection, most: int) -> list[tuple[str, int]]:
    """How many are set aside, by reason; of the first so many."""
    if not EXPECTED.has(connection, STEP):
        return []
    return [(row[0], row[1]) for row in connection.execute(_COUNTS, {"most": most})]
