"""Moving a partition of the log to another tablespace: copied beside while all goes on, then exchanged."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from shared.lanes import LANES

PARTITIONS = 16
BATCH = 20_000
"""Rows of a lane that are copied in one transaction."""
FEW = 1_000
"""So many are left to copy when the partition is exchanged: a few milliseconds under its lock."""
LOCK_TRIES, PAUSE_SECONDS = 60, 5.0
"""How often the exchange asks for its lock, a second each time, and how long others go first in between."""
NOT_NOW = "55P03"
"""PostgreSQL's code for a lock that was not had in time."""

_LEAF = text("""
SELECT leaf.relname AS name, quote_ident(pg_get_userbyid(leaf.relowner)) AS owner,
       pg_get_expr(leaf.relpartbound, leaf.oid) AS bound, pg_get_partition_constraintdef(leaf.oid) AS holds,
       EXISTS (SELECT FROM pg_tablespace WHERE spcname = :tablespace) AS there,
       (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS sees_all,
       to_regclass(format('cairn.%I', leaf.relname || '_before')) IS NOT NULL AS moved_before,
       (SELECT coalesce(spcname, (SELECT spcname FROM pg_database JOIN pg_tablespace home
                                      ON home.oid = dattablespace WHERE datname = current_database()))
          FROM pg_class copy LEFT JOIN pg_tablespace place ON place.oid = copy.reltablespace
         WHERE copy.oid = to_regclass(format('cairn.%I', leaf.relname || '_moving'))) AS begun_to
  FROM pg_inherits known JOIN pg_class leaf ON leaf.oid = known.inhrelid
 WHERE known.inhparent = 'cairn.event'::regclass
   AND pg_get_expr(leaf.relpartbound, leaf.oid) = :bound
""")
_LANES = text(
    "SELECT lane FROM generate_series(0, :last) AS lane"
    " WHERE satisfies_hash_partition('cairn.event'::regclass, :partitions, :number, lane::smallint)"
)
_SHORT = """
SELECT count(*) FROM cairn.lane_head WHERE lane = ANY(%(lanes)s)
   AND position <> (SELECT coalesce(max(position), 0) FROM {copy} copied WHERE copied.lane = lane_head.lane)
"""


class NotMoved(Exception):
    """Nothing was exchanged; what was copied stays, and is gone on with next time."""


@dataclass(frozen=True)
class _Leaf:
    """A partition, and the table that is to take its place; names are quoted."""

    name: str
    owner: str
    bound: str
    holds: str
    """Its constraint. Proven beforehand, the exchange need not read the rows again."""

    @property
    def now(self) -> str:
        return f'cairn."{self.name}"'

    @property
    def copy(self) -> str:
        return f'cairn."{self.name}_moving"'

    @property
    def before(self) -> str:
        return f"{self.name}_before"


def move(engine: Engine, number: int, tablespace: str, progress: Callable[[int], None]) -> str:
    """Moves partition `number` (0 to 15) there, as a superuser, for only they see all rows; gives the name of
    the table that it was, which is left for whoever has verified the log to drop.

    `progress` is told of each batch's rows. Appends and reads go on; they wait for milliseconds while the two
    are exchanged. Killed, it goes on where it was. Raises NotMoved.
    """
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        leaf = _leaf(connection, number, tablespace)
        _make(connection, leaf, tablespace)
        lanes = list(
            connection.scalars(_LANES, {"last": LANES - 1, "partitions": PARTITIONS, "number": number})
        )
        while sum(_copied(connection, leaf, lanes, progress)) > FEW:
            continue
        _exchange(connection, leaf, lanes)
    return f"cairn.{leaf.before}"


def _leaf(connection: Connection, number: int, tablespace: str) -> _Leaf:
    bound = f"FOR VALUES WITH (modulus {PARTITIONS}, remainder {number})"
    found = connection.execute(_LEAF, {"bound": bound, "tablespace": tablespace}).one_or_none()
    if found is None:
        raise NotMoved(f"There is no partition {number}: they are 0 to {PARTITIONS - 1}.")
    if not found.there:
        raise NotMoved("There is no such tablespace: CREATE TABLESPACE makes one.")
    if not found.sees_all:
        raise NotMoved("Row-level security hides rows from this role: it takes a superuser.")
    if found.moved_before:
        raise NotMoved(f"cairn.{found.name}_before is still there from the last move: verify, and drop it.")
    if found.begun_to not in (None, tablespace):
        raise NotMoved(
            f"It is half copied to another tablespace: name that, or drop cairn.{found.name}_moving."
        )
    return _Leaf(found.name, found.owner, found.bound, found.holds)


