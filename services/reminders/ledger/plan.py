"""Writing down what is worth saying: occasions, each once for ever, and a message a channel for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import Connection, text

from services.reminders.bell import Queue, Rung
from services.reminders.ledger import tally, traces
from services.reminders.ledger.columns import Ids, Moments, Names, Words
from services.reminders.rules.causes import Cause
from services.reminders.rules.plan import Occasion
from shared import tracing
from shared.events import Channel

NO_OFFSET = timedelta(0)
_NAMES = UUID("2f1f6a52-6a36-5f0b-9d1c-3f6f0a1f7c11")

_OCCASIONS = text("""
INSERT INTO occasion (occasion_id, key, client_id, clinic_id, kind, detail, source, due_at, expires_at,
                      clock_offset, correlation_id, created_at)
SELECT o, k, c, p, kind, CAST(d AS jsonb), src, due, expires, CAST(:offset AS interval), cor, :now
  FROM unnest(CAST(:ids AS uuid[]), CAST(:keys AS text[]), CAST(:clients AS uuid[]), CAST(:clinics AS uuid[]),
              CAST(:kinds AS text[]), CAST(:details AS text[]), CAST(:sources AS uuid[]),
              CAST(:due AS timestamptz[]), CAST(:expires AS timestamptz[]), CAST(:correlations AS text[]))
       AS t(o, k, c, p, kind, d, src, due, expires, cor)
ON CONFLICT DO NOTHING RETURNING occasion_id
""")
_MESSAGES = text("""
INSERT INTO message (message_id, client_id, clinic_id, channel, queue, state, cause, clock_offset,
                     correlation_id, created_at, next_attempt_at, rung_at, settled_at)
SELECT m, c, p, ch, q, s, cause, CAST(:offset AS interval), cor, :now, due - CAST(:offset AS interval),
       CASE WHEN s = 'planned' AND due - CAST(:offset AS interval) <= :now THEN CAST(:now AS timestamptz) END,
       CASE WHEN s <> 'planned' THEN CAST(:now AS timestamptz) END
  FROM unnest(CAST(:messages AS uuid[]), CAST(:clients AS uuid[]), CAST(:clinics AS uuid[]),
              CAST(:channels AS text[]), CAST(:queues AS text[]), CAST(:states AS text[]),
              CAST(:causes AS text[]), CAST(:correlations AS text[]), CAST(:due AS timestamptz[]))
       AS t(m, c, p, ch, q, s, cause, cor, due)
RETURNING message_id, channel, queue, state, cause, rung_at IS NOT NULL AS rung
""")
_LINKS = text("""
INSERT INTO message_occasion (message_id, occasion_id, state, cause)
SELECT * FROM unnest(CAST(:messages AS uuid[]), CAST(:ids AS uuid[]), CAST(:states AS text[]),
                     CAST(:causes AS text[]))
""")


@dataclass(frozen=True)
class Planned:
    """An occasion, and what the ledger keeps beside it."""

    occasion: Occasion
    clinic_id: UUID
    correlation_id: str
    queue: Queue = "bulk"
    expired: Cause | None = None
    """Why it is recorded as expired at once, if it is."""
    traceparent: str | None = None
    """The step that it comes from, where traces are told of and it is not the one under way."""


def occasion_id(key: str) -> UUID:
    """The id of the occasion of this key."""
    return uuid5(_NAMES, key)


def message_id(key: str, channel: Channel) -> UUID:
    """The id of the message first made for an occasion on a channel."""
    return uuid5(_NAMES, f"{key}#{channel}")


def write(
    connection: Connection, planned: Sequence[Planned], now: datetime, *, offset: timedelta = NO_OFFSET
) -> list[Rung]:
    """Writes what is not yet written, in three statements; gives what is due, marked as rung.

    With `offset` the clock of the occasions is that far ahead of ours: due_at is on theirs.
    """
    by_id = {occasion_id(one.occasion.key): one for one in planned}
    if not by_id:
        return []
    written = connection.execute(_OCCASIONS, _occasions(by_id) | {"now": now, "offset": offset}).scalars()
    new = {key: by_id[key] for key in written.all()}
    if not new:
        return []
    messages = _messages(new)
    made = connection.execute(_MESSAGES, messages | {"now": now, "offset": offset}).all()
    for (channel, state, cause), moved in Counter((r.channel, r.state, r.cause) for r in made).items():
        tally.moved(connection, channel, state, cause, moved)
    connection.execute(_LINKS, {name: messages[name] for name in ("messages", "ids", "states", "causes")})
    if tracing.is_on():
        traces.keep(connection, _traces(planned))
    return [Rung(row.message_id, row.channel, row.queue) for row in made if row.rung]


def _traces(planned: Sequence[Planned]) -> list[tuple[UUID, str]]:
    here = tracing.current()
    return [
        (message_id(one.occasion.key, channel), step)
        for one in planned
        if (step := one.traceparent or here)
        for channel in one.occasion.channels
    ]


def _occasions(by_id: dict[UUID, Planned]) -> dict[str, list[Any]]:
    said = [one.occasion for one in by_id.values()]
    return {
        "ids": Ids(by_id),
        "keys": Words(one.key for one in said),
        "clients": Ids(one.client_id for one in said),
        "clinics": Ids(one.clinic_id for one in by_id.values()),
        "kinds": Names(one.kind for one in said),
        "details": Words(msgspec.json.encode(one.detail).decode() for one in said),
        "sources": Ids(one.source for one in said),
        "due": Moments(one.due_at for one in said),
        "expires": Moments(one.expires_at for one in said),
        "correlations": Words(one.correlation_id for one in by_id.values()),
    }


def _messages(new: dict[UUID, Planned]) -> dict[str, list[Any]]:
    each = [(key, one, channel) for key, one in new.items() for channel in one.occasion.channels]
    return {
        "ids": Ids(key for key, _, _ in each),
        "messages": Ids(message_id(one.occasion.key, channel) for _, one, channel in each),
        "clients": Ids(one.occasion.client_id for _, one, _ in each),
        "clinics": Ids(one.clinic_id for _, one, _ in each),
        "channels": Names(channel for _, _, channel in each),
        "queues": Names(one.queue for _, one, _ in each),
        "states": Names("expired" if one.expired else "planned" for _, one, _ in each),
        "causes": Names(one.expired for _, one, _ in each),
        "correlations": Words(one.correlation_id for _, one, _ in each),
        "due": Moments(one.occasion.due_at for _, one, _ in each),
    }
