"""The feed: what follows a cursor, lane by lane, opened as far as the subscriber is granted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from services.goals.log.heads import Heads, positions
from services.goals.log.sent import COLUMNS, WITH_GRANTED, Row, cloudevent
from shared.database import ask_raw
from shared.vault import Vault

__all__ = ["AheadOfLog", "Heads", "LogBroken", "page", "shares"]

_AS_FEED = text("SET LOCAL ROLE cairn_feed")
# The limit holds the planner to one walk along each lane's primary key; ordered inside, it need not be again.
_PAGE = (
    "SELECT found.* FROM unnest(%(lanes)s::int2[], %(after)s::int8[], %(share)s::int8[])"  # noqa: S608  our own columns
    " AS want (in_lane, after, share) CROSS JOIN LATERAL ("
    f" SELECT {COLUMNS} FROM cairn.event AS e"
    " WHERE e.lane = want.in_lane AND e.position > want.after AND e.position <= want.after + want.share"
    " ORDER BY e.position LIMIT want.share) AS found"
)


class LogBroken(Exception):
    """A position below a lane's head is missing; nothing is given rather than that something is skipped."""


class AheadOfLog(Exception):
    """Somebody has followed further than the log reaches: it was restored to an earlier time.

    What is appended next takes positions that were followed already; nothing is given rather than skipped.
    """

    def __init__(self, lane: int) -> None:
        super().__init__(f"lane {lane} ends before the cursor")
        self.lane = lane


def page(
    engine: Engine,
    vault: Vault,
    *,
    lanes: Collection[int],
    after: Mapping[int, int],
    limit: int,
    granted: bool,
) -> tuple[list[bytes], dict[int, int]]:
    """At most `limit` CloudEvents of the lanes after their positions, in JSON, and the positions reached.

    By lane and position, none left out; each lane that is behind gets its fair share of the page. `granted`
    unseals what the reminder service may see; what was erased is None. Raises LogBroken, AheadOfLog.
    """
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        heads = positions(connection)
    for lane in lanes:
        if after.get(lane, 0) > heads[lane]:
            raise AheadOfLog(lane)
    behind = {lane: ahead for lane in lanes if (ahead := heads[lane] - after.get(lane, 0)) > 0}
    share = shares(behind, limit)
    if not share:
        return [], dict(after)
    with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        connection.execute(_AS_FEED)
        rows = _rows(connection, share, after, WITH_GRANTED if granted else [])
    opened = {row.record_id: UUID(row.record_id.decode()) for row in rows if row.sealed is not None}
    known = vault.keys(opened.values())
    keys = {record: known.get(record_id) for record, record_id in opened.items()}
    items = [cloudevent(row, granted, keys.get(row.record_id)) for row in rows]
    return items, {**after, **{lane: after.get(lane, 0) + count for lane, count in share.items()}}


def shares(behind: Mapping[int, int], limit: int) -> dict[int, int]:
    """How many events each lane gets of a page: equal parts, and what one does not need is the others'.

    Where there are more lanes than places, those furthest behind go first.
    """
    given: dict[int, int] = {}
    waiting = sorted(behind, key=lambda lane: (behind[lane], lane))
    waiting = waiting[max(0, len(waiting) - limit) :]
    for n, lane in enumerate(waiting):
        given[lane] = min(behind[lane], limit // (len(waiting) - n))
        limit -= given[lane]
    return {lane: given[lane] for lane in sorted(given) if given[lane]}


def _rows(
    connection: Connection, share: Mapping[int, int], after: Mapping[int, int], opened: list[str]
) -> list[Row]:
    values = {
        "lanes": list(share),
        "after": [after.get(lane, 0) for lane in share],
        "share": list(share.values()),
        "opened": opened,
    }
    rows = list(map(Row._make, ask_raw(connection, _PAGE, values).fetchall()))
    expected = [
        (lane, position)
        for lane, count in share.items()
        for position in range(after.get(lane, 0) + 1, after.get(lane, 0) + count + 1)
    ]
    if [(row.lane, row.position) for row in rows] != expected:
        raise LogBroken("a position is missing below its lane's head: run cairn goals verify")
    return rows
