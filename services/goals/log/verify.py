"""Whether the log is as it was written: each lane read as a stream, its chain computed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from services.goals.log.chain import Row
from services.goals.log.soundness import Fault, Hashed, Head, Lane, Mark
from shared.database import raw
from shared.lanes import LANES

BATCH = 2_000
"""Rows that are fetched at once."""

NO_MARKS: Mapping[int, Sequence[Mark]] = {}

_AS_FEED = text("SET LOCAL ROLE cairn_feed")
_HEAD = text("SELECT position, hash, timestamptz_send(recorded_at) FROM cairn.lane_head WHERE lane = :lane")
_ROWS = (
    f"SELECT hash, {', '.join(Row._fields)} FROM cairn.event"  # noqa: S608  our own columns
    " WHERE lane = %s AND position > %s ORDER BY position"
)
_STREAMS = text(
    "SELECT uuid_send(stream_id), uuid_send(record_id), uuid_send(clinic_id) FROM cairn.stream"
    " WHERE stream_id = ANY(CAST(:streams AS uuid[]))"
)


class LaneVerdict(NamedTuple):
    """What was found in one lane: how many events are sound from where it was begun, and what is wrong."""

    lane: int
    events: int
    fault: Fault | None
    end: Mark
    """Where the lane ends, as a seal would say it that is made now; `seal` is 0."""


def verify(
    engine: Engine,
    progress: Callable[[int], None] = lambda _: None,
    lanes: Iterable[int] = range(LANES),
    marks: Mapping[int, Sequence[Mark]] = NO_MARKS,
    *,
    from_last: bool = False,
) -> Iterator[LaneVerdict]:
    """Judges lane after lane, as the role that may read them all; `progress` hears how many events were read.

    Each is held to the marks that seals have set in it; `from_last` begins at the last of them and takes what
    is before for sound. Each lane is read in a snapshot of its own: writers need not stop.
    """
    snapshots = engine.execution_options(isolation_level="REPEATABLE READ")
    with snapshots.connect() as connection:
        for lane in lanes:
            of_lane = marks.get(lane, ())
            since = of_lane[-1] if from_last and of_lane else None
            so_far = Lane(lane, () if since else of_lane, since)
            with connection.begin():
                connection.execute(_AS_FEED)
                yield _judge(connection, so_far, progress)


def _judge(connection: Connection, so_far: Lane, progress: Callable[[int], None]) -> LaneVerdict:
    began = so_far.position
    found = connection.execute(_HEAD, {"lane": so_far.lane}).one_or_none()
    fault = Fault(so_far.lane, began, "has no head") if found is None else None
    for batch in _batches(connection, so_far.lane, began) if found else ():
        fault = so_far.take(batch)
        progress(len(batch))
        if fault:
            break
    if found is not None:
        fault = fault or so_far.end(Head(*found)) or _misplaced(connection, so_far)
    end = Mark(0, so_far.position, so_far.hash, so_far.tree.root())
    return LaneVerdict(so_far.lane, max(0, so_far.position - began), fault, end)


def _batches(connection: Connection, lane: int, after: int) -> Iterator[list[Hashed]]:
    """As they come, in binary: a lane may be larger than memory, and the server reads on while we compute."""
    with raw(connection) as cursor:
        rows = cursor.stream(_ROWS, (lane, after), size=BATCH)
        while some := [(row[0], row[1:]) for row in islice(rows, BATCH)]:
            yield some


def _misplaced(connection: Connection, lane: Lane) -> Fault | None:
    streams = iter(lane.began)
    found: list[tuple[bytes, bytes, bytes]] = []
    while some := [UUID(bytes=stream) for stream in islice(streams, BATCH)]:
        found += [(row[0], row[1], row[2]) for row in connection.execute(_STREAMS, {"streams": some})]
    return min(lane.misplaced(found), key=lambda fault: fault.position, default=None)
