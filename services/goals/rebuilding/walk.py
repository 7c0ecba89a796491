"""Reading the log record by record, and what is kept of each record in the same snapshot."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from services.goals.log.heads import positions
from services.goals.log.stored import COLUMNS
from shared.lanes import LANES

BATCH = 2_000
"""Events that are fetched at once; a record that is longer comes whole."""

_AS_FEED = text("SET LOCAL ROLE cairn_feed")
_HEAD = text("SELECT position FROM cairn.lane_head WHERE lane = :lane")
_LANE = f"SELECT {COLUMNS} FROM cairn.event WHERE lane = %s ORDER BY record_id, record_version"  # noqa: S608  our own columns
_MOVED = (
    f"SELECT {COLUMNS} FROM cairn.event WHERE lane = %s AND record_id IN"  # noqa: S608  our own columns
    " (SELECT record_id FROM cairn.event WHERE lane = %s AND position > %s)"
    " ORDER BY record_id, record_version"
)
_STATES = text(
    "SELECT stream_id, record_id, clinic_id, kind, version, record_version, state FROM cairn.current"
    " WHERE record_id = ANY(CAST(:records AS uuid[]))"
)
_ADDRESSES = text(
    "SELECT clinic_id, channel, digest, record_id FROM cairn.address"
    " WHERE record_id = ANY(CAST(:records AS uuid[]))"
)
_STRAYS = text("""
SELECT clinic_id, record_id, stream_id FROM cairn.current kept WHERE NOT EXISTS (
    SELECT FROM cairn.stream s WHERE s.stream_id = kept.record_id AND s.clinic_id = kept.clinic_id)
UNION ALL
SELECT clinic_id, record_id, record_id FROM cairn.address kept WHERE NOT EXISTS (
    SELECT FROM cairn.stream s WHERE s.stream_id = kept.record_id AND s.clinic_id = kept.clinic_id)
ORDER BY stream_id
""")


class Found(NamedTuple):
    """A record: its events as they are stored, by their versions, and what is kept of it beside the log."""

    clinic_id: UUID
    record_id: UUID
    rows: list[Sequence[Any]]
    states: list[Any]
    addresses: list[Any]


Batches = Generator[list[Found], None, None]
"""Records, some at a time, in a snapshot that ends with it: to be closed by whoever breaks off."""


class Stray(NamedTuple):
    """Something is kept in a clinic of a record that the log does not have there."""

    clinic_id: UUID
    record_id: UUID
    stream_id: UUID


class Walk:
    """One way through the log, lane after lane, and then after what is written meanwhile.

    Writers need not stop: positions have no gaps, so that what follows the last one read is what was missed.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="REPEATABLE READ")
        self._reached = dict.fromkeys(range(LANES), 0)

    def lanes(self) -> list[int]:
        """The lanes in which there is something."""
        with self._snapshot() as connection:
            return [lane for lane, head in enumerate(positions(connection)) if head]

    def lane(self, lane: int) -> Batches:
        """All records of a lane, some at a time."""
        with self._snapshot() as connection:
            head = connection.execute(_HEAD, {"lane": lane}).scalar_one()
            yield from _records(connection, _LANE, (lane,))
            self._reached[lane] = head

    def moved(self) -> Batches:
        """The records, whole, to which something was appended since they were read."""
        with self._snapshot() as connection:
            heads = positions(connection)
            for lane, head in enumerate(heads):
                if head > self._reached[lane]:
                    yield from _records(connection, _MOVED, (lane, lane, self._reached[lane]))
            self._reached = dict(enumerate(heads))

    def strays(self) -> list[Stray]:
        """What is kept of records that are not there."""
        with self._snapshot() as connection:
            return [Stray(*row) for row in connection.execute(_STRAYS)]

    def behind(self) -> int:
        """How many events were appended since."""
        with self._snapshot() as connection:
            return sum(positions(connection)) - sum(self._reached.values())

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        """One moment, over all clinics, and nothing can be written in it."""
        with self._engine.connect() as connection, connection.begin():
            connection.execute(_AS_FEED)
            yield connection


def _records(connection: Connection, statement: str, values: tuple[int, ...]) -> Iterator[list[Found]]:
    """From a server-side cursor, in binary: a lane may be larger than memory."""
    record = COLUMNS.replace(" ", "").split(",").index("record_id")
    driver: Any = connection.connection.driver_connection
    with driver.cursor(name="records", binary=True) as cursor:
        cursor.execute(statement, values)
        waiting: dict[UUID, list[Sequence[Any]]] = {}
        while rows := cursor.fetchmany(BATCH):
            for row in rows:
                waiting.setdefault(row[record], []).append(row)
            last = rows[-1][record]
            unfinished = {last: waiting.pop(last)}
            if waiting:
                yield _with_kept(connection, waiting)
            waiting = unfinished
        if waiting:
            yield _with_kept(connection, waiting)


def _with_kept(connection: Connection, records: dict[UUID, list[Sequence[Any]]]) -> list[Found]:
    named = {"records": list(records)}
    states: dict[UUID, list[Any]] = {}
    addresses: dict[UUID, list[Any]] = {}
    for row in connection.execute(_STATES, named):
        states.setdefault(row.record_id, []).append(row)
    for row in connection.execute(_ADDRESSES, named):
        addresses.setdefault(row.record_id, []).append(row)
    clinic = COLUMNS.replace(" ", "").split(",").index("clinic_id")
    return [
        Found(rows[0][clinic], record_id, rows, states.get(record_id, []), addresses.get(record_id, []))
        for record_id, rows in records.items()
    ]
