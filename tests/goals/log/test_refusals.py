"""Every way around the append is shut: to the service's role, and to whoever names a partition."""

# ruff: noqa: S608  (the tables are ours)
from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from shared.database import engine
from tests import controls as c
from tests.conftest import Databases
from tests.goals.log.writing import Log

PARTITIONS = [f"cairn.event_{n:02}" for n in range(16)]
KEPT = ["cairn.event", *PARTITIONS, "cairn.stream", "cairn.access"]

TRIED = ("cairn.event", "cairn.event_00", "cairn.event_15", "cairn.stream", "cairn.access", "cairn.staff")


def changes_of(table: str) -> list[str]:
    """Every statement that would change a table of the log, or unguard it."""
    return [
        f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {table}",
        f"UPDATE {table} SET clinic_id = clinic_id",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"TRUNCATE {table} CASCADE",
        f"MERGE INTO {table} AS t USING (SELECT 1) AS s ON true WHEN MATCHED THEN DELETE",
        f"COPY {table} FROM STDIN",
        f"DROP TRIGGER only_appended ON {table}",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY mine ON {table} USING (true)",
        f"CREATE RULE never AS ON INSERT TO {table} DO INSTEAD NOTHING",
        f"DROP TABLE {table}",
        f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    ]


OTHER_WAYS = [
    "UPDATE cairn.lane_head SET position = 0",
    "SELECT * FROM cairn.lane_head FOR UPDATE",
    "INSERT INTO cairn.lane_head VALUES (0, 0, '', now())",
    "DELETE FROM cairn.lane_head",
    "TRUNCATE cairn.lane_head",
    "ALTER TABLE cairn.event DETACH PARTITION cairn.event_00",
    "CREATE TABLE cairn.mine (n int)",
    "CREATE TABLE public.mine (n int)",
    "CREATE FUNCTION cairn.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION cairn.clinic() RETURNS uuid LANGUAGE sql AS 'SELECT null::uuid'",
    "ALTER FUNCTION cairn.append SET search_path = public",
    "ALTER FUNCTION cairn.append OWNER TO cairn_goals",
    "DROP FUNCTION cairn.append",
    "DROP FUNCTION cairn.refuse CASCADE",
    "SELECT * FROM cairn.staff",
    "ALTER FUNCTION cairn.note_access SECURITY INVOKER",
    "SELECT setval(pg_get_serial_sequence('cairn.access', 'entry'), 1)",
    "CREATE OR REPLACE FUNCTION cairn.still_at(uuid, uuid, text) RETURNS uuid LANGUAGE sql AS 'SELECT $1'",
    "DROP SCHEMA cairn CASCADE",
    "ALTER SCHEMA cairn OWNER TO cairn_goals",
    "SET ROLE cairn_goals_owner",
    "SET ROLE cairn_log_definer",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION cairn_goals_owner",
    "SET session_replication_role = replica",
    "SET row_security = off; SELECT * FROM cairn.event",
    "GRANT cairn_log_definer TO cairn_goals",
    "ALTER ROLE cairn_goals BYPASSRLS",
    "UPDATE alembic_version SET version_num = 'mine'",
]


def refused(log: Log, statement: str, role: str | None = None) -> None:
    with log.engine.execution_options(isolation_level="READ COMMITTED").connect() as connection:
        connection.execute(
            text("SELECT set_config('cairn.clinic', :clinic, true)"), {"clinic": str(c.CLINIC)}
        )
        if role:
            connection.execute(text(f"SET LOCAL ROLE {role}"))
        with pytest.raises(DBAPIError) as error:
            connection.exec_driver_sql(statement)
        state = getattr(error.value.orig, "sqlstate", None)
        assert state in {"42501", "25006"}, f"{statement}: {error.value.orig}"  # privilege, and nothing else


