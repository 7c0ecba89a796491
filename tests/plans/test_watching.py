"""What the watch over the plans calls a fault, and what it does not."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import create_engine

from infra.local.databases import plain
from tests.conftest import Databases
from tests.plans.watching import watching

ROWS = "CREATE TABLE stored AS SELECT n, md5(n::text) AS word FROM generate_series(1, 5000) AS n"
BY_NUMBER = "CREATE INDEX stored_by_number ON stored (n)"


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("SELECT word FROM stored WHERE n = 7", None),
        ("SELECT word FROM stored ORDER BY n LIMIT 10", None),
        ("SELECT count(word) FROM stored", "reads all 5,000 rows of stored"),
        ("SELECT n FROM stored WHERE word = 'seven'", "reads all 5,000 rows of stored"),
        ("SELECT word FROM stored WHERE n BETWEEN 2 AND 1500", "reads 1,499 rows by stored_by_number"),
        ("SELECT n FROM generate_series(1, 1500) AS n ORDER BY -n", "sorts 1,500 rows"),
    ],
)
def test_what_grows_is_a_fault(databases: Databases, query: str, fault: str | None) -> None:
    with psycopg.connect(plain(databases.goals_admin), autocommit=True) as admin:
        for statement in (ROWS, BY_NUMBER, "ANALYZE stored"):
            admin.execute(statement)
    with watching(databases.goals_admin) as plans:
        engine = create_engine(databases.goals_admin)
        with engine.connect() as connection:
            plans.seen.clear()
            connection.exec_driver_sql(query)
        engine.dispose()
    assert plans.faults() == ([f"{fault}: {query}"] if fault else [])
