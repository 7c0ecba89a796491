"""What she wrote to us: each text once, sealed, with what it was understood as."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import Connection, text

from services.reminders.ledger.read import MessageState, time_of
from services.reminders.rules.replies.reply import Intent
from services.reminders.sealed import seal, unseal
from shared.events import Channel
from shared.sealing import place
from shared.vault import Vault
from shared.wire import Rfc3339

_NAMES = UUID("6f0f4b0e-8b5e-5c0e-9a55-7e0d5a1f2b11")
FALLBACK_EVERY = timedelta(hours=1)

_NEW = text("""
INSERT INTO inbound (inbound_id, channel, from_hash, received_at, correlation_id)
VALUES (:inbound, :channel, :hash, :now, :correlation_id) ON CONFLICT DO NOTHING RETURNING inbound_id
""")
_KEEP = text("""
UPDATE inbound SET client_id = :client, clinic_id = :clinic, intent = :intent, safety = :safety,
       sealed = :sealed, fell_back = :fell_back
 WHERE inbound_id = :inbound
""")
_FELL_BACK = text("""
SELECT EXISTS (SELECT FROM inbound WHERE from_hash = :hash AND fell_back AND received_at > :since)
""")
_WRITTEN = text(
    "SELECT client_id, clinic_id, sealed, correlation_id FROM inbound WHERE inbound_id = :inbound"
)
_OF_CLIENT = text("""
SELECT inbound_id, channel, intent, safety, received_at FROM inbound
 WHERE client_id = :client AND received_at > :after AND received_at <= :until
 ORDER BY received_at, inbound_id
""")


LATEST = datetime(9999, 1, 1, tzinfo=UTC)


class Written(msgspec.Struct, frozen=True):
    """A text as it came: from which number, to which sender, in which words."""

    sent_from: str
    sent_to: str
    text: str


class Kept(NamedTuple):
    """A text of a client's, opened."""

    client_id: UUID
    clinic_id: UUID
    written: Written
    correlation_id: str


class AnswerState(msgspec.Struct, frozen=True):
    """A text of hers: what it was understood as, and when it came; its words are for her team."""

    id: UUID
    channel: Channel
    intent: Intent
    safety: bool
    received_at: Rfc3339


class MessagePage(msgspec.Struct, frozen=True):
    """A client's messages, what she answered meanwhile, each oldest first, and the cursor of what follows."""

    items: list[MessageState]
    answers: list[AnswerState]
    next: str | None


def inbound_id(provider_id: str) -> UUID:
    """The id of the text that the provider calls so."""
    return uuid5(_NAMES, provider_id)


def is_new(
    connection: Connection,
    inbound: UUID,
    channel: Channel,
    from_hash: bytes,
    now: datetime,
    correlation_id: str,
) -> bool:
    """Writes down that it came; False when it had come before. Holds whoever brings the same meanwhile."""
    row = {"inbound": inbound, "channel": channel, "hash": from_hash, "now": now}
    return connection.execute(_NEW, row | {"correlation_id": correlation_id}).first() is not None


def keep(
    connection: Connection,
    vault: Vault,
    inbound: UUID,
    written: Written,
    *,
    client_id: UUID | None,
    clinic_id: UUID | None,
    intent: Intent,
    safety: bool,
    fell_back: bool,
) -> None:
    """Keeps what it was understood as, and a client's words sealed under her key; a stranger's not at all."""
    sealed = None
    if client_id is not None:
        sealed = seal(vault, client_id, msgspec.json.encode(written), place("inbound", inbound))
    connection.execute(
        _KEEP,
        {
            "inbound": inbound,
            "client": client_id,
            "clinic": clinic_id,
            "intent": intent,
            "safety": safety,
            "sealed": sealed,
            "fell_back": fell_back,
        },
    )


def told_lately(connection: Connection, from_hash: bytes, now: datetime) -> bool:
    """Whether this number had the answer to what nobody understands within the hour."""
    values = {"hash": from_hash, "since": now - FALLBACK_EVERY}
    return bool(connection.execute(_FELL_BACK, values).scalar_one())


def kept(connection: Connection, vault: Vault, inbound: UUID) -> Kept | None:
    """A client's text, opened; None for a stranger's, and once she is erased."""
    row = connection.execute(_WRITTEN, {"inbound": inbound}).first()
    if row is None or row.client_id is None or row.sealed is None:
        return None
    plain = unseal(vault, row.client_id, row.sealed, place("inbound", inbound))
    if plain is None:
        return None
    written = msgspec.json.decode(plain, type=Written)
    return Kept(row.client_id, row.clinic_id, written, row.correlation_id)


def answers_of(
    connection: Connection, client_id: UUID, after: datetime, until: datetime | None
) -> list[AnswerState]:
    """What a client has answered after a moment, up to another (None: now), oldest first. Never her words."""
    asked = {"client": client_id, "after": after, "until": until or LATEST}
    rows = connection.execute(_OF_CLIENT, asked)
    return [
        AnswerState(row.inbound_id, row.channel, row.intent, row.safety, time_of(row.received_at) or "")
        for row in rows
        if row.intent is not None
    ]
