"""What waits in the ledger now, in figures. Each is read off an index, and of no more than `MOST` rows."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from services.reminders.bell import CHANNELS, QUEUES, Queue
from services.reminders.channels import OURS
from shared.events import Channel

MOST = 10_000
"""A figure that says so many says: so many, or more. Whoever reads it acts long before."""

_EACH = ", ".join(f"('{channel}', '{queue}')" for channel in CHANNELS for queue in QUEUES)
_OURS = ", ".join(f"'{cause}'" for cause in sorted(OURS))

_QUEUES = text(f"""
SELECT q.channel, q.queue,
       (SELECT count(*) FROM (
            SELECT FROM message m WHERE m.state = 'planned' AND m.channel = q.channel AND m.queue = q.queue
               AND m.next_attempt_at <= :now LIMIT :most) AS found) AS waiting,
       (SELECT extract(epoch FROM :now - m.next_attempt_at)::float FROM message m
         WHERE m.state = 'planned' AND m.channel = q.channel AND m.queue = q.queue
           AND m.next_attempt_at <= :now ORDER BY m.next_attempt_at LIMIT 1) AS seconds
  FROM (VALUES {_EACH}) AS q (channel, queue)
""")  # noqa: S608  our own words
_UNKNOWN = text("""
SELECT channel, count(*) FROM (SELECT channel FROM message WHERE state = 'unknown' LIMIT :most) AS found
 GROUP BY channel
""")
_SENDING = text("""
SELECT (SELECT count(*) FROM (SELECT FROM message WHERE state = 'sending' LIMIT :most) AS found) AS messages,
       (SELECT extract(epoch FROM :now - claimed_at)::float FROM message
         WHERE state = 'sending' ORDER BY claimed_at LIMIT 1) AS seconds
""")
# The causes stand here as they do in the index, which is used for no other.
_OF_SENDER = text(f"""
SELECT channel, cause, count(*) FROM (
    SELECT channel, cause FROM message
     WHERE cause IN ({_OURS}) AND (settled_at IS NULL OR settled_at >= :since) LIMIT :most) AS found
 GROUP BY channel, cause
""")  # noqa: S608  our own words


class Waits(NamedTuple):
    """How many messages of a queue are due and not claimed, and for how many seconds the oldest has been."""

    channel: Channel
    queue: Queue
    messages: int
    seconds: float


class Sending(NamedTuple):
    """How many messages are on their way just now, and since how many seconds the oldest is."""

    messages: int
    seconds: float


def queues(connection: Connection, now: datetime) -> list[Waits]:
    """Every queue, also one in which nothing waits."""
    rows = connection.execute(_QUEUES, {"now": now, "most": MOST})
    return [Waits(row.channel, row.queue, row.waiting, row.seconds or 0.0) for row in rows]


def unknown(connection: Connection) -> dict[Channel, int]:
    """How many messages may have gone, and nobody can tell, by channel."""
    none: dict[Channel, int] = dict.fromkeys(CHANNELS, 0)
    return none | {row[0]: row[1] for row in connection.execute(_UNKNOWN, {"most": MOST})}


def sending(connection: Connection, now: datetime) -> Sending:
    """What was claimed and is not settled."""
    row = connection.execute(_SENDING, {"now": now, "most": MOST}).one()
    return Sending(row.messages, row.seconds or 0.0)


def kept_by_sender(connection: Connection, since: datetime) -> list[tuple[str, str, int]]:
    """How many messages wait, or were lost since then, for a cause that is the sender's own (`OURS`)."""
    rows = connection.execute(_OF_SENDER, {"since": since, "most": MOST})
    return [(row[0], row[1], row[2]) for row in rows]
