"""How far each lane of the feed has been applied, and which follower reads which lanes."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from shared.lanes import LANES

LEASE = timedelta(seconds=12)
"""A follower that has not been heard of for so long leaves its lanes to the others."""

_ADVANCE = text(
    "UPDATE checkpoint SET position = :last, recorded_at = :recorded_at, applied_at = :now"
    " WHERE lane = :lane AND position = :first - 1"
)
_POSITIONS = text("SELECT lane, position FROM checkpoint WHERE lane = ANY(:lanes)")
_RENEW = text(
    "INSERT INTO follower VALUES (:follower, :until)"
    " ON CONFLICT (follower_id) DO UPDATE SET alive_until = excluded.alive_until"
)
_FORGET = text("DELETE FROM follower WHERE alive_until < :now OR follower_id = :gone")
_ALIVE = text("SELECT follower_id FROM follower WHERE alive_until >= :now ORDER BY follower_id")


class LaneMoved(Exception):
    """Another follower has applied these positions of the lane already."""


def advance(
    connection: Connection, lane: int, *, first: int, last: int, recorded_at: datetime, now: datetime
) -> None:
    """Moves the lane from `first - 1` to `last`, in the transaction that applies them. Raises LaneMoved."""
    moved = connection.execute(
        _ADVANCE, {"lane": lane, "first": first, "last": last, "recorded_at": recorded_at, "now": now}
    )
    if moved.rowcount != 1:
        raise LaneMoved(f"lane {lane} is not at {first - 1}")


def positions(engine: Engine, lanes: list[int]) -> dict[int, int]:
    """The last applied position of each of the lanes."""
    with engine.connect() as connection:
        rows = connection.execute(_POSITIONS, {"lanes": lanes})
        return {row.lane: row.position for row in rows}


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
