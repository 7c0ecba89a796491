"""What the database alone does for an append, without Python: scripts for pgbench."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from sqlalchemy import text

from bench.cluster import Cluster
from bench.designs.bare import COLUMNS, ready_row
from bench.designs.win import CLINIC
from infra.local.trouble import LocalError
from shared.database import engine

RECORDS = 8
"""Clients of each connection, written to in turn; a script writes to each once."""
_LANE_OF_RECORD = "get_byte(sha256(uuid_send(a_record)), 0)"


def prepare(cluster: Cluster) -> None:
    """bench.append: our function with one change, that every record lies in the same lane."""
    admin = engine(cluster.admin, pool_size=1, autocommit=True)
    with admin.connect() as connection:
        find = text("SELECT pg_get_functiondef('cairn.append'::regproc)")
        ours = str(connection.scalar(find))
        if _LANE_OF_RECORD not in ours:
            raise LocalError("cairn.append derives its lane in another way than this benchmark knows.")
        theirs = ours.replace(_LANE_OF_RECORD, "0").replace("cairn.append", "bench.append", 1)
        connection.exec_driver_sql(theirs.replace("%", "%%"))
        for statement in (
            "GRANT USAGE, CREATE ON SCHEMA bench TO cairn_log_definer",
            "ALTER FUNCTION bench.append OWNER TO cairn_log_definer",
            "GRANT USAGE ON SCHEMA bench TO cairn_goals",
            "GRANT EXECUTE ON FUNCTION bench.append TO cairn_goals",
        ):
            connection.execute(text(statement))
    admin.dispose()


def bare() -> str:
    """The bare INSERT, once for each record."""
    position = "(:turn::int8 * 1000000 + :client_id) * 1000000 + :at"
    values = (
        f"get_byte(sha256(uuid_send(r)), 0), {position}, {_CLINIC}, r, :at, r, :at, gen_random_uuid(),"
        f" {_TYPE}, 1, now(), now(), {_BODY}, {_SEALED}, {_KEY}, {_META}, {_HASH}"
    )

    def one(record: str, _number: int) -> str:
        into = f"INSERT INTO bench.event ({COLUMNS}) SELECT {values} FROM (SELECT {record} AS r) AS one"  # noqa: S608  our own columns
        return f"\\set at :at + 1\n{into};\n"

    return _script(one)


def append(schema: str = "cairn") -> str:
    """Our append to each record once, decided on the version that the last one came to."""

    def one(record: str, number: int) -> str:
        version = f":v{number}"
        given = (
            f"{_CLINIC}, {record}, {version}, {record}, 'client', {version}::int8 + 1, gen_random_uuid(),"
            f" {_TYPE}, 1, now(), {_BODY}, {_SEALED}, {_KEY}, {_META}"
        )
        return f"SELECT {version}::int8 + 1 AS v{number}, {schema}.append({given}) AS at_{number} \\gset\n"

    return _script(one)


VARIABLES = {"at": 0} | {f"v{n}": 0 for n in range(RECORDS)}
"""What the scripts count in; `turn` is set for each run, so that it has records of its own."""


def _script(one: Callable[[str, int], str]) -> str:
    record = "md5(:turn || ' ' || :client_id || ' {}')::uuid"
    return "".join(one(record.format(n), n) for n in range(RECORDS))


def _bytes(value: object) -> str:
    return f"'\\x{value.hex()}'::bytea" if isinstance(value, bytes) else "NULL"


_ROW = ready_row()()
_CLINIC = f"'{CLINIC}'::uuid"
_KEY = f"'{uuid4()}'::uuid"
_TYPE = f"'{_ROW['type']}'"
_BODY, _SEALED, _META, _HASH = (_bytes(_ROW[name]) for name in ("body", "sealed", "meta", "hash"))
