"""Claiming a message: what waits for a client on a channel, and each way its claim may end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from services.reminders.bell import Queue
from services.reminders.ledger import tally
from services.reminders.rules.causes import Cause
from services.reminders.rules.plan import Detail, Occasion
from shared.events import Channel

_WHOSE = text("""
SELECT direct, client_id, channel, queue, clock_offset FROM message WHERE message_id = :message
""")
_LOCK = text("""
SELECT message_id FROM message
 WHERE client_id = :client AND channel = :channel AND queue = :queue AND clock_offset = :offset
   AND state = 'planned' AND next_attempt_at <= :now AND NOT direct
   AND message_id = coalesce(:only, message_id)
 ORDER BY created_at, message_id FOR UPDATE
""")
_WAITING = text("""
SELECT m.message_id, m.correlation_id, m.next_attempt_at, o.occasion_id, o.key, o.client_id, o.kind, o.source,
       o.due_at, o.expires_at, o.detail
  FROM message m JOIN message_occasion mo USING (message_id) JOIN occasion o USING (occasion_id)
 WHERE m.message_id = ANY(:ids) AND mo.state = 'planned'
 ORDER BY m.created_at, m.message_id, o.due_at, o.occasion_id
""")
_HOLD = text("""
UPDATE message SET next_attempt_at = :until, cause = :cause, rung_at = NULL
 WHERE message_id = :message AND state = 'planned' RETURNING channel
""")
_OPEN_PARKED = text("""
UPDATE message SET next_attempt_at = :now, cause = NULL, rung_at = NULL
 WHERE client_id = :client AND state = 'planned' AND cause = 'parked'
""")
_END_LINK = text("""
UPDATE message_occasion SET state = :state, cause = :cause
 WHERE message_id = :message AND occasion_id = :occasion AND state = 'planned'
""")
_END = text("""
UPDATE message SET state = :state, cause = :cause, settled_at = :now
 WHERE message_id = :message AND state = 'planned' RETURNING channel
""")
_TAKE = text("""
WITH said AS (
    UPDATE message_occasion SET state = 'saying' WHERE message_id = :message AND state = 'planned'
)
UPDATE message
   SET state = 'sending', cause = NULL, attempts = attempts + 1, claimed_at = :now, said_at = :said,
       sealed = :sealed, consent_id = :consent
 WHERE message_id = :message AND state = 'planned' RETURNING channel
""")
_MOVE = text("""
WITH moved AS (
    UPDATE message_occasion SET state = 'merged' WHERE message_id = :from_ AND state = 'planned'
    RETURNING occasion_id
), emptied AS (
    UPDATE message SET state = 'suppressed', cause = 'merged', settled_at = :now
     WHERE message_id = :from_ AND state = 'planned'
)
INSERT INTO message_occasion (message_id, occasion_id, state) SELECT :into, occasion_id, 'planned' FROM moved
ON CONFLICT DO NOTHING
""")


@dataclass(frozen=True)
class Whose:
    """To whom a message goes, by which way, and how far its clock is ahead of ours."""

    client_id: UUID
    channel: Channel
    queue: Queue
    clock_offset: timedelta


@dataclass(frozen=True)
class Waiting:
    """A message that is planned and due, with what it would say."""

    message_id: UUID
    correlation_id: str
    due_at: datetime
    """From when on it was to go, by our clock: as planned, or where what held it ended."""
    sayings: tuple[tuple[UUID, Occasion], ...]
    """Each with the occasion's id."""


def whose(connection: Connection, message_id: UUID) -> Whose | Literal["direct"] | None:
    """Whose message it is; "direct" where it goes to an address of its own, and says what it says alone; None
    where there is none of this id.
    """
    row = connection.execute(_WHOSE, {"message": message_id}).first()
    if row is None:
        return None
    return "direct" if row.direct else Whose(*row[1:])


def waiting(
    connection: Connection, about: Whose, now: datetime, *, only: UUID | None = None
) -> list[Waiting]:
    """Locks and gives all that is due for her by that way, oldest first; or `only` one of it."""
    named = {"client": about.client_id, "channel": about.channel, "queue": about.queue, "only": only}
    ids = connection.execute(_LOCK, named | {"offset": about.clock_offset, "now": now}).scalars().all()
    if not ids:
        return []
    rows = connection.execute(_WAITING, {"ids": ids}).all()
    return [
        Waiting(
            message_id,
            correlation_id,
            due_at,
            tuple((row.occasion_id, occasion_of(row, about.channel)) for row in group),
        )
        for (message_id, correlation_id, due_at), group in groupby(rows, key=lambda row: tuple(row[:3]))
    ]


def hold(connection: Connection, message_id: UUID, until: datetime, cause: Cause) -> None:
    """Puts it off, with the cause in plain sight; the sweeper rings when it is time."""
    held = connection.execute(_HOLD, {"message": message_id, "until": until, "cause": cause})
    tally.each_moved(connection, held.scalars(), "held", cause)


def open_parked(connection: Connection, client_id: UUID, now: datetime) -> None:
    """What waited because her record was set aside waits no longer; the sweeper rings."""
    connection.execute(_OPEN_PARKED, {"client": client_id, "now": now})


def end_saying(
    connection: Connection,
    message_id: UUID,
    occasion_id: UUID,
    state: Literal["suppressed", "expired"],
    cause: Cause,
) -> None:
    """Says no to one occasion of a message."""
    connection.execute(
        _END_LINK, {"message": message_id, "occasion": occasion_id, "state": state, "cause": cause}
    )


def end(
    connection: Connection,
    message_id: UUID,
    state: Literal["suppressed", "expired"],
    cause: Cause,
    now: datetime,
) -> None:
    """Ends a message that says nothing."""
    ended = connection.execute(_END, {"message": message_id, "state": state, "cause": cause, "now": now})
    tally.each_moved(connection, ended.scalars(), state, cause)


def take(
    connection: Connection,
    message_id: UUID,
    merged: Sequence[UUID],
    now: datetime,
    said_at: datetime,
    sealed: bytes | None,
    consent_id: UUID | None = None,
) -> None:
    """Claims the message for sending, with all that the merged ones would have said.

    `sealed` is what is handed over, kept until it is known what became of it; `consent_id` is the
    consent in force, kept for good; None for what answers her at once, or goes to the staff.
    """
    for other in merged:
        connection.execute(_MOVE, {"from_": other, "into": message_id, "now": now})
    taken = connection.execute(
        _TAKE,
        {"message": message_id, "now": now, "said": said_at, "sealed": sealed, "consent": consent_id},
    )
    for channel in taken.scalars():
        tally.moved(connection, channel, "sending", None)
        tally.moved(connection, channel, "suppressed", "merged", len(merged))


def occasion_of(row: Any, channel: Channel) -> Occasion:
    """The occasion of a row of its table, as it is said on this channel."""
    return Occasion(
        key=row.key,
        client_id=row.client_id,
        kind=row.kind,
        channels=(channel,),
        due_at=row.due_at,
        expires_at=row.expires_at,
        source=row.source,
        detail=msgspec.convert(row.detail, Detail),
    )
