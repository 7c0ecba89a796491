"""What each role that the services use may do to each table, tried for real: all else is refused."""

# ruff: noqa: S608  (the tables are ours)
from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from infra.local.databases import plain
from tests.conftest import PASSWORDS, Databases

KINDS = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
IU, IUD, ID = ("INSERT", "UPDATE"), ("INSERT", "UPDATE", "DELETE"), ("INSERT", "DELETE")
IDT = ("INSERT", "DELETE", "TRUNCATE")
MAY: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("goals", "cairn_goals"): {
        "cairn.current": IUD,
        "cairn.address": ID,
        "cairn.web_reason": ("DELETE",),
        "cairn.rebuilt_record": IDT,
        "cairn.rebuilt_current": IDT,
        "cairn.rebuilt_address": IDT,
    },
    ("goals", "cairn_feed"): {"cairn.erasure": IUD, "cairn.erasure_seen": ("UPDATE",)},
    ("vault", "cairn_vault"): {"record_key": IU, "own_key": IU},
    ("reminders_vault", "cairn_reminders_vault"): {"record_key": IU, "own_key": IU},
    ("reminders", "cairn_reminders"): {
        "clinic": IU,
        "person": IU,
        "occasion": IU,
        "message": IU,
        "message_occasion": IU,
        "parked_record": IUD,
        "reminder": IUD,
        "follower": IUD,
        "checkpoint": ("UPDATE",),
        "parked_event": ID,
        "outbox": ("INSERT",),
        "callback": ("INSERT",),
        "opt_out": IU,
        "outgoing": IU,
        "inbound": IU,
        "direct": IU,
        "flag": IU,
        "contact": IUD,
        "quiet": IUD,
        "question": IUD,
        "erased_client": IU,
        "dead_address": ID,
        "prompt": IUD,
        "digest": IU,
        "hold": ("UPDATE",),
        "message_trace": ("INSERT",),
    },
    ("reminders", "cairn_reminders_door"): {},
}
"""Whatever a role is not listed for, it may not do. UPDATE may be of some columns alone."""
LOGINS = {"cairn_feed": "cairn_goals", "cairn_reminders_door": "cairn_reminders"}
"""Who takes the roles that nobody logs in as."""
ELSEWHERE = ("cairn_goals_owner", "cairn_vault_owner", "cairn_reminders_owner", "cairn_reminders_vault_owner")
OTHER_WAYS = [
    "CREATE TABLE public.mine (n int)",
    "CREATE TEMPORARY TABLE mine (n int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE EXTENSION dblink",
    "CREATE ROLE mine SUPERUSER",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "SET session_replication_role = replica",
    "SET ROLE postgres",
    "SET ROLE cairn_log_definer",
    *(f"SET ROLE {owner}" for owner in ELSEWHERE),
    *(f"SET SESSION AUTHORIZATION {owner}" for owner in ELSEWHERE),
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('PG_VERSION')",
    "UPDATE alembic_version SET version_num = 'mine'",
    "DROP SCHEMA public CASCADE",
]
REFUSED = (errors.InsufficientPrivilege, errors.RestrictViolation)

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(params=MAY, ids="-".join)
def taken(request: pytest.FixtureRequest, databases: Databases) -> Iterator[tuple[Connection, str]]:
    """A connection to a database as one of its roles, and which one it is."""
    database, role = request.param
    with psycopg.connect(plain(getattr(databases, database)), autocommit=True) as connection:
        if role in LOGINS:
            connection.execute(f"SET ROLE {role}")
        yield connection, role


def tables_of(connection: Connection) -> list[str]:
    rows = connection.execute(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname IN ('public', 'cairn') AND c.relkind IN ('r', 'p') ORDER BY 1"
    )
    return [str(row[0]) for row in rows]


def columns_of(connection: Connection, table: str) -> list[str]:
    rows = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attidentity = ''",
        [table],
    )
    return [str(row[0]) for row in rows]


def is_refused(connection: Connection, statement: str) -> bool:
    """Whether it is refused, and for want of the right alone: any other error fails the test."""
    try:
        connection.execute(statement)
    except REFUSED:
        return True
    return False


def attempts(connection: Connection, table: str, kind: str) -> list[str]:
    """All the ways in which a table could be changed so."""
    match kind:
        case "INSERT":
            columns = columns_of(connection, table)
            names = ", ".join(f'"{column}"' for column in columns)
            nothing = ", ".join("NULL" for _ in columns)
            return [f"INSERT INTO {table} ({names}) SELECT {nothing} WHERE false"]
        case "UPDATE":
            return [f'UPDATE {table} SET "{c}" = NULL WHERE false' for c in columns_of(connection, table)]
        case "DELETE":
            return [f"DELETE FROM {table} WHERE false"]
        case _:
            return [f"TRUNCATE {table}", f"TRUNCATE {table} CASCADE"]


def test_each_role_changes_what_it_must_and_nothing_else(
    taken: tuple[Connection, str], request: pytest.FixtureRequest
) -> None:
    connection, _ = taken
    may = MAY[request.node.callspec.params["taken"]]
    found = {
        table: tuple(
            kind
            for kind in KINDS
            if not all(is_refused(connection, one) for one in attempts(connection, table, kind))
        )
        for table in tables_of(connection)
    }
    assert {table: kinds for table, kinds in found.items() if kinds} == may


def test_no_role_unguards_a_table(taken: tuple[Connection, str]) -> None:
    connection, _ = taken
    triggers = connection.execute(
        "SELECT t.tgname, t.tgrelid::regclass::text FROM pg_trigger t WHERE NOT t.tgisinternal"
    ).fetchall()
    for name, table in triggers:
        assert is_refused(connection, f"DROP TRIGGER {name} ON {table}")
    for table in tables_of(connection):
        for statement in (
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            f"CREATE POLICY mine ON {table} USING (true)",
            f"CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION tsvector_update_trigger()",
            f"ALTER TABLE {table} OWNER TO CURRENT_USER",
            f"DROP TABLE {table} CASCADE",
        ):
            assert is_refused(connection, statement), statement


def test_no_role_becomes_another_or_leaves_its_database(taken: tuple[Connection, str]) -> None:
    connection, role = taken
    for statement in OTHER_WAYS:
        assert is_refused(connection, statement), statement
    assert connection.execute("SELECT current_user").fetchone() == (role,)


@pytest.mark.parametrize("login", ["goals", "vault", "reminders", "reminders_vault"])
def test_each_service_connects_to_its_own_databases_alone(databases: Databases, login: str) -> None:
    role = f"cairn_{login}"
    for database in ("goals", "vault", "reminders", "reminders_vault"):
        url = plain(getattr(databases, database))
        if database == login:
            psycopg.connect(url, user=role, password=PASSWORDS[role]).close()
        else:
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(url, user=role, password=PASSWORDS[role])
