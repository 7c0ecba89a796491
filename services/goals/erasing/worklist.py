"""Which erasures were granted, and how far each has come: read off the log, and kept beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from services.goals.log.stored import COLUMNS, open_row
from shared.events import ClientErased, ErasureCancelled, ErasureDecided, Recorded
from shared.vault import CACHE_SECONDS

READ_AT_ONCE = 50_000
"""Events of a lane that one round passes over at most; only those of erasures are looked at."""
TAKEN_AT_ONCE = 50
LEASE = timedelta(minutes=1)
"""Whoever has taken an erasure has so long before another does; also the wait after one that failed."""
REMEMBERED = timedelta(seconds=CACHE_SECONDS)
"""How long after its destruction some process may still open something with a key that it remembers."""

TOLD = [kind.TYPE for kind in (ErasureDecided, ErasureCancelled, ClientErased)]

_AS_FEED = text("SET LOCAL ROLE cairn_feed")
_AHEAD = text("""
SELECT seen.lane, seen.position AS after, least(head.position, seen.position + :most) AS upto
  FROM cairn.erasure_seen seen JOIN cairn.lane_head head USING (lane)
 WHERE head.position > seen.position ORDER BY seen.lane FOR UPDATE OF seen SKIP LOCKED
""")
_TOLD = text(f"""
SELECT {COLUMNS}
  FROM unnest(CAST(:lanes AS int2[]), CAST(:after AS int8[]), CAST(:upto AS int8[]))
       AS want (in_lane, after, upto)
       JOIN cairn.event e ON e.lane = want.in_lane AND e.position > want.after AND e.position <= want.upto
 WHERE e.type = ANY(CAST(:types AS text[])) ORDER BY e.lane, e.position
""")  # noqa: S608  our own columns
_SEEN = text("""
UPDATE cairn.erasure_seen seen SET position = reached.upto
  FROM unnest(CAST(:lanes AS int2[]), CAST(:upto AS int8[])) AS reached (lane, upto)
 WHERE seen.lane = reached.lane
""")
_FORGET = text("DELETE FROM cairn.erasure")
_UNSEEN = text("UPDATE cairn.erasure_seen SET position = 0")
_GRANTED = text("""
INSERT INTO cairn.erasure AS known (record_id, clinic_id, erasure_id, granted_at)
VALUES (:record, :clinic, :erasure, :at)
ON CONFLICT (record_id) DO UPDATE SET erasure_id = excluded.erasure_id, granted_at = excluded.granted_at
 WHERE known.erased_at IS NULL
""")
_CANCELLED = text("""
DELETE FROM cairn.erasure WHERE record_id = :record AND erasure_id = :erasure AND erased_at IS NULL
""")
_ERASED = text("""
INSERT INTO cairn.erasure AS known (record_id, clinic_id, erasure_id, granted_at, erased_at)
VALUES (:record, :clinic, :erasure, :at, :at)
ON CONFLICT (record_id) DO UPDATE SET erased_at = excluded.erased_at WHERE known.erased_at IS NULL
""")
_TAKE = text("""
UPDATE cairn.erasure SET try_at = :until WHERE record_id IN (
    SELECT record_id FROM cairn.erasure
     WHERE done_at IS NULL AND try_at <= :now AND (erased_at IS NOT NULL OR granted_at <= :granted_by)
     ORDER BY try_at, granted_at LIMIT :most FOR UPDATE SKIP LOCKED)
RETURNING record_id, clinic_id, erasure_id, erased_at, key_destroyed_at
""")
_DESTROYED = text("""
UPDATE cairn.erasure
   SET erased_at = coalesce(erased_at, :now), key_destroyed_at = coalesce(key_destroyed_at, :now),
       try_at = coalesce(key_destroyed_at, :now) + CAST(:remembered AS interval)
 WHERE record_id = :record
