"""What nobody can tell for certain: messages that may have gone, for an operator to look after. Ids only."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy import Connection, RowMapping, text

from services.reminders.ledger.pages import MOST, START, Place, ends, values
from services.reminders.ledger.read import time_of
from shared.events import Channel
from shared.wire import Rfc3339

_UNKNOWN = text("""
SELECT message_id, client_id, clinic_id, channel, cause, provider_id, claimed_at, settled_at, reconcile_at
  FROM message WHERE state = 'unknown' AND (claimed_at, message_id) > (:moment, :message)
 ORDER BY claimed_at, message_id LIMIT :limit
""")


class UnknownMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message that may have gone, why that is not known, and when the provider is asked again, if ever."""

    id: UUID
    client_id: UUID | None
    clinic_id: UUID | None
    channel: Channel
    cause: str | None
    provider_id: str | None
    claimed_at: Rfc3339 | None
    settled_at: Rfc3339 | None
    asked_again_at: Rfc3339 | None


class UnknownPage(msgspec.Struct, frozen=True):
    """Unknown messages, oldest first, and the cursor of what follows."""

    items: list[UnknownMessage]
    next: str | None


def unknown(connection: Connection, after: Place = START, limit: int = MOST) -> UnknownPage:
    """A page of them."""
    rows = connection.execute(_UNKNOWN, values(after, limit)).mappings().all()
    return UnknownPage([_shown(row) for row in rows[:limit]], ends(rows, limit, "claimed_at"))


def _shown(row: RowMapping) -> UnknownMessage:
    return UnknownMessage(
        id=row["message_id"],
        client_id=row["client_id"],
        clinic_id=row["clinic_id"],
        channel=row["channel"],
        cause=row["cause"],
        provider_id=row["provider_id"],
        claimed_at=time_of(row["claimed_at"]),
        settled_at=time_of(row["settled_at"]),
        asked_again_at=time_of(row["reconcile_at"]),
    )
