"""The four databases and their roles."""

import psycopg
import pytest
import redis

from infra.local import databases as local
from tests.conftest import PASSWORDS, Databases


def test_making_the_roles_again_changes_nothing(cluster: str) -> None:
    def memberships() -> list[tuple[object, ...]]:
        with psycopg.connect(local.plain(cluster)) as admin:
            return admin.execute(
                "SELECT roleid::regrole::text, member::regrole::text, inherit_option, set_option"
                " FROM pg_auth_members WHERE roleid::regrole::text LIKE 'cairn%' ORDER BY 1, 2"
            ).fetchall()

    before = memberships()
    local.make_roles(cluster, PASSWORDS)
    local.make_databases(cluster)
    assert memberships() == before
    assert ("cairn_feed", "cairn_goals", False, True) in before
    assert ("cairn_log_definer", "cairn_goals_owner", False, True) in before


def test_no_role_of_ours_is_a_superuser_or_passes_row_level_security(cluster: str) -> None:
    with psycopg.connect(local.plain(cluster)) as admin:
        rows = admin.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'cairn%'"
            " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
        ).fetchall()
    assert rows == []


def test_a_service_reaches_its_own_database_and_no_other(databases: Databases) -> None:
    with psycopg.connect(local.plain(databases.goals)) as own:
        assert own.execute("SELECT current_user").fetchone() == ("cairn_goals",)
    elsewhere = databases.vault.replace("//cairn_vault:", "//cairn_goals:")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(local.plain(elsewhere))


def test_a_wrong_password_is_refused(databases: Databases) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(local.plain(databases.goals.replace(PASSWORDS["cairn_goals"], "guessed")))


def test_a_test_starts_with_an_empty_broker(broker_url: str) -> None:
    with redis.Redis.from_url(broker_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")


def test_the_next_test_finds_it_empty_again(broker_url: str) -> None:
    with redis.Redis.from_url(broker_url) as client:
        assert client.dbsize() == 0
