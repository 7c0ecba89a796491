"""What became of a message after its claim. States only rise: each change names where it may come from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from services.reminders.channels import Answer
from services.reminders.ledger import direct, tally
from services.reminders.ledger.states import State
from shared.events import Channel

BACKOFF = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
"""How long a message that surely did not go waits before each further attempt; then it has failed."""

_SETTLE = text("""
UPDATE message AS m
   SET state = :state, cause = :cause, settled_at = :now, reconcile_tries = 0,
       provider_id = coalesce(m.provider_id, found.id), said_at = coalesce(m.said_at, :now + m.clock_offset),
       sealed = CASE WHEN :state = 'unknown' AND m.channel = 'sms' THEN m.sealed END,
       reconcile_at = CASE WHEN m.channel = 'sms' AND (:state = 'unknown' OR coalesce(m.provider_id, found.id)
                                                       IS NOT NULL) THEN CAST(:ask_at AS timestamptz) END
  FROM (SELECT max(CAST(:provider AS text)) AS id
         WHERE NOT EXISTS (SELECT FROM message WHERE provider_id = :provider AND message_id <> :message)
       ) AS found
 WHERE m.message_id = :message AND m.state = ANY(:below)
   AND (m.provider_id IS NULL OR m.provider_id = coalesce(:provider, m.provider_id))
RETURNING m.channel
""")
_STATE = text("SELECT state FROM message WHERE message_id = :message")
_LATER = text("""
UPDATE message SET state = 'planned', cause = :cause, next_attempt_at = :at, rung_at = NULL, said_at = NULL,
       sealed = NULL, consent_id = NULL
 WHERE message_id = :message AND state = 'sending'
RETURNING channel
""")
_LINKS_AGAIN = text("""
UPDATE message_occasion SET state = 'planned', cause = :cause WHERE message_id = :message AND state = 'saying'
""")
_ATTEMPTS = text("SELECT attempts FROM message WHERE message_id = :message")
_STUCK = text(
    "SELECT message_id, channel FROM message WHERE state = 'sending' AND claimed_at < :before LIMIT 500"
)

_STATES: dict[str, State] = {
    "sent": "sent",
    "delivered": "delivered",
    "permanent": "failed",
    "ambiguous": "unknown",
}
"""What each verdict comes to; `retry` comes to none yet."""

_BELOW = {
    "sent": ["planned", "sending", "unknown"],
    "delivered": ["planned", "sending", "sent", "unknown"],
    "failed": ["planned", "sending", "sent", "unknown"],
    "unknown": ["sending"],
}
"""From which states each may be reached; `unknown` may still become any final one. What we had put off, and
the provider says it has, is off our hands all the same."""

_ASKED_AFTER = {
    "unknown": timedelta(seconds=10),
    "sent": timedelta(minutes=15),
    "delivered": timedelta(0),
    "failed": timedelta(0),
}
"""How long until the provider is asked about it, or, once it is final, asked to empty its body."""


class Stuck(NamedTuple):
    """A message that was claimed long ago and never settled."""

    message_id: UUID
    channel: Channel


def settle(connection: Connection, message_id: UUID, answer: Answer, now: datetime) -> str:
    """Writes down the channel's answer; gives the state that the message is in."""
    if answer.verdict == "retry":
        return _try_later(connection, message_id, answer, now)
    return _raise(connection, message_id, _STATES[answer.verdict], answer.cause, answer.provider_id, now)


def stuck(engine: Engine, *, claimed_before: datetime) -> list[Stuck]:
    """Messages whose worker must have died between its claim and its settling."""
    with engine.connect() as connection:
        rows = connection.execute(_STUCK, {"before": claimed_before})
        return [Stuck(row.message_id, row.channel) for row in rows]


def settle_stuck(engine: Engine, message_id: UUID, arrived: bool, now: datetime) -> None:
    """Says delivered where that is known, else `unknown`: it may have gone, so it is never sent again.

    But for a signpost: that it goes twice is harmless, that it never does is not.
    """
    with engine.begin() as connection:
        if not arrived and direct.is_signpost(connection, message_id):
            _try_later(connection, message_id, Answer("retry", "worker_died"), now)
            return
        if arrived:
            _raise(connection, message_id, "delivered", None, None, now)
        else:
            _raise(connection, message_id, "unknown", "worker_died", None, now)


def _try_later(connection: Connection, message_id: UUID, answer: Answer, now: datetime) -> str:
    attempts: int = connection.execute(_ATTEMPTS, {"message": message_id}).scalar_one()
    if attempts > len(BACKOFF):
        return _raise(connection, message_id, "failed", answer.cause, answer.provider_id, now)
    at = now + max(BACKOFF[attempts - 1], answer.after or timedelta(0))
    again = {"message": message_id, "cause": answer.cause}
    put_off = connection.execute(_LATER, again | {"at": at}).first()
    if put_off is None:
        return _state(connection, message_id)
    connection.execute(_LINKS_AGAIN, again)
    tally.moved(connection, put_off.channel, "held", answer.cause)
    return "planned"


def _raise(
    connection: Connection,
    message_id: UUID,
    state: State,
    cause: str | None,
    provider: str | None,
    now: datetime,
) -> str:
    raised = connection.execute(
        _SETTLE,
        {
            "message": message_id,
            "state": state,
            "cause": cause,
            "provider": provider,
            "now": now,
            "ask_at": now + _ASKED_AFTER[state],
            "below": _BELOW[state],
        },
    ).first()
    if raised is None:
        return _state(connection, message_id)
    tally.moved(connection, raised.channel, state, cause)
    return state


def _state(connection: Connection, message_id: UUID) -> str:
    return str(connection.execute(_STATE, {"message": message_id}).scalar_one())
