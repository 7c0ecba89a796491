"""What the provider is still to be asked: what became of a message, and to empty what it keeps of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from services.reminders.ledger.states import State

AGAIN = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""How long until the provider is asked once more, each time; after that it is asked no more."""
LEASE = timedelta(minutes=2)
"""Whoever has taken a message to ask about has so long before another does."""
BATCH = 50

_DUE = text("""
UPDATE message SET reconcile_at = :until, reconcile_tries = reconcile_tries + 1 WHERE message_id IN (
    SELECT message_id FROM message WHERE reconcile_at <= :now
     ORDER BY reconcile_at LIMIT :batch FOR UPDATE SKIP LOCKED)
RETURNING message_id, client_id, clinic_id, state, provider_id, sealed, claimed_at, correlation_id,
          reconcile_tries, CASE WHEN cause = 'restored' THEN settled_at END AS restored_at
""")
_AGAIN = text("""
UPDATE message SET reconcile_at = :at
 WHERE message_id = :message AND state = :state AND reconcile_at IS NOT NULL
""")
_NEVER = text("""
UPDATE message SET reconcile_at = NULL, sealed = NULL
 WHERE message_id = :message AND state = :state AND reconcile_at IS NOT NULL
""")
_GIVE_BACK = text("""
UPDATE message SET reconcile_at = :at, reconcile_tries = greatest(reconcile_tries - 1, 0)
 WHERE message_id = ANY(:ids) AND reconcile_at = :until
""")
_REDACTED = text("UPDATE message SET reconcile_at = NULL, redacted_at = :now WHERE message_id = :message")
_UNDER_WAY = text("""
SELECT EXISTS (SELECT FROM message
                WHERE client_id IS NOT DISTINCT FROM :client AND channel = 'sms' AND state = 'sending')
""")
_LATER = text("""
SELECT message_id, sealed, claimed_at FROM message
 WHERE client_id IS NOT DISTINCT FROM :client AND channel = 'sms' AND state = 'unknown'
   AND provider_id IS NULL AND sealed IS NOT NULL AND claimed_at > :claimed
""")


class Asked(NamedTuple):
    """A message that the provider is to be asked about, now."""

    message_id: UUID
    client_id: UUID | None
    clinic_id: UUID | None
    """None of a message to nobody's number that we know."""
    state: State
    provider_id: str | None
    sealed: bytes | None
    claimed_at: datetime
    correlation_id: str
    tries: int
    """This one included."""
    restored_at: datetime | None
    """When it was found that a ledger, lost since, may have sent it; `claimed_at` is when it was due then."""

    @property
    def known_since(self) -> datetime:
        """From when on the provider can be asked."""
        return self.restored_at or self.claimed_at


class Other(NamedTuple):
    """Another SMS to her that may have gone, and of which the provider's id is not known either."""

    message_id: UUID
    sealed: bytes
    claimed_at: datetime


def take_due(connection: Connection, now: datetime) -> list[Asked]:
    """Takes up to 50 messages, passing over those that others hold."""
    rows = connection.execute(_DUE, {"now": now, "until": now + LEASE, "batch": BATCH})
    return sorted((Asked(*row) for row in rows), key=lambda asked: asked.claimed_at)


def ask_again(connection: Connection, asked: Asked, now: datetime) -> bool:
    """Puts the question off; False, and nothing else, when it has been put often enough."""
    if asked.tries > len(AGAIN):
        return False
    at = now + AGAIN[asked.tries - 1]
    connection.execute(_AGAIN, {"message": asked.message_id, "state": asked.state, "at": at})
    return True


def give_up(connection: Connection, asked: Asked) -> None:
    """The provider is asked about it no more, so what was handed over need not be known any longer."""
    connection.execute(_NEVER, {"message": asked.message_id, "state": asked.state})


def give_back(connection: Connection, messages: Sequence[Asked], now: datetime) -> None:
    """As if they had not been taken: the provider could not be asked at all, and is a minute later."""
    ids = [one.message_id for one in messages]
    connection.execute(_GIVE_BACK, {"ids": ids, "at": now + AGAIN[0], "until": now + LEASE})


def redacted(connection: Connection, message_id: UUID, now: datetime) -> None:
    """The provider keeps no words of it any more."""
    connection.execute(_REDACTED, {"message": message_id, "now": now})


def is_sending(connection: Connection, client_id: UUID | None) -> bool:
    """Whether an SMS to her is just on its way, and so in the provider's list under an id not yet known."""
    return bool(connection.execute(_UNDER_WAY, {"client": client_id}).scalar_one())


def later(connection: Connection, asked: Asked) -> list[Other]:
    """What may have gone to her since this one was claimed, and is still to be told."""
    rows = connection.execute(_LATER, {"client": asked.client_id, "claimed": asked.claimed_at})
    return [Other(*row) for row in rows]
