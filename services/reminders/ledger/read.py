"""What people may ask the ledger: what was said, what is held, and why. Never words nor addresses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection, RowMapping, text

from services.reminders.ledger.direct import Kind as DirectKind
from services.reminders.ledger.pages import MOST, START, Place, ends, values
from services.reminders.ledger.states import State
from services.reminders.rules.plan import OccasionKind
from shared.events import Channel
from shared.wire import Rfc3339, rfc3339

_OF_CLIENT = text("""
SELECT m.message_id, m.channel, m.state, m.cause, m.clock_offset, m.correlation_id, m.consent_id,
       m.created_at, m.next_attempt_at, m.claimed_at, m.said_at, m.settled_at,
       coalesce((SELECT array_agg(DISTINCT o.kind)
                   FROM message_occasion mo JOIN occasion o USING (occasion_id)
                  WHERE mo.message_id = m.message_id),
                (SELECT ARRAY[d.kind] FROM direct d WHERE d.message_id = m.message_id)) AS kinds,
       CASE WHEN m.cause = 'merged' THEN (
         SELECT other.message_id
           FROM message_occasion mine JOIN message_occasion its USING (occasion_id)
                JOIN message other ON other.message_id = its.message_id
          WHERE mine.message_id = m.message_id AND mine.state = 'merged' AND its.state <> 'merged'
            AND other.channel = m.channel
          LIMIT 1) END AS merged_into
  FROM message m
 WHERE m.client_id = :client AND (m.created_at, m.message_id) > (:moment, :message)
 ORDER BY m.created_at, m.message_id LIMIT :limit
""")


class MessageState(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it is now: `cause` says why it waits or was not said, `held_until` how long it waits;
    `clock_offset` is by how many seconds its clock was moved. One whose cause is `merged` was not held back:
    what it had to say is in the message `merged_into`, whose state says what became of it. `consent_id` is
    the consent that was in force as it was said; what answers her at once needs none.
    """

    id: UUID
    kinds: list[OccasionKind | DirectKind]
    channel: Channel
    state: State
    cause: str | None
    merged_into: UUID | None
    held_until: Rfc3339 | None
    planned_at: Rfc3339
    sent_at: Rfc3339 | None
    said_at: Rfc3339 | None
    settled_at: Rfc3339 | None
    consent_id: UUID | None
    clock_offset: int
    correlation_id: str


class Messages(NamedTuple):
    """A page of messages: up to which moment it reaches, and the cursor of what follows; None at the end."""

    items: list[MessageState]
    reaches: datetime | None
    next: str | None


def messages_of(connection: Connection, client_id: UUID, after: Place = START, limit: int = MOST) -> Messages:
    """A page of the client's messages, oldest first."""
    asked = {"client": client_id, **values(after, limit)}
    rows = connection.execute(_OF_CLIENT, asked).mappings().all()
    page, more = rows[:limit], ends(rows, limit, "created_at")
    return Messages([_shown(row) for row in page], page[-1]["created_at"] if more else None, more)


def _shown(row: RowMapping) -> MessageState:
    held = row["state"] == "planned" and row["cause"] is not None
    return MessageState(
        id=row["message_id"],
        kinds=sorted(row["kinds"] or []),
        channel=row["channel"],
        state=row["state"],
        cause=row["cause"],
        merged_into=row["merged_into"],
        held_until=time_of(row["next_attempt_at"]) if held else None,
        planned_at=rfc3339(row["created_at"].astimezone(UTC)),
        sent_at=time_of(row["claimed_at"]),
        said_at=time_of(row["said_at"]),
        settled_at=time_of(row["settled_at"]),
        consent_id=row["consent_id"],
        clock_offset=int(row["clock_offset"].total_seconds()),
        correlation_id=row["correlation_id"],
    )


def time_of(moment: datetime | None) -> Rfc3339 | None:
    """A moment of the ledger as it is shown, in UTC."""
    return rfc3339(moment.astimezone(UTC)) if moment is not None else None
