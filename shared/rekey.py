"""Wrapping anew what other master keys wrapped, batch by batch, while everybody goes on."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from shared.masters import Master, Masters
from shared.wrapped import WrongMasterKey, foreign, master_ids, own_of, own_place, record_place, secret_of

BATCH = 500
"""Keys in one transaction: so many are locked at once, for some milliseconds."""

_OTHERS = text("SELECT count(*) FROM record_key WHERE wrapped IS NOT NULL AND master_id <> :now")
_NEXT = text("""
SELECT record_id, wrapped, master_id FROM record_key
 WHERE wrapped IS NOT NULL AND master_id = :master AND record_id > :after
 ORDER BY record_id LIMIT :batch FOR UPDATE
""")
_REWRAP = text("""
UPDATE record_key k SET wrapped = made.wrapped, master_id = :now
  FROM unnest(CAST(:records AS uuid[]), CAST(:wrapped AS bytea[])) AS made (record_id, wrapped)
 WHERE k.record_id = made.record_id
""")
_OWN = text("SELECT purpose, wrapped, master_id FROM own_key ORDER BY purpose FOR UPDATE")
_REWRAP_OWN = text("UPDATE own_key SET wrapped = :wrapped, master_id = :now WHERE purpose = :purpose")


def count(engine: Engine, masters: Masters) -> int:
    """How many records' keys another master key wrapped than the one that wraps now."""
    with engine.connect() as connection:
        return int(connection.execute(_OTHERS, {"now": masters.wrapping().id}).scalar_one())


def rekey(engine: Engine, masters: Masters, progress: Callable[[int], None] = lambda _: None) -> set[str]:
    """Wraps by the master key of now whatever another one wrapped; gives the ids that nothing needs any more.

    Each batch is a transaction: who is killed has lost nothing, and is run again. Raises WrongMasterKey, with
    nothing changed, where something was wrapped by a master key that is not known.
    """
    now, left = masters.wrapping(), set[str]()
    with engine.connect() as connection:
        if (why := foreign(connection, masters)) is not None:
            raise WrongMasterKey(why)
    while others := _others(engine, now):
        left |= others
        _rewrap_own(engine, masters, now)
        for master_id in sorted(others):
            _rewrap_records(engine, masters, now, master_id, progress)
    return left


def _others(engine: Engine, now: Master) -> set[str]:
    with engine.connect() as connection:
        return master_ids(connection) - {now.id}


def _rewrap_own(engine: Engine, masters: Masters, now: Master) -> None:
    with engine.begin() as connection:
        for row in connection.execute(_OWN).all():
            if row.master_id != now.id or row.wrapped is None:
                secret = own_of(masters, row.purpose, row.wrapped, row.master_id)
                wrapped = now.wrap(secret, own_place(row.purpose))
                connection.execute(_REWRAP_OWN, {"purpose": row.purpose, "wrapped": wrapped, "now": now.id})


def _rewrap_records(
    engine: Engine, masters: Masters, now: Master, master_id: str, progress: Callable[[int], None]
) -> None:
    after: UUID | None = UUID(int=0)
    while after is not None:
        with engine.begin() as connection:
            done, after = _rewrap_batch(connection, masters, now, master_id, after)
        progress(done)


def _rewrap_batch(
    connection: Connection, masters: Masters, now: Master, master_id: str, after: UUID
) -> tuple[int, UUID | None]:
    """How many were wrapped anew, and after which record the next batch begins; None at the end."""
    rows = connection.execute(_NEXT, {"master": master_id, "after": after, "batch": BATCH}).all()
    if not rows:
        return 0, None
    wrapped = [now.wrap(secret_of(masters, row), record_place(row.record_id)) for row in rows]
    values = {"records": [row.record_id for row in rows], "wrapped": wrapped, "now": now.id}
    connection.execute(_REWRAP, values)
    return len(rows), rows[-1].record_id
