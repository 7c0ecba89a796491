"""What somebody found out about a message that may have gone: it arrived, or it did not. Then it is final."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from services.reminders.channels import Answer
from services.reminders.ledger.settle import settle

Found = Literal["delivered", "failed"]
FOUND = get_args(Found)
CAUSE = "decided"
"""Why a message is in the state that somebody found out."""

_NOW = text("SELECT state, cause FROM message WHERE message_id = :message FOR UPDATE")


class Decided(msgspec.Struct, frozen=True):
    """A message, and the state that was decided."""

    id: UUID
    state: Found


class Settled(Exception):
    """It is known already what became of it; the text says what."""


def decide(connection: Connection, message_id: UUID, found: Found, now: datetime) -> Decided | None:
    """Settles it; decided the same again changes nothing. None where there is none such. Raises Settled."""
    row = connection.execute(_NOW, {"message": message_id}).first()
    if row is None:
        return None
    if row.state == "unknown":
        verdict: Literal["delivered", "permanent"] = "permanent" if found == "failed" else "delivered"
        settle(connection, message_id, Answer(verdict, CAUSE), now)
    elif (row.state, row.cause) != (found, CAUSE):
        raise Settled(row.state)
    return Decided(message_id, found)
