"""The feed: what follows a cursor, lane by lane, opened as far as the subscriber is granted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from services.goals.log.heads import Heads, positions
from services.goals.log.stored import COLUMNS, open_row
from shared.events import EVENTS
from shared.personal import GRANTED_FIELDS
from shared.vault import Vault
from shared.wire import to_cloudevent

__all__ = ["AheadOfLog", "Heads", "LogBroken", "page", "shares"]

WITH_GRANTED = frozenset(TYPE for TYPE, event in EVENTS.items() if GRANTED_FIELDS[event])
"""The types of which a granted subscriber gets something unsealed."""

_AS_FEED = text("SET LOCAL ROLE cairn_feed")
# The limit holds the planner to one walk along each lane's primary key.
_PAGE = text(
    f"SELECT {COLUMNS}"  # noqa: S608  our own columns
    " FROM unnest(CAST(:lanes AS int2[]), CAST(:after AS int8[]), CAST(:share AS int8[]))"
    " AS want (in_lane, after, share) CROSS JOIN LATERAL ("
    f" SELECT {COLUMNS} FROM cairn.event AS e"
    " WHERE e.lane = want.in_lane AND e.position > want.after AND e.position <= want.after + want.share"
    " ORDER BY e.position LIMIT want.share) AS found ORDER BY lane, position"
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
) -> tuple[list[dict[str, Any]], dict[int, int]]:
    """At most `limit` CloudEvents of the lanes after their positions, and the positions then reached.

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
        rows = _rows(connection, share, after)
    of_record = [row.record_id if granted and row.type in WITH_GRANTED else None for row in rows]
    keys = vault.keys(record_id for record_id in of_record if record_id is not None)
    items = []
    for row, record_id in zip(rows, of_record, strict=True):
        event, clear, sealed = open_row(row, keys.get(record_id) if record_id is not None else None)
        items.append(to_cloudevent(event, clear, sealed, granted=granted))
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


def _rows(connection: Connection, share: Mapping[int, int], after: Mapping[int, int]) -> list[Row[Any]]:
    values = {
        "lanes": list(share),
        "after": [after.get(lane, 0) for lane in share],
        "share": list(share.values()),
    }
    rows = list(connection.execute(_PAGE, values).all())
    expected = [
        (lane, position)
        for lane, count in share.items()
        for position in range(after.get(lane, 0) + 1, after.get(lane, 0) + count + 1)
    ]
    if [(row.lane, row.position) for row in rows] != expected:
        raise LogBroken("a position is missing below its lane's head: run cairn goals verify")
    return rows
