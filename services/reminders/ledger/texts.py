"""What she wrote and no rule settles, in her own words, for her team to read; and that it was read."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Row, text

from services.reminders.ledger.inbound import Written
from services.reminders.ledger.read import time_of
from services.reminders.rules.replies.reply import Intent
from services.reminders.sealed import unseal
from shared.events import Channel
from shared.sealing import place
from shared.vault import Vault
from shared.wire import Rfc3339

STEP = "r0014"
"""Since when it is known what was read."""
LATEST = 50

_COLUMNS = "inbound_id, channel, intent, safety, received_at, sealed, read_at, read_by"
_OF_CLIENT = text(f"""
SELECT {_COLUMNS} FROM (
    SELECT {_COLUMNS} FROM inbound WHERE client_id = :client AND (intent = 'unknown' OR safety)
     ORDER BY (read_at IS NULL AND NOT safety) DESC, received_at DESC LIMIT :limit) AS chosen
 ORDER BY received_at DESC, inbound_id
""")  # noqa: S608  our own columns
_READ = text(f"""
UPDATE inbound SET read_at = coalesce(read_at, :now), read_by = coalesce(read_by, :by)
 WHERE inbound_id = :text AND client_id = :client AND clinic_id = :clinic AND (intent = 'unknown' OR safety)
RETURNING {_COLUMNS}
""")  # noqa: S608  our own columns
_UNREAD = text("""
SELECT client_id, count(*) AS unread FROM inbound
 WHERE clinic_id = :clinic AND read_at IS NULL AND intent = 'unknown' AND NOT safety AND sealed IS NOT NULL
 GROUP BY client_id ORDER BY client_id
""")


class TextState(msgspec.Struct, frozen=True, kw_only=True):
    """A text of hers that was not understood, or held a phrase of the safety lists; `text` are her words,
    null once she is erased. `read_by` is who of the staff read it first.
    """

    id: UUID
    channel: Channel
    intent: Intent
    safety: bool
    received_at: Rfc3339
    text: str | None
    read_at: Rfc3339 | None
    read_by: str | None


class TextPage(msgspec.Struct, frozen=True):
    """The latest first; of many, none that waits to be read is left out for one that does not."""

    items: list[TextState]


class Unread(msgspec.Struct, frozen=True):
    """How many texts of a client nobody has read; those that raised a flag are reviewed with it."""

    client_id: UUID
    unread: int


class UnreadPage(msgspec.Struct, frozen=True):
    """The clients of a clinic of whom there are any."""

    items: list[Unread]


def texts_of(connection: Connection, vault: Vault, client_id: UUID) -> TextPage:
    """A client's."""
    rows = connection.execute(_OF_CLIENT, {"client": client_id, "limit": LATEST}).all()
    return TextPage([_opened(vault, client_id, row) for row in rows])


def read(
    connection: Connection,
    vault: Vault,
    clinic_id: UUID,
    client_id: UUID,
    text_id: UUID,
    by: str,
    now: datetime,
) -> TextState | None:
    """Somebody has read it; who was first stands. None where there is none such."""
    values = {"clinic": clinic_id, "client": client_id, "text": text_id, "by": by, "now": now}
    row = connection.execute(_READ, values).first()
    return None if row is None else _opened(vault, client_id, row)


def unread_in(connection: Connection, clinic_id: UUID) -> UnreadPage:
    """A clinic's."""
    rows = connection.execute(_UNREAD, {"clinic": clinic_id})
    return UnreadPage([Unread(row.client_id, row.unread) for row in rows])


def _opened(vault: Vault, client_id: UUID, row: Row[Any]) -> TextState:
    plain = row.sealed and unseal(vault, client_id, row.sealed, place("inbound", row.inbound_id))
    return TextState(
        id=row.inbound_id,
        channel=row.channel,
        intent=row.intent,
        safety=row.safety,
        received_at=time_of(row.received_at) or "",
        text=msgspec.json.decode(plain, type=Written).text if plain else None,
        read_at=time_of(row.read_at),
        read_by=row.read_by,
    )
