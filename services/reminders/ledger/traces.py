"""Of which trace a message is: kept while traces are told of, for the bell may forget and a night is long."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from services.reminders.schema import EXPECTED

STEP = "r0015"
"""Before it none is kept."""

_KEEP = text("""
INSERT INTO message_trace (message_id, traceparent)
SELECT m.message_id, t.traceparent
  FROM unnest(CAST(:ids AS uuid[]), CAST(:traces AS text[])) AS t (message_id, traceparent)
       JOIN message m USING (message_id)
ON CONFLICT DO NOTHING
""")
_OF = text("SELECT traceparent FROM message_trace WHERE message_id = :message")


def keep(connection: Connection, traces: Sequence[tuple[UUID, str]]) -> None:
    """Keeps the span that each message came from, in the transaction that plans it; the first one stays."""
    if traces and EXPECTED.has(connection, STEP):
        named = {"ids": [one for one, _ in traces], "traces": [trace for _, trace in traces]}
        connection.execute(_KEEP, named)


def of(connection: Connection, message_id: UUID) -> str | None:
    """The span that a message came from."""
    if not EXPECTED.has(connection, STEP):
        return None
    found: str | None = connection.execute(_OF, {"message": message_id}).scalar()
    return found
