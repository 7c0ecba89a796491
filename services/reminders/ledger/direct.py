"""Messages that go to an address of their own: answers, signposts, notices to staff. Sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from services.reminders.bell import Rung
from services.reminders.ledger import tally, traces
from services.reminders.sealed import seal, unseal
from shared import tracing
from shared.events import Channel
from shared.logs import logger
from shared.sealing import Unopenable, place
from shared.vault import Vault

log = logger()

Kind = Literal["reply", "acknowledgement", "signpost", "flag", "notice", "digest"]
HOUSE = UUID(int=0)
"""Whose key seals what is of no client and no clinic."""
GOOD_FOR = timedelta(hours=24)
"""An answer that comes later than that is none."""

_MESSAGE = text("""
INSERT INTO message (message_id, client_id, clinic_id, channel, queue, state, direct, correlation_id,
                     created_at, next_attempt_at, rung_at)
VALUES (:message_id, :client_id, :clinic_id, :channel, 'now', 'planned', true, :correlation_id,
        :now, :now, :now)
ON CONFLICT DO NOTHING RETURNING message_id
""")
_DIRECT = text("""
INSERT INTO direct (message_id, record_id, kind, despite_opt_out, expires_at, sealed)
VALUES (:message_id, :record_id, :kind, :despite_opt_out, :expires_at, :sealed)
""")
_LOCK = text("""
SELECT m.message_id, m.client_id, m.clinic_id, m.channel, m.correlation_id, m.next_attempt_at AS due_at,
       d.record_id, d.kind, d.despite_opt_out, d.expires_at, d.sealed
  FROM message m JOIN direct d USING (message_id)
 WHERE m.message_id = :message AND m.state = 'planned' AND m.next_attempt_at <= :now FOR UPDATE OF m
""")
_EMPTY = text("UPDATE direct SET sealed = NULL WHERE message_id = :message")
_KIND = text("SELECT kind FROM direct WHERE message_id = :message")
_WAITING = text("""
SELECT extract(epoch FROM :now - min(m.created_at))::float FROM message m JOIN direct d USING (message_id)
 WHERE d.kind = 'signpost' AND m.state IN ('planned', 'sending', 'unknown', 'failed')
   AND d.expires_at > :now
""")


class Said(msgspec.Struct, frozen=True):
    """To which address, and the words; an e-mail has a subject and may have HTML."""

    to: str
    text: str
    subject: str | None = None
    html: str | None = None
    sender: str | None = None
    zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class Direct:
    """One such message. `record_id` is whose key seals it: the client's, else the clinic's, else HOUSE."""

    message_id: UUID
    record_id: UUID
    client_id: UUID | None
    clinic_id: UUID | None
    channel: Channel
    kind: Kind
    said: Said
    expires_at: datetime
    correlation_id: str
    despite_opt_out: bool = False
    """The confirmation of an opt-out, a signpost, and what is for staff."""
    due_at: datetime | None = None
    """From when on it was to go; None until it is written down."""


def plan(connection: Connection, vault: Vault, direct: Direct, now: datetime) -> list[Rung]:
    """Writes it down, in the caller's transaction; gives what is to be rung, nothing if it is there."""
    row = {
        "message_id": direct.message_id,
        "client_id": direct.client_id,
        "clinic_id": direct.clinic_id,
        "channel": direct.channel,
        "correlation_id": direct.correlation_id,
        "record_id": direct.record_id,
        "kind": direct.kind,
        "despite_opt_out": direct.despite_opt_out,
        "expires_at": direct.expires_at,
        "now": now,
    }
    if connection.execute(_MESSAGE, row).first() is None:
        return []
    tally.moved(connection, direct.channel, "planned", None)
    plain = msgspec.json.encode(direct.said)
    sealed = seal(vault, direct.record_id, plain, place("direct", direct.message_id))
    connection.execute(_DIRECT, row | {"sealed": sealed})
    if here := tracing.current():
        traces.keep(connection, [(direct.message_id, here)])
    return [Rung(direct.message_id, direct.channel, "now")]


def lock(connection: Connection, vault: Vault, message_id: UUID, now: datetime) -> Direct | None:
    """Locks and opens one that is planned and due; None where there is none, or its words were erased."""
    row = connection.execute(_LOCK, {"message": message_id, "now": now}).mappings().first()
    said = _opened(vault, row["record_id"], message_id, row["sealed"]) if row is not None else None
    if row is None or said is None:
        return None
    return Direct(**{name: value for name, value in row.items() if name != "sealed"}, said=said)


def forget(connection: Connection, message_id: UUID) -> None:
    """Keeps its words no longer: it went, or it never will."""
    connection.execute(_EMPTY, {"message": message_id})


def is_signpost(connection: Connection, message_id: UUID) -> bool:
    """Whether it says where to turn in danger."""
    return connection.execute(_KIND, {"message": message_id}).scalar() == "signpost"


def signpost_waits(connection: Connection, now: datetime) -> float:
    """For how many seconds the oldest signpost that is still good has waited to be accepted."""
    return float(connection.execute(_WAITING, {"now": now}).scalar() or 0.0)


def _opened(vault: Vault, record_id: UUID, message_id: UUID, sealed: bytes | None) -> Said | None:
    if sealed is None:
        return None
    try:
        plain = unseal(vault, record_id, sealed, place("direct", message_id))
    except Unopenable:
        log.error("row cannot be opened", kind="direct", record=str(message_id))
        return None
    return msgspec.json.decode(plain, type=Said) if plain is not None else None