@pytest.mark.parametrize("role", [None, "cairn_feed"])
def test_the_services_roles_change_nothing_in_the_log(log: Log, role: str | None) -> None:
    log.begin()
    before = log.all("SELECT * FROM cairn.event") + log.all("SELECT * FROM cairn.lane_head")
    for table in TRIED:
        for statement in changes_of(table):
            refused(log, statement, role)
    for statement in OTHER_WAYS:
        if role is None or not statement.startswith(("SET ROLE", "SET row_security")):
            refused(log, statement, role)
    assert log.all("SELECT * FROM cairn.event") + log.all("SELECT * FROM cairn.lane_head") == before


@pytest.mark.parametrize("table", KEPT)
def test_even_their_owner_meets_a_trigger_on_every_table(log: Log, databases: Databases, table: str) -> None:
    log.begin()
    owner = engine(databases.goals_owner)
    for statement in (
        f"UPDATE {table} SET clinic_id = clinic_id",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
    ):
        with owner.connect() as connection, pytest.raises(DBAPIError, match="only ever appended to"):
            connection.execute(text(statement))
    owner.dispose()


def test_the_superuser_too_while_the_triggers_stand(log: Log) -> None:
    log.begin()
    for statement in (
        "DELETE FROM cairn.lane_head",
        "TRUNCATE cairn.lane_head",
        "DELETE FROM cairn.event_07",
    ):
        with log.admin.connect() as connection, pytest.raises(DBAPIError, match="only ever appended to"):
            connection.execute(text(statement))


def test_without_a_clinic_nothing_is_seen(log: Log) -> None:
    client = log.begin()
    log.win(client, 1, current=[])
    for table in ("event", "stream", "current", "address"):
        with log.engine.connect() as connection:
            assert connection.scalar(text(f"SELECT count(*) FROM cairn.{table}")) == 0
    with log.engine.connect() as connection:  # and none after one was set for a transaction
        connection.execute(
            text("SELECT * FROM cairn.load(:clinic, :stream)"), {"clinic": c.CLINIC, "stream": client}
        )
        assert connection.scalar(text("SELECT count(*) FROM cairn.event")) == 0


def test_partitions_are_not_read_by_their_own_names(log: Log) -> None:
    log.begin()
    for table in PARTITIONS:
        with log.engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(f"SELECT * FROM {table}"))


def test_another_clinics_rows_are_not_seen(log: Log) -> None:
    log.begin()
    log.begin(c.OTHER_CLINIC)
    with log.engine.execution_options(isolation_level="READ COMMITTED").connect() as connection:
        connection.execute(
            text("SELECT set_config('cairn.clinic', :clinic, true)"), {"clinic": str(c.CLINIC)}
        )
        clinics = connection.scalars(text("SELECT clinic_id FROM cairn.event")).all()
    assert clinics == [c.CLINIC]


def test_the_current_state_of_another_clinic_cannot_be_written(log: Log) -> None:
    with log.engine.execution_options(isolation_level="READ COMMITTED").connect() as connection:
        connection.execute(
            text("SELECT set_config('cairn.clinic', :clinic, true)"), {"clinic": str(c.CLINIC)}
        )
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(
                text(
                    "INSERT INTO cairn.current"
                    " VALUES (gen_random_uuid(), gen_random_uuid(), :clinic, 'client', 1, 1, '')"
                ),
                {"clinic": c.OTHER_CLINIC},
            )


def test_the_definer_is_neither_superuser_nor_owner(log: Log) -> None:
    found = log.all(
        "SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcanlogin, p.prosecdef, p.proconfig,"
        " (SELECT count(*) FROM pg_class k WHERE k.relowner = r.oid) AS owns"
        " FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE p.proname = 'append'"
        " AND p.pronamespace = 'cairn'::regnamespace"
    )[0]
    assert tuple(found) == (
        "cairn_log_definer", False, False, False, True,
        ["search_path=pg_catalog, pg_temp", "plan_cache_mode=force_generic_plan"], 0,
    )  # fmt: skip
