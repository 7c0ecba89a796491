"""What became of a message after its claim. States only rise: each change names where it may come from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from services.reminders.channels import Answer
from shared.events import Channel

BACKOFF = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
"""How long a message that surely did not go waits before each further attempt; then it has failed."""

_SETTLE = text("""
UPDATE message
   SET state = :state, cause = :cause, provider_id = coalesce(:provider, provider_id), settled_at = :now
 WHERE message_id = :message AND state = ANY(:below)
""")
_LATER = text("""
UPDATE message SET state = 'planned', cause = :cause, next_attempt_at = :at, rung_at = NULL, said_at = NULL
 WHERE message_id = :message AND state = 'sending'
RETURNING message_id
""")
_LINKS_AGAIN = text("""
UPDATE message_occasion SET state = 'planned', cause = :cause WHERE message_id = :message AND state = 'saying'
""")
_ATTEMPTS = text("SELECT attempts FROM message WHERE message_id = :message")
_STUCK = text(
    "SELECT message_id, channel FROM message WHERE state = 'sending' AND claimed_at < :before LIMIT 500"
)

_BELOW = {
    "sent": ["sending", "unknown"],
    "delivered": ["sending", "sent", "unknown"],
    "failed": ["sending", "sent", "unknown"],
    "unknown": ["sending"],
}
"""From which states each may be reached; `unknown` may still become any final one."""


class Stuck(NamedTuple):
    """A message that was claimed long ago and never settled."""

    message_id: UUID
    channel: Channel


def settle(engine: Engine, message_id: UUID, answer: Answer, now: datetime) -> str:
    """Writes down the channel's answer, in a transaction of its own; gives the state that follows from it."""
    with engine.begin() as connection:
        if answer.verdict == "retry":
            return _try_later(connection, message_id, answer, now)
        state = {"permanent": "failed", "ambiguous": "unknown"}.get(answer.verdict, answer.verdict)
        _raise(connection, message_id, state, answer.cause, answer.provider_id, now)
        return state


def stuck(engine: Engine, *, claimed_before: datetime) -> list[Stuck]:
    """Messages whose worker must have died between its claim and its settling."""
    with engine.connect() as connection:
        rows = connection.execute(_STUCK, {"before": claimed_before})
        return [Stuck(row.message_id, row.channel) for row in rows]


def settle_stuck(engine: Engine, message_id: UUID, arrived: bool, now: datetime) -> None:
    """Says delivered where that is known, else `unknown`: it may have gone, so it is never sent again."""
    with engine.begin() as connection:
        state, cause = ("delivered", None) if arrived else ("unknown", "worker_died")
        _raise(connection, message_id, state, cause, None, now)


def _try_later(connection: Connection, message_id: UUID, answer: Answer, now: datetime) -> str:
    attempts: int = connection.execute(_ATTEMPTS, {"message": message_id}).scalar_one()
    if attempts > len(BACKOFF):
        _raise(connection, message_id, "failed", answer.cause, answer.provider_id, now)
        return "failed"
    at = now + max(BACKOFF[attempts - 1], answer.after or timedelta(0))
    again = {"message": message_id, "cause": answer.cause}
    if connection.execute(_LATER, again | {"at": at}).first() is not None:
        connection.execute(_LINKS_AGAIN, again)
    return "planned"


def _raise(
    connection: Connection,
    message_id: UUID,
    state: str,
    cause: str | None,
    provider: str | None,
    now: datetime,
) -> None:
    connection.execute(
        _SETTLE,
        {
            "message": message_id,
            "state": state,
            "cause": cause,
            "provider": provider,
            "now": now,
            "below": _BELOW[state],
        },
    )
