"""What the rows of a vault wrap, and which master keys wrapped them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from shared.masters import Master, Masters
from shared.sealing import place

FOREIGN = "CAIRN_MASTER_KEY is not the key that this vault's keys were wrapped by"
PARTLY_FOREIGN = (
    "Some of this vault's keys were wrapped by a master key that is not known here:"
    " CAIRN_MASTER_KEYS_KNOWN must name it, too"
)

# An index gives each id once; to read all rows for a handful of ids would be to read a million.
_MASTER_IDS = text("""
WITH RECURSIVE known AS (
    (SELECT master_id FROM record_key WHERE wrapped IS NOT NULL ORDER BY master_id LIMIT 1)
    UNION ALL
    SELECT (SELECT k.master_id FROM record_key k
             WHERE k.wrapped IS NOT NULL AND k.master_id > known.master_id ORDER BY k.master_id LIMIT 1)
      FROM known WHERE known.master_id IS NOT NULL)
SELECT master_id FROM known WHERE master_id IS NOT NULL UNION SELECT master_id FROM own_key
""")


class WrongMasterKey(Exception):
    """Keys of this vault were wrapped by a master key that is not known here."""


def master_ids(connection: Connection) -> set[str]:
    """By which master keys all that is wrapped in this vault was wrapped."""
    return set(connection.scalars(_MASTER_IDS))


def foreign(connection: Connection, masters: Masters) -> str | None:
    """Why these master keys cannot be this vault's, or None; an empty vault is anybody's."""
    ids = master_ids(connection)
    unknown = {master_id for master_id in ids if masters.named(master_id) is None}
    if not unknown:
        return None
    return FOREIGN if unknown == ids else PARTLY_FOREIGN


def secret_of(masters: Masters, row: Any) -> bytes:
    """What a row of record_key wraps. Raises WrongMasterKey."""
    return _master(masters, row.master_id).unwrap(row.wrapped, record_place(row.record_id))


def own_of(masters: Masters, purpose: str, wrapped: bytes | None, master_id: str) -> bytes:
    """What a row of own_key stands for. Raises WrongMasterKey.

    Where nothing is wrapped yet, it is what the vault's first master key has made all along.
    """
    master = _master(masters, master_id)
    return master.derived(purpose) if wrapped is None else master.unwrap(wrapped, own_place(purpose))


def record_place(record_id: UUID) -> bytes:
    """To what a record's wrapped key is tied."""
    return place("key", record_id)


def own_place(purpose: str) -> bytes:
    """To what the vault's own wrapped key is tied."""
    return place("own key", purpose)


def _master(masters: Masters, master_id: str) -> Master:
    master = masters.named(master_id)
    if master is None:
        raise WrongMasterKey(FOREIGN)
    return master
