"""The plan of every statement that runs, also inside functions, as PostgreSQL tells it when it is done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from sqlalchemy import Engine, event

from infra.local.databases import plain

TOLD = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_format": "json",
    "auto_explain.log_level": "notice",
    "client_min_messages": "notice",
}
BIG = 1_000
"""Rows. A table is filled with many more; what is asked for in one go is fewer."""
T = TypeVar("T")
SORTS = frozenset({"Sort", "Incremental Sort"})


@dataclass
class Plans:
    """What ran since it was last asked."""

    seen: list[dict[str, Any]] = field(default_factory=list)

    def hear(self, notice: psycopg.errors.Diagnostic) -> None:
        """Takes a notice that holds a plan."""
        before, found, plan = (notice.message_primary or "").partition("plan:\n")
        if found and before.startswith("duration:"):
            self.seen.append(json.loads(plan))

    def faults_of(self, house: T, does: Iterable[Callable[[T], None]]) -> dict[str, list[str]]:
        """Does one after the other; what of it grows, by its name."""
        found = {}
        for one in does:
            self.seen.clear()
            one(house)
            if faults := self.faults():
                found[one.__name__] = faults
        return found

    def faults(self) -> list[str]:
        """What grows with what is stored, of all that ran since; each with its statement."""
        seen, self.seen = self.seen, []
        assert seen, "nothing was asked of the database"
        return [f"{why}: {one['Query Text']}" for one in seen for why in _faults(one["Plan"])]


@contextmanager
def watching(*admin_urls: str) -> Iterator[Plans]:
    """Every connection that an engine makes meanwhile to one of these databases tells its plans."""
    for url in admin_urls:
        with psycopg.connect(plain(url), autocommit=True) as admin:
            for name, value in TOLD.items():
                alter = sql.SQL("ALTER DATABASE {} SET {} = {}").format(
                    sql.Identifier(admin.info.dbname), sql.SQL(name), sql.Literal(value)
                )
                admin.execute(alter)
    plans = Plans()

    def connected(connection: psycopg.Connection, _record: object) -> None:
        connection.add_notice_handler(plans.hear)

    event.listen(Engine, "connect", connected)
    try:
        yield plans
    finally:
        event.remove(Engine, "connect", connected)


def _faults(node: dict[str, Any]) -> Iterator[str]:
    read = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    if node["Node Type"] == "Seq Scan" and read > BIG:
        yield f"reads all {read:,.0f} rows of {node['Relation Name']}"
    elif "Index" in node["Node Type"] and read > BIG:
        yield f"reads {read:,.0f} rows by {node.get('Index Name', node['Node Type'])}"
    elif node["Node Type"] in SORTS and read > BIG:
        yield f"sorts {read:,.0f} rows"
    for below in node.get("Plans", ()):
        yield from _faults(below)