def _make(connection: Connection, leaf: _Leaf, tablespace: str) -> None:
    """The table beside it, guarded as it is, unless an earlier move has made it."""
    if connection.scalar(text("SELECT to_regclass(:name)"), {"name": leaf.copy}) is not None:
        return
    connection.exec_driver_sql("BEGIN")
    connection.execute(text("SELECT set_config('default_tablespace', :name, true)"), {"name": tablespace})
    for statement in (
        (
            f"CREATE TABLE {leaf.copy} (LIKE {leaf.now} INCLUDING ALL,"
            f" CONSTRAINT of_partition CHECK ({leaf.holds}))"
        ),
        f"ALTER TABLE {leaf.copy} OWNER TO {leaf.owner}",
        f"ALTER TABLE {leaf.copy} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {leaf.copy} FORCE ROW LEVEL SECURITY",
        (
            f"CREATE TRIGGER only_appended BEFORE UPDATE OR DELETE OR TRUNCATE ON {leaf.copy}"
            " FOR EACH STATEMENT EXECUTE FUNCTION cairn.refuse()"
        ),
        "COMMIT",
    ):
        connection.exec_driver_sql(statement)


def _copied(
    connection: Connection, leaf: _Leaf, lanes: list[int], progress: Callable[[int], None] = lambda _: None
) -> Iterator[int]:
    """Copies what each lane has grown by; how many rows. Positions of a lane are committed in their order."""
    for lane in lanes:
        copied = BATCH
        while copied == BATCH:
            copied = connection.exec_driver_sql(
                f"INSERT INTO {leaf.copy} SELECT * FROM {leaf.now} WHERE lane = {lane} AND position >"  # noqa: S608  our own names
                f" (SELECT coalesce(max(position), 0) FROM {leaf.copy} WHERE lane = {lane})"
                f" ORDER BY position LIMIT {BATCH}"
            ).rowcount
            progress(copied)
            yield copied


def _exchange(connection: Connection, leaf: _Leaf, lanes: list[int]) -> None:
    for _ in range(LOCK_TRIES):
        try:
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
            connection.exec_driver_sql("LOCK TABLE cairn.event IN ACCESS EXCLUSIVE MODE")
            sum(_copied(connection, leaf, lanes))
            _must_be_whole(connection, leaf, lanes)
            for statement in (
                f"ALTER TABLE cairn.event DETACH PARTITION {leaf.now}",
                f"ALTER TABLE cairn.event ATTACH PARTITION {leaf.copy} {leaf.bound}",
                f"ALTER TABLE {leaf.copy} DROP CONSTRAINT of_partition",
                f'ALTER TABLE {leaf.now} RENAME TO "{leaf.before}"',
                f'ALTER TABLE {leaf.copy} RENAME TO "{leaf.name}"',
                "COMMIT",
            ):
                connection.exec_driver_sql(statement)
        except OperationalError as error:
            connection.exec_driver_sql("ROLLBACK")
            if getattr(error.orig, "sqlstate", None) != NOT_NOW:
                raise
            time.sleep(PAUSE_SECONDS)
        except (DBAPIError, NotMoved):
            connection.exec_driver_sql("ROLLBACK")
            raise
        else:
            return
    raise NotMoved("Somebody reads the whole log all the time: let that end, and move it again.")


def _must_be_whole(connection: Connection, leaf: _Leaf, lanes: list[int]) -> None:
    """Under the lock: the copy ends where the heads do, whatever this role sees."""
    short = connection.exec_driver_sql(_SHORT.format(copy=leaf.copy), {"lanes": lanes}).scalar_one()
    if short:
        raise NotMoved(
            f"The copy of {short} lanes does not end at their heads: `cairn goals verify` says why."
        )