""")
_DONE = text("UPDATE cairn.erasure SET done_at = :now WHERE record_id = :record AND done_at IS NULL")
_OF = text("SELECT erasure_id, erased_at, done_at FROM cairn.erasure_of(:clinic, :record)")
_COUNTS = text("""
SELECT count(*) FILTER (WHERE erased_at IS NULL) AS waiting,
       count(*) FILTER (WHERE erased_at IS NOT NULL) AS erasing,
       min(granted_at) AS oldest
  FROM cairn.erasure WHERE done_at IS NULL
""")


class Taken(NamedTuple):
    """An erasure that is to be carried out, or carried on, now."""

    record_id: UUID
    clinic_id: UUID
    erasure_id: UUID
    erased_at: datetime | None
    key_destroyed_at: datetime | None


class Standing(NamedTuple):
    """How an erasure stands that was begun: erased once `done_at` is there."""

    erasure_id: UUID
    erased_at: datetime | None
    done_at: datetime | None


class Counts(NamedTuple):
    """How many wait to be carried out, and are being carried out; and the oldest grant that is not done."""

    waiting: int
    erasing: int
    oldest: datetime | None


def note(engine: Engine) -> int:
    """Reads on in the log, and keeps what it says of erasures; gives how many events it passed over.

    Lanes that another process is reading are left to it.
    """
    with _over_all(engine) as connection:
        ahead = connection.execute(_AHEAD, {"most": READ_AT_ONCE}).all()
        if not ahead:
            return 0
        lanes, upto = [row.lane for row in ahead], [row.upto for row in ahead]
        named = {"lanes": lanes, "after": [row.after for row in ahead], "upto": upto, "types": TOLD}
        for row in connection.execute(_TOLD, named).all():
            _keep(connection, open_row(row, None).event)
        connection.execute(_SEEN, {"lanes": lanes, "upto": upto})
        return sum(row.upto - row.after for row in ahead)


def begin_anew(engine: Engine) -> None:
    """Forgets what was noted and done: the whole log is read again, and every erased key destroyed again."""
    with _over_all(engine) as connection:
        connection.execute(_FORGET)
        connection.execute(_UNSEEN)


def take(engine: Engine, now: datetime, wait: timedelta) -> list[Taken]:
    """Takes up to 50 erasures, granted `wait` ago or begun, passing over those that others hold."""
    named = {"now": now, "until": now + LEASE, "granted_by": now - wait, "most": TAKEN_AT_ONCE}
    with _over_all(engine) as connection:
        return [Taken(*row) for row in connection.execute(_TAKE, named)]


def destroyed(engine: Engine, record_id: UUID, now: datetime) -> None:
    """The record is erased and its key is destroyed; it is looked at again once nobody remembers that."""
    with _over_all(engine) as connection:
        connection.execute(_DESTROYED, {"record": record_id, "now": now, "remembered": REMEMBERED})


def done(engine: Engine, record_id: UUID, now: datetime) -> None:
    """Nothing of the record can be opened by anybody."""
    with _over_all(engine) as connection:
        connection.execute(_DONE, {"record": record_id, "now": now})


def standing(connection: Connection, clinic_id: UUID, record_id: UUID) -> Standing | None:
    """How far a record of the clinic is erased; None where no erasure of it was noted."""
    row = connection.execute(_OF, {"clinic": clinic_id, "record": record_id}).one_or_none()
    return Standing(*row) if row is not None else None


def counts(engine: Engine) -> Counts:
    """How many there are in each state."""
    with _over_all(engine) as connection:
        return Counts(*connection.execute(_COUNTS).one())


@contextmanager
def _over_all(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees every clinic's."""
    with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        connection.execute(_AS_FEED)
        yield connection


def _keep(connection: Connection, event: Recorded) -> None:
    about = {"record": event.record_id, "clinic": event.clinic_id, "at": event.time}
    match event.data:
        case ErasureDecided(decision="granted") as granted:
            connection.execute(_GRANTED, about | {"erasure": granted.erasure_id})
        case ErasureCancelled() as cancelled:
            connection.execute(_CANCELLED, about | {"erasure": cancelled.erasure_id})
        case ClientErased() as erased:
            connection.execute(_ERASED, about | {"erasure": erased.erasure_id})
        case _:
            pass
