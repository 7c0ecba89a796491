"""Who was erased: what waited for her is not said any more; of what was said, ids and states are left."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from services.reminders.ledger import tally

PATIENCE = timedelta(days=1)
"""So long the key is kept for what is still on its way, or for a provider that cannot be asked; no longer."""
BATCH = 50

_ERASED = text("SELECT client_id FROM erased_client WHERE client_id = ANY(:ids)")
_NOTE = text("""
INSERT INTO erased_client (client_id, clinic_id, erased_at) VALUES (:client, :clinic, :now)
ON CONFLICT DO NOTHING
""")
_NO_REMINDERS = text("DELETE FROM reminder WHERE client_id = :client")
_UNSAID = text("""
UPDATE message_occasion SET state = 'suppressed', cause = 'erased'
 WHERE state = 'planned'
   AND message_id IN (SELECT message_id FROM message WHERE client_id = :client AND state = 'planned')
""")
_UNSENT = text("""
UPDATE message SET state = 'suppressed', cause = 'erased', settled_at = :now
 WHERE client_id = :client AND state = 'planned' RETURNING channel
""")
_TO_EMPTY = text("""
UPDATE message SET reconcile_at = :now, reconcile_tries = 0
 WHERE client_id = :client AND channel = 'sms' AND redacted_at IS NULL AND state <> 'sending'
   AND (provider_id IS NOT NULL OR state = 'unknown')
""")
_UNTOLD = text("""
UPDATE outgoing SET state = 'refused', cause = 'erased', settled_at = :now, sealed = NULL
 WHERE record_id = :client AND state = 'waiting'
""")
_FORGET = text("SELECT forget_client(:client)")
_UNSEAL = text("UPDATE message SET sealed = NULL WHERE client_id = :client AND sealed IS NOT NULL")
_DUE = text("""
SELECT client_id FROM erased_client AS e
 WHERE key_destroyed_at IS NULL AND (erased_at <= :long_ago OR NOT EXISTS (
    SELECT FROM message AS m WHERE m.client_id = e.client_id AND (m.state = 'sending'
        OR (:asks AND m.sealed IS NOT NULL AND m.reconcile_at IS NOT NULL AND m.reconcile_tries = 0))))
 ORDER BY erased_at LIMIT :batch
""")
_DESTROYED = text(
    "UPDATE erased_client SET key_destroyed_at = :now WHERE client_id = :client AND key_destroyed_at IS NULL"
)
_OPEN = text(
    "SELECT count(*) FROM (SELECT FROM erased_client WHERE key_destroyed_at IS NULL LIMIT :most) AS found"
)


def erased(connection: Connection, clients: Collection[UUID]) -> set[UUID]:
    """Those of the clients that were erased."""
    return set(connection.execute(_ERASED, {"ids": list(clients)}).scalars()) if clients else set()


def erase(connection: Connection, client_id: UUID, clinic_id: UUID, now: datetime) -> None:
    """Forgets a client, in the transaction that has locked her; again changes nothing.

    What waits to be said is suppressed; the provider is asked at once to empty what it keeps of her.
    """
    about = {"client": client_id, "clinic": clinic_id, "now": now}
    connection.execute(_NOTE, about)
    # Her reminders first: a scheduler that holds one writes its occasion before this goes on.
    connection.execute(_NO_REMINDERS, about)
    connection.execute(_UNSAID, about)
    tally.each_moved(connection, connection.execute(_UNSENT, about).scalars(), "suppressed", "erased")
    for statement in (_TO_EMPTY, _UNTOLD, _FORGET):
        connection.execute(statement, about)


def due(connection: Connection, now: datetime, *, asks: bool) -> list[UUID]:
    """Up to 50 erased clients whose key nothing needs any more.

    It is needed while a message is on its way; and where a provider is asked, to find what may have gone.
    """
    named = {"long_ago": now - PATIENCE, "asks": asks, "batch": BATCH}
    return list(connection.execute(_DUE, named).scalars())


def destroyed(connection: Connection, client_id: UUID, now: datetime) -> None:
    """Her key is destroyed: what came to be kept of her meanwhile goes too."""
    about = {"client": client_id, "now": now}
    for statement in (_FORGET, _UNSEAL, _DESTROYED):
        connection.execute(statement, about)


def undestroyed(connection: Connection, most: int) -> int:
    """How many erased clients still have a key; so many at the most."""
    return int(connection.execute(_OPEN, {"most": most}).scalar_one())
