"""A record's events with what is hashed of each, and the hashes beside them in their lane."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from services.goals.log import chain, stored
from services.goals.log.chain import BEFORE_THE_FIRST, Stored
from services.goals.log.stored import Opened, open_row
from shared.events import ClientErased
from shared.vault import Vault

_HASHED = len(chain.Row._fields)
_RECORD = text(
    f"SELECT {chain.COLUMNS}, {stored.COLUMNS} FROM cairn.load(:clinic, :record)"  # noqa: S608  our own columns
)
_AS_FEED = text("SET LOCAL ROLE cairn_feed")
_HASHES = text(
    "SELECT hash FROM cairn.event WHERE lane = :lane AND position > :after AND position <= :position"
    " ORDER BY position"
)
_HASH_AT = text(
    "SELECT position, hash FROM cairn.event WHERE lane = :lane AND position = ANY(CAST(:positions AS int8[]))"
)


class Proven(NamedTuple):
    """An event, the fields of it that are hashed, and the hash that it was chained to."""

    opened: Opened
    row: Stored
    previous: bytes


def record(engine: Engine, vault: Vault, clinic_id: UUID, record_id: UUID) -> list[Proven]:
    """A record's events in order; what was erased is None in them."""
    with engine.connect() as connection:
        rows = connection.execute(_RECORD, {"clinic": clinic_id, "record": record_id}).all()
    hashed: list[Stored] = [tuple(row[:_HASHED]) for row in rows]
    as_stored = [row[_HASHED:] for row in rows]
    erased = bool(hashed) and hashed[-1][8] == ClientErased.TYPE.encode()
    key = None if erased or not rows else vault.key(record_id)
    opened = [open_row(row, key) for row in as_stored]
    before = _before(engine, hashed)
    return [Proven(one, row, before[row[1]]) for one, row in zip(opened, hashed, strict=True)]


def hashes(engine: Engine, lane: int, after: int, position: int) -> list[bytes]:
    """The hashes of a lane from `after` + 1 to `position`: no field of any event, whosoever's it is."""
    with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        connection.execute(_AS_FEED)
        values = {"lane": lane, "after": after, "position": position}
        return [bytes(hash_) for hash_ in connection.scalars(_HASHES, values)]


def _before(engine: Engine, rows: list[Stored]) -> dict[int, bytes]:
    """By its position, the hash that each was chained to."""
    if not rows:
        return {}
    with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        connection.execute(_AS_FEED)
        found = _at(connection, rows[0][0], [row[1] - 1 for row in rows])
    return {row[1]: found.get(row[1] - 1, BEFORE_THE_FIRST) for row in rows}


def _at(connection: Connection, lane: int, positions: list[int]) -> dict[int, bytes]:
    rows = connection.execute(_HASH_AT, {"lane": lane, "positions": positions})
    return {position: bytes(hash_) for position, hash_ in rows}
