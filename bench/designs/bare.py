"""The least that stores the same row: one INSERT, with no lock, no check, no chain, no security."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

from sqlalchemy import text

from bench.cluster import Cluster
from bench.designs.win import BY_CLIENT, CLINIC, win
from services.goals.log.stored import Meta, NewEvent, parts_of
from shared.database import ask, engine
from shared.lanes import lane_of
from shared.sealing import Key

COLUMNS = (
    "lane, position, clinic_id, record_id, record_version, stream_id, version, event_id, type, schema,"
    " occurred_at, recorded_at, body, sealed, key_id, meta, hash"
)
INSERT = (
    f"INSERT INTO bench.event ({COLUMNS}) VALUES"  # noqa: S608  our own columns
    " (%(lane)s, %(position)s, %(clinic)s, %(record)s, %(version)s, %(record)s, %(version)s, %(event)s,"
    " %(type)s, 1, %(time)s, now(), %(body)s, %(sealed)s, %(key)s, %(meta)s, %(hash)s)"
)
_MAKE = (
    "CREATE SCHEMA bench",
    "CREATE TABLE bench.event (LIKE cairn.event INCLUDING ALL) PARTITION BY HASH (lane)",
    *(
        f"CREATE TABLE bench.event_{part} PARTITION OF bench.event"
        f" FOR VALUES WITH (MODULUS 16, REMAINDER {part})"
        for part in range(16)
    ),
)


def prepare(cluster: Cluster) -> None:
    """The table: partitions and indexes as the log has them, and nothing else of it."""
    admin = engine(cluster.admin, pool_size=1, autocommit=True)
    with admin.connect() as connection:
        for statement in _MAKE:
            connection.execute(text(statement))
    admin.dispose()


def insert(cluster: Cluster) -> Callable[[], None]:
    """Inserts a row a call; its bytes were made and sealed beforehand."""
    connection = engine(cluster.admin, pool_size=1, autocommit=True).connect()
    row = ready_row()

    def once() -> None:
        ask(connection, INSERT, row())

    return once


def ready_row() -> Callable[[], dict[str, object]]:
    """Gives the values of one more row, with ids of its own."""
    record = uuid4()
    key = Key(uuid4(), os.urandom(32))
    new = NewEvent(
        stream_id=record,
        stream_kind="client",
        version=1,
        event_id=uuid4(),
        time=datetime.now(UTC),
        data=win(),
    )
    parts = parts_of(CLINIC, new, Meta(BY_CLIENT, "a-benchmark"), key)
    positions = count(int.from_bytes(os.urandom(5), "big") << 20)
    values = {
        "clinic": CLINIC,
        "type": new.data.TYPE,
        "body": parts.body,
        "sealed": parts.sealed,
        "key": key.key_id,
        "meta": parts.meta,
        "hash": os.urandom(32),
    }
    records = [(record, lane_of(record)) for record in (uuid4() for _ in range(8))]

    def row() -> dict[str, object]:
        position = next(positions)
        record, lane = records[position % len(records)]
        return values | {
            "lane": lane,
            "position": position,
            "record": record,
            "version": position,
            "event": uuid4(),
            "time": datetime.now(UTC),
        }

    return row
