"""A rolling change: the goals service goes on serving while its databases are already a release further."""

from __future__ import annotations

import psycopg
import pytest

from infra.local.databases import plain
from tests.conftest import Databases
from tests.goals.api.callers import A_CLIENT, A_GOAL, Knock, begin, named, set_goal

OF_THE_LOG = (
    "ALTER TABLE cairn.current ADD of_a_later_release text",
    "ALTER TABLE cairn.stream ADD of_a_later_release text NOT NULL DEFAULT 'something'",
    "ALTER TABLE cairn.address ADD of_a_later_release text",
    "ALTER TABLE cairn.access ADD of_a_later_release text",
    "ALTER TABLE cairn.event ADD of_a_later_release text",
    "CREATE TABLE cairn.of_a_later_release (id uuid PRIMARY KEY)",
    "UPDATE alembic_version SET version_num = 'g9999'",
)
OF_THE_KEYS = (
    "ALTER TABLE record_key ADD of_a_later_release text NOT NULL DEFAULT 'something'",
    "UPDATE alembic_version SET version_num = 'v9999'",
)
"""What a later release may add: columns that have a default or may be null, and tables."""


WIN = {"kind": "effort", "text": "It was worth it"}


def migrate_on(databases: Databases) -> None:
    for url, statements in ((databases.goals_admin, OF_THE_LOG), (databases.vault_admin, OF_THE_KEYS)):
        with psycopg.connect(plain(url), autocommit=True) as owner:
            for statement in statements:
                owner.execute(statement)


def serves(knock: Knock, day: str) -> None:
    """It is ready; it writes, reads, lists, remembers who looked, and feeds."""
    assert knock(None, "GET", "/readyz").status_code == 200
    won = knock("client", "PUT", f"{A_GOAL}/wins/{named(day)}", WIN)
    assert won.status_code == 201
    for who, path in (
        ("therapist", A_CLIENT),
        ("therapist", f"{A_GOAL}/history"),
        ("lead", "/v1/clients"),
        ("lead", f"/v1/access?client={A_CLIENT.rpartition('/')[2]}"),
    ):
        assert knock(who, "GET", path).status_code == 200, path
    fed = knock("service", "GET", "/v1/events?limit=1000").json
    assert [item for item in fed if item["type"] == "cairn.win.recorded.v1"]


@pytest.mark.parametrize("met", ["before it starts", "while it runs"])
def test_this_code_serves_the_schema_that_comes_after_it(
    knock: Knock, databases: Databases, met: str
) -> None:
    if met == "before it starts":
        migrate_on(databases)
    begin(knock)
    set_goal(knock)
    serves(knock, "monday")
    if met == "while it runs":
        migrate_on(databases)
    serves(knock, "tuesday")
    for day in ("monday", "tuesday"):
        assert knock("client", "PUT", f"{A_GOAL}/wins/{named(day)}", WIN).status_code == 200  # a repeat
