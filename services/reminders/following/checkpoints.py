"""How far each lane of the feed has been applied, and which follower reads which lanes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from shared.lanes import LANES

LEASE = timedelta(seconds=12)
"""A follower that has not been heard of for so long leaves its lanes to the others."""

# Their rows are locked in the order of their lanes, so that of two followers at the same ones one goes on.
_ADVANCE = text("""
UPDATE checkpoint c SET position = step.last, recorded_at = step.recorded_at, applied_at = :now
  FROM unnest(CAST(:lanes AS int2[]), CAST(:firsts AS int8[]), CAST(:lasts AS int8[]),
              CAST(:recorded AS timestamptz[])) AS step (lane, first, last, recorded_at)
 WHERE c.lane = step.lane AND c.position = step.first - 1
   AND c.lane IN (SELECT lane FROM checkpoint WHERE lane = ANY(CAST(:lanes AS int2[]))
                   ORDER BY lane FOR UPDATE)
""")
_POSITIONS = text("SELECT lane, position FROM checkpoint WHERE lane = ANY(:lanes)")
_REACHED = text("SELECT lane, position FROM checkpoint")
_SLOWEST = text("""
SELECT coalesce(max(extract(epoch FROM applied_at - recorded_at)), 0)::float FROM checkpoint
 WHERE applied_at > :now - interval '5 minutes'
""")
_RENEW = text(
    "INSERT INTO follower VALUES (:follower, :until)"
    " ON CONFLICT (follower_id) DO UPDATE SET alive_until = excluded.alive_until"
)
_FORGET = text("DELETE FROM follower WHERE alive_until < :now OR follower_id = :gone")
_ALIVE = text("SELECT follower_id FROM follower WHERE alive_until >= :now ORDER BY follower_id")


class LaneMoved(Exception):
    """Another follower has applied these positions of a lane already."""


class Step(NamedTuple):
    """A lane from `first - 1` to `last`; `recorded_at` is when the last event was recorded."""

    lane: int
    first: int
    last: int
    recorded_at: datetime

    @property
    def events(self) -> int:
        """How many events that is."""
        return self.last - self.first + 1


def advance(connection: Connection, steps: Sequence[Step], now: datetime) -> None:
    """Moves lanes on, all of them, in the transaction that applies them. Raises LaneMoved for one that is not
    where its step begins.
    """
    moved = connection.execute(
        _ADVANCE,
        {
            "lanes": [step.lane for step in steps],
            "firsts": [step.first for step in steps],
            "lasts": [step.last for step in steps],
            "recorded": [step.recorded_at for step in steps],
            "now": now,
        },
    )
    if moved.rowcount != len(steps):
        raise LaneMoved(f"of {len(steps)} lanes {len(steps) - moved.rowcount} are elsewhere")


def positions(engine: Engine, lanes: list[int]) -> dict[int, int]:
    """The last applied position of each of the lanes."""
    with engine.connect() as connection:
        rows = connection.execute(_POSITIONS, {"lanes": lanes})
        return {row.lane: row.position for row in rows}


def reached(connection: Connection) -> dict[int, int]:
    """The last applied position of every lane."""
    return {row.lane: row.position for row in connection.execute(_REACHED)}


def slowest(connection: Connection, now: datetime) -> float:
    """Seconds from recorded to applied, of the slowest lane that was applied in the last five minutes."""
    return float(connection.execute(_SLOWEST, {"now": now}).scalar_one())


def alive(connection: Connection, now: datetime) -> int:
    """How many followers share the lanes."""
    return len(connection.execute(_ALIVE, {"now": now}).all())


def take_lanes(engine: Engine, follower: UUID, now: datetime) -> list[int]:
    """Renews the follower's lease and gives it its share of the lanes.

    Two followers may believe in the same lane for a while: the fence of `advance` keeps that harmless.
    """
    with engine.begin() as connection:
        connection.execute(_RENEW, {"follower": follower, "until": now + LEASE})
        connection.execute(_FORGET, {"now": now, "gone": None})
        alive = list(connection.execute(_ALIVE, {"now": now}).scalars())
    rank = alive.index(follower)
    return [lane for lane in range(LANES) if lane % len(alive) == rank]


def leave(engine: Engine, follower: UUID, now: datetime) -> None:
    """Gives the lanes back at once."""
    with engine.begin() as connection:
        connection.execute(_FORGET, {"now": now, "gone": follower})
