"""Who wants nothing more on an address: the ledger's own word, which no event and no rebuild lifts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, text

from services.reminders.ledger import tally
from shared.events import Channel
from shared.vault import Vault

Source = Literal["provider", "link", "reply", "wrong_number", "page"]

_RECORD = text("""
INSERT INTO opt_out (address_hash, channel, source, at)
SELECT hash, :channel, :source, :now FROM unnest(CAST(:hashes AS bytea[])) AS hash
ON CONFLICT (address_hash) DO UPDATE SET source = excluded.source, lifted_at = NULL,
       at = CASE WHEN opt_out.lifted_at IS NULL THEN greatest(opt_out.at, excluded.at) ELSE excluded.at END
RETURNING address_hash
""")
_LIFT = text("""
UPDATE opt_out SET lifted_at = :now
 WHERE address_hash = ANY(CAST(:hashes AS bytea[])) AND lifted_at IS NULL
""")
_SINCE = text("""
SELECT address_hash, at FROM opt_out WHERE address_hash = ANY(CAST(:hashes AS bytea[])) AND lifted_at IS NULL
""")
_STANDS = text("""
SELECT EXISTS (SELECT FROM opt_out WHERE address_hash = ANY(CAST(:hashes AS bytea[])) AND lifted_at IS NULL)
""")


def address_hash(vault: Vault, clinic_id: UUID, channel: Channel, address: str) -> bytes:
    """Under which an address is found again without being known; it outlives an erasure."""
    return vault.digest("opt_out", clinic_id, channel, address.strip().casefold())


def record(
    connection: Connection, hashes: Collection[bytes], channel: Channel, source: Source, now: datetime
) -> None:
    """Writes down that nothing more goes to these; said again, it is as old as when it was said last."""
    named = {"hashes": list(hashes), "channel": channel, "source": source, "now": now}
    said = connection.execute(_RECORD, named).all()
    tally.opted_out(connection, channel, source, len(said))


def lift(connection: Connection, hashes: Collection[bytes], now: datetime) -> None:
    """She takes it back herself: from that very number, or on her own page. Nothing else does."""
    connection.execute(_LIFT, {"hashes": list(hashes), "now": now})


def since(connection: Connection, hashes: Collection[bytes]) -> dict[bytes, datetime]:
    """Those of these that are opted out, and when they were."""
    if not hashes:
        return {}
    rows = connection.execute(_SINCE, {"hashes": list(hashes)})
    return {bytes(row[0]): row[1] for row in rows}


def stands(connection: Connection, hashes: Collection[bytes]) -> bool:
    """Whether one of these is opted out."""
    return bool(hashes) and bool(connection.execute(_STANDS, {"hashes": list(hashes)}).scalar_one())
