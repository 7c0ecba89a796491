"""The access log is the clinic's own, and holds nothing that was not seen there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from infra.local import databases as local
from services.goals import access, schema
from services.goals.access import Access, Look
from services.goals.log.staff import must_still_work
from services.goals.rules.access import Who
from services.goals.rules.refusal import NotThere, SignedOut
from shared.database import engine
from shared.vault import Vault
from tests import controls as c
from tests.conftest import Databases
from tests.goals.log.writing import Log

ANA = Who("therapist", str(c.THERAPIST), c.CLINIC, reason="A reason")

CAME_AND_WENT = ((c.THERAPIST, "therapist"), (c.COLLEAGUE, "therapist"), (c.THERAPIST, None))
"""Who, and as what; None is to leave."""
EVENT = text(
    "WITH begun AS ("
    " INSERT INTO cairn.stream VALUES (:clinic, :clinic, :clinic, 'clinic') ON CONFLICT DO NOTHING)"
    " INSERT INTO cairn.event (lane, position, clinic_id, record_id, record_version, stream_id, version,"
    " event_id, type, schema, occurred_at, recorded_at, body, meta, hash)"
    " VALUES (get_byte(sha256(uuid_send(CAST(:clinic AS uuid))), 0), :n, :clinic, :clinic, :n, :clinic, :n,"
    " gen_random_uuid(), :type, 1, now(), now(), :body, '', '')"
)


@pytest.fixture
def log(databases: Databases) -> Iterator[Log]:
    made = [engine(databases.goals, autocommit=True), engine(databases.vault), engine(databases.goals_admin)]
    yield Log(made[0], Vault(made[1], b"k" * 32), made[2])
    for used in made:
        used.dispose()


def note(log: Log, *clients: UUID, clinic: UUID = c.CLINIC, who: Who = ANA) -> None:
    with log.engine.connect() as connection:
        look = Look(who=who, operation="a_look", correlation_id="a-test", purpose="transfer")
        access.note(connection, log.vault, clinic, clients, look, uuid4)


def seen(log: Log, client: UUID, clinic: UUID = c.CLINIC) -> list[Access]:
    with log.engine.connect() as connection:
        return access.page(connection, log.vault, clinic, client, before=None, limit=10)[0]


def test_a_copy_that_was_taken_says_for_which_purpose(log: Log) -> None:
    client = log.begin()
    note(log, client)
    (look,) = seen(log, client)
    assert (look.what, look.purpose, look.reason) == ("a_look", "transfer", "A reason")


def test_of_several_clients_each_has_her_own(log: Log) -> None:
    one, other = log.begin(), log.begin()
    note(log, one, other)
    note(log, other)
    assert (len(seen(log, one)), len(seen(log, other))) == (1, 2)


def test_nobody_is_seen_in_a_clinic_that_is_not_hers(log: Log) -> None:
    client, ours = log.begin(c.OTHER_CLINIC), log.begin()
    for looked_at in ((client,), (ours, client), (uuid4(),)):
        with pytest.raises(NotThere):
            note(log, *looked_at)
    assert log.all("SELECT * FROM cairn.access") == []
    note(log, client, clinic=c.OTHER_CLINIC, who=Who("lead", str(uuid4()), c.OTHER_CLINIC))
    assert seen(log, client) == []
    assert len(seen(log, client, c.OTHER_CLINIC)) == 1


def test_without_a_clinic_no_row_is_seen(log: Log) -> None:
    note(log, log.begin())
    with log.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM cairn.access")) == 0


def test_a_reason_that_was_moved_to_another_look_does_not_open(log: Log) -> None:
    client = log.begin()
    note(log, client)
    note(log, client)
    with log.admin.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE cairn.access SET access_id = gen_random_uuid()"))
    with pytest.raises(Exception, match="sealed under another key or for another place"):
        seen(log, client)


def test_the_functions_of_the_log_act_as_no_superuser_and_no_owner(log: Log) -> None:
    found = log.all(
        "SELECT proname, pg_get_userbyid(proowner), prosecdef, proconfig FROM pg_proc"
        " WHERE proname IN ('note_access', 'still_at') ORDER BY proname"
    )
    where = ["search_path=pg_catalog, pg_temp"]
    assert [tuple(row) for row in found] == [
        ("note_access", "cairn_log_definer", True, where),
        ("still_at", "cairn_log_definer", True, where),
    ]


@pytest.fixture
def older(cluster: str) -> Iterator[str]:
    """The name of a database as it was before anybody's looks were kept."""
    with psycopg.connect(local.plain(cluster), autocommit=True) as admin:
        local.make_database(admin, "older_goals", "cairn_goals")
        yield "older_goals"
        admin.execute("DROP DATABASE older_goals WITH (FORCE)")


def test_who_left_before_looks_were_kept_has_left(older: str, databases: Databases) -> None:
    owner, service, admin = (
        engine(url.rpartition("/")[0] + f"/{older}", autocommit=True)
        for url in (databases.goals_owner, databases.goals, databases.admin)
    )
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with owner.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "g0003-1")
    with admin.connect() as connection:
        for number, (staff, role) in enumerate(CAME_AND_WENT, start=1):
            said = {"staff_id": str(staff)} | ({"role": role} if role else {})
            kind = "cairn.staff.set.v1" if role else "cairn.staff.left.v1"
            connection.execute(
                EVENT, {"clinic": c.CLINIC, "n": number, "type": kind, "body": json.dumps(said).encode()}
            )
    schema.migrate(owner.url.render_as_string(hide_password=False), databases.vault_owner)
    with service.connect() as connection:
        must_still_work(connection, Who("therapist", str(c.COLLEAGUE), c.CLINIC))
        with pytest.raises(SignedOut):
            must_still_work(connection, ANA)
    for used in (owner, service, admin):
        used.dispose()


def test_the_owner_sees_no_event_once_it_has_migrated(log: Log, databases: Databases) -> None:
    log.begin()
    owner = engine(databases.goals_owner)
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM cairn.event")) == 0
        assert connection.scalar(text("SELECT count(*) FROM cairn.access")) == 0
    owner.dispose()


def test_the_staff_list_is_none_of_the_services_to_read(log: Log) -> None:
    with log.engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("SELECT * FROM cairn.staff"))
