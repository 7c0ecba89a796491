"""What the provider has told us unasked: each status of each message once, in whatever order it comes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from services.reminders.channels import Answer
from services.reminders.ledger.settle import settle

_ABOUT = "SELECT message_id, client_id, clinic_id, provider_id, correlation_id FROM message"
_BY_ID = text(f"{_ABOUT} WHERE message_id = :id FOR UPDATE")
_BY_PROVIDER = text(f"{_ABOUT} WHERE provider_id = :id FOR UPDATE")
_LOCK_HER = text("""
SELECT FROM person WHERE client_id IN (SELECT client_id FROM message
                                        WHERE message_id = :id OR provider_id = :provider) FOR UPDATE
""")
_KEEP = text("""
INSERT INTO callback (provider_id, status, message_id, received_at)
VALUES (:provider, :status, :message, :now) ON CONFLICT DO NOTHING RETURNING provider_id
""")
_LINKS_SAID = text("""
UPDATE message_occasion SET state = 'saying', cause = NULL
 WHERE message_id = :message AND state = 'planned'
""")
_KNOWN = text("""
SELECT provider_id FROM message WHERE provider_id = ANY(:ids) AND message_id <> :message
UNION SELECT provider_id FROM callback WHERE provider_id = ANY(:ids) AND message_id <> :message
""")


class About(NamedTuple):
    """The message that a callback is about, as the ledger has it."""

    message_id: UUID
    client_id: UUID | None
    clinic_id: UUID | None
    """None of a message to nobody's number that we know."""
    provider_id: str | None
    correlation_id: str


def lock_her(connection: Connection, message_id: UUID | None, provider_id: str) -> None:
    """Locks whom the message is for, as a claim does: before any of her messages."""
    connection.execute(_LOCK_HER, {"id": message_id, "provider": provider_id})


def about(connection: Connection, message_id: UUID | None, provider_id: str) -> About | None:
    """Locks and gives the message of this id, or where none is named the one that the provider calls so."""
    if message_id is not None:
        row = connection.execute(_BY_ID, {"id": message_id}).first()
    else:
        row = connection.execute(_BY_PROVIDER, {"id": provider_id}).first()
    return About(*row) if row is not None else None


def keep(
    connection: Connection, provider_id: str, status: str, message_id: UUID | None, now: datetime
) -> bool:
    """Writes the callback down; False when the same was told before."""
    told = {"provider": provider_id, "status": status, "message": message_id, "now": now}
    return connection.execute(_KEEP, told).first() is not None


def apply(connection: Connection, message_id: UUID, answer: Answer, now: datetime) -> str:
    """Lets the message rise to what was told, even before its worker has settled it; gives its state."""
    state = settle(connection, message_id, answer, now)
    # A message that we had put off, and that went all the same, has said what it said.
    connection.execute(_LINKS_SAID, {"message": message_id})
    return state


def of_others(connection: Connection, message_id: UUID, provider_ids: Collection[str]) -> set[str]:
    """Which of the provider's ids are known to belong to other messages than this."""
    rows = connection.execute(_KNOWN, {"ids": list(provider_ids), "message": message_id})
    return set(rows.scalars())
