"""A scrape costs the same at any size: each figure of the ledger is read by an index, and is bounded."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from services.reminders.ledger import waiting
from tests.reminders.figures import exposition, sample
from tests.reminders.house import House, milestone

SMALL = {"alembic_version", "checkpoint", "follower", "hold"}
"""Tables that do not grow with clients or messages."""
BOUNDED = {"parked_record"}
"""What is read from its beginning, up to so many rows; nobody waits for it to have more."""


def statements(engine: Engine) -> list[tuple[str, Any]]:
    """What a scrape asks of the database."""
    seen: list[tuple[str, Any]] = []

    def keep(_c: Any, _k: Any, statement: str, values: Any, _x: Any, _many: bool) -> None:
        seen.append((statement, values))

    event.listen(engine, "before_cursor_execute", keep)
    try:
        page = exposition(engine).decode()
    finally:
        event.remove(engine, "before_cursor_execute", keep)
    assert sample(page, "cairn_ledger_read") == 1
    return seen


def test_no_figure_reads_a_table_from_end_to_end(house: House) -> None:
    seen = statements(house.parts.engine)
    assert len(seen) > 10
    with house.parts.engine.begin() as connection:
        # Where an index can be used it is, however small the table of a test: what is left has none.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, values in seen:
            plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())
            read = set(re.findall(r"Seq Scan on (\w+)", plan))
            assert read <= SMALL | BOUNDED, plan
            assert not read & BOUNDED or "Limit" in plan


def test_a_count_goes_no_further_than_somebody_would_act_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.begin("sms")
    house.happens(*(milestone() for _ in range(3)))
    backlog = 'cairn_backlog{queue="sms-bulk"}'
    assert sample(exposition(house.parts.engine).decode(), backlog) == 3
    monkeypatch.setattr(waiting, "MOST", 2)
    assert sample(exposition(house.parts.engine).decode(), backlog) == 2
