"""Migrating: silent, repeatable, by an owner who is no superuser, whatever the URL holds."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from infra.local import databases as local
from services.goals import schema
from services.goals.commands import goals
from shared.database import engine
from shared.settings import Settings
from tests.conftest import PASSWORDS, Databases
from tests.goals.log.writing import Log


@pytest.fixture
def odd(cluster: str) -> Iterator[str]:
    """An empty database whose name has a per cent sign, as its owner."""
    with psycopg.connect(local.plain(cluster), autocommit=True) as admin:
        local.make_database(admin, "100%_goals", "cairn_goals")
        owner = f"cairn_goals_owner:{PASSWORDS['cairn_goals_owner']}"
        host = cluster.rpartition("@")[2].partition("/")[0]
        yield f"postgresql+psycopg://{owner}@{host}/100%25_goals"
        admin.execute('DROP DATABASE "100%_goals" WITH (FORCE)')


def test_migrating_again_changes_nothing_and_says_nothing(
    log: Log, databases: Databases, capfd: pytest.CaptureFixture[str]
) -> None:
    client = log.begin()
    schema.migrate(databases.goals_owner, databases.vault_owner)
    assert log.load(client) is not None
    assert capfd.readouterr() == ("", "")


def test_a_url_may_hold_a_per_cent_sign(odd: str, databases: Databases) -> None:
    schema.migrate(odd, databases.vault_owner)
    made = engine(odd)
    with made.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM cairn.lane_head")) == 256
    made.dispose()


def test_the_command_takes_the_owners(odd: str, databases: Databases) -> None:
    settings = Settings(goals_database_url=databases.goals, vault_database_url=databases.vault)
    done = CliRunner().invoke(
        goals, ["migrate", "--as", odd, "--vault-as", databases.vault_owner], obj=settings
    )
    assert (done.exit_code, done.output) == (0, "")


def test_the_command_says_what_a_url_must_be() -> None:
    done = CliRunner().invoke(goals, ["migrate", "--as", "nonsense"], obj=Settings())
    assert done.exit_code == 2
    assert "a PostgreSQL URL" in done.stderr


def test_the_service_cannot_migrate(databases: Databases) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        schema.migrate(databases.goals, databases.vault)


def test_the_command_says_in_one_line_why_it_cannot(databases: Databases) -> None:
    settings = Settings(goals_database_url=databases.goals, vault_database_url=databases.vault)
    done = CliRunner().invoke(goals, ["migrate"], obj=settings)
    assert (done.exit_code, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith('Error: permission denied to set role "cairn_vault_owner"')
    assert "changed by its owner: --as postgresql://" in done.stderr


def test_a_database_that_is_behind_is_told_apart(odd: str, databases: Databases, log: Log) -> None:
    empty, keys = engine(odd), engine(databases.vault)
    assert schema.unready(log.engine, keys) is None
    assert schema.unready(empty, keys) == "The goals database is empty; run cairn goals migrate."
    log.tamper("UPDATE alembic_version SET version_num = 'g0004'")
    assert schema.unready(log.engine, keys) == (
        f"The goals database is at g0004, not {schema.HEAD}; run cairn goals migrate."
    )
    log.tamper("UPDATE alembic_version SET version_num = 'g9999'")  # a later release's, which only adds
    assert schema.unready(log.engine, keys) is None
    empty.dispose()
    keys.dispose()


def test_a_failed_connection_shows_no_password(databases: Databases) -> None:
    wrong = databases.goals_owner.replace(PASSWORDS["cairn_goals_owner"], "a-wrong-secret")
    with pytest.raises(OperationalError) as error:
        schema.migrate(wrong, databases.vault_owner)
    assert "a-wrong-secret" not in str(error.value)
