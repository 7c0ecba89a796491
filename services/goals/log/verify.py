"""Whether the log is as it was written: each lane read as a stream, its chain computed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from services.goals.log.chain import COLUMNS
from services.goals.log.soundness import Fault, Hashed, Head, Lane
from shared.lanes import LANES

BATCH = 2_000
"""Rows that are fetched at once."""

_AS_FEED = text("SET LOCAL ROLE cairn_feed")
_HEAD = text("SELECT position, hash, timestamptz_send(recorded_at) FROM cairn.lane_head WHERE lane = :lane")
_ROWS = f"SELECT hash, {COLUMNS} FROM cairn.event WHERE lane = %s ORDER BY position"  # noqa: S608  our own columns
_STREAMS = text(
    "SELECT uuid_send(stream_id), uuid_send(record_id), uuid_send(clinic_id) FROM cairn.stream"
    " WHERE stream_id = ANY(CAST(:streams AS uuid[]))"
)


class LaneVerdict(NamedTuple):
    """What was found in one lane: how many events are sound from its start, and what is wrong."""

    lane: int
    events: int
    fault: Fault | None


def verify(
    engine: Engine, progress: Callable[[int], None] = lambda _: None, lanes: Iterable[int] = range(LANES)
) -> Iterator[LaneVerdict]:
    """Judges lane after lane, as the role that may read them all; `progress` hears how many events were read.

    Each lane is read in a snapshot of its own: writers need not stop.
    """
    snapshots = engine.execution_options(isolation_level="REPEATABLE READ")
    with snapshots.connect() as connection:
        for lane in lanes:
            with connection.begin():
                connection.execute(_AS_FEED)
                yield _judge(connection, lane, progress)


def _judge(connection: Connection, lane: int, progress: Callable[[int], None]) -> LaneVerdict:
    found = connection.execute(_HEAD, {"lane": lane}).one_or_none()
    if found is None:
        return LaneVerdict(lane, 0, Fault(lane, 0, "has no head"))
    so_far = Lane(lane)
    fault = None
    for batch in _batches(connection, lane):
        fault = so_far.take(batch)
        progress(len(batch))
        if fault:
            break
    fault = fault or so_far.end(Head(*found)) or _misplaced(connection, so_far)
    return LaneVerdict(lane, so_far.position, fault)


def _batches(connection: Connection, lane: int) -> Iterator[list[Hashed]]:
    """From a server-side cursor, in binary: a lane may be larger than memory."""
    driver: Any = connection.connection.driver_connection
    with driver.cursor(name="lane", binary=True) as cursor:
        cursor.execute(_ROWS, (lane,))
        while rows := cursor.fetchmany(BATCH):
            yield [(row[0], row[1:]) for row in rows]


def _misplaced(connection: Connection, lane: Lane) -> Fault | None:
    streams = iter(lane.began)
    found: list[tuple[bytes, bytes, bytes]] = []
    while some := [UUID(bytes=stream) for stream in islice(streams, BATCH)]:
        found += [(row[0], row[1], row[2]) for row in connection.execute(_STREAMS, {"streams": some})]
    return min(lane.misplaced(found), key=lambda fault: fault.position, default=None)
