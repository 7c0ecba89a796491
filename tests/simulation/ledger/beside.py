"""The tables in memory beside the real database: each statement is asked of both, and their answers held."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, TextClause, text
from sqlalchemy.exc import DBAPIError

from tests.simulation.ledger.memory import Memory, Model, NotHeld, Point, Rows, answered, model_of
from tests.simulation.ledger.tables import Table, Tables

THERE = {"link": "message_occasion", "erased": "erased_client"}
"""The tables that have another name in the database."""
WRITTEN = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")
BY_CONSEQUENCE = {
    "forget_client": (
        "person", "contact", "reminder", "prompt", "quiet", "question", "parked_event", "parked_record",
        "direct", "inbound", "flag",
    )
}  # fmt: skip
"""What a function of the database writes."""


class Differs(NotHeld):
    """The tables in memory are not what the database is."""


class Beside:
    """Stands for the engine: the real one answers, and the tables in memory must have said the same."""

    def __init__(self, real: Engine, tables: Tables) -> None:
        self.tables = tables
        self.at: Callable[[Point], None] | None = None
        self.done: Callable[[], None] = tables.keep
        self.info: dict[str, Any] = {}
        self.asked = 0
        self._real = real
        self._memory = Memory(tables)
        self._connection: Connection | None = None
        self._written: set[str] = set()

    def begin(self) -> Beside:
        """A transaction of both, and its connection."""
        return self

    connect = begin

    def __enter__(self) -> Beside:
        self._connection = self._real.connect()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        connection, self._connection = self._connection, None
        assert connection is not None
        try:
            if kind is None and self.at is not None:
                self.at("commit")
        except BaseException:
            kind = BaseException
            raise
        finally:
            if kind is None:
                connection.commit()
            connection.close()
            self.done() if kind is None else self.tables.undo()
        if kind is None and self.at is not None:
            self.at("committed")

    def execute(self, statement: TextClause, params: Any = None) -> Rows:
        """Asks both. Raises Differs, and what the database raises."""
        if self.at is not None:
            self.at("statement")
        assert self._connection is not None
        self.asked += 1
        model, said = model_of(statement), str(statement)
        self._written.update(WRITTEN.findall(said))
        for function, names in BY_CONSEQUENCE.items():
            self._written.update(names if function in said else ())
        try:
            real = _fetched(self._connection.execute(statement, params), model)
        except DBAPIError as error:
            self._must_be_refused_too(model, params, error)
            raise
        ours = answered(model, self.tables, params)
        _must_be_the_same(said, model, real, ours)
        # Where any order will do, in that of memory: so the same steps make the same choices without it.
        return real if model.ordered else ours

    def compare(self, *, whole: bool = False) -> None:
        """Holds the tables that were written since, or all of them, row by row. Raises Differs."""
        named = self.tables.named()
        there = {THERE.get(name, name): name for name in named}
        chosen = there if whole else {name: there[name] for name in self._written if name in there}
        self._written.clear()
        with self._real.connect() as connection:
            for name, ours in chosen.items():
                _hold(connection, name, named[ours])

    def _must_be_refused_too(self, model: Model, params: Any, error: DBAPIError) -> None:
        try:
            answered(model, self.tables, params)
        except DBAPIError as ours:
            if getattr(ours.orig, "sqlstate", None) == getattr(error.orig, "sqlstate", None):
                return
        raise Differs(f"the database refuses it, and memory does not: {error}") from error


def _fetched(result: Any, model: Model) -> Rows:
    if not result.returns_rows:
        return Rows(rowcount=result.rowcount)
    names = list(result.keys())
    if model.names and tuple(names) != model.names:
        raise Differs(f"the columns are {names}, not {model.names}")
    return Rows(map(model.row, result.all()) if names else [()] * len(result.all()), result.rowcount, names)


def _must_be_the_same(said: str, model: Model, real: Rows, ours: Rows) -> None:
    if not model.names:
        assert ours.rowcount in (-1, real.rowcount)
        return
    theirs, mine = [_plain(row) for row in real], [_plain(row) for row in ours]
    same = theirs == mine if model.ordered else Counter(theirs) == Counter(mine)
    if not same:
        raise Differs(f"{said}\nthe database: {theirs}\nin memory:    {mine}")


def _hold(connection: Connection, name: str, table: Table[Any]) -> None:
    columns = list(table.shape.__struct_fields__)
    there = "home = ledger_home() OR home IS NULL AS at_home" if name == "hold" else "at_home"
    chosen = ", ".join(there if one == "at_home" else f"{name}.{one}" for one in columns)
    found = connection.execute(text(f"SELECT {chosen} FROM {name}")).all()  # noqa: S608  our own names
    theirs = Counter(_plain(row) for row in found)
    mine = Counter(_plain(msgspec.structs.astuple(row)) for row in table.rows.values())
    if theirs != mine:
        raise Differs(f"{name} {columns}\nthe database alone: {theirs - mine}\nmemory alone: {mine - theirs}")


def _plain(row: Iterable[Any]) -> tuple[Hashable, ...]:
    return tuple(_value(one) for one in row)


def _value(one: Any) -> Any:
    """Alike where the database and memory mean the same: a time by its instant, bytes and JSON by content."""
    if isinstance(one, dict | list):
        return msgspec.json.encode(one, order="sorted", enc_hook=str)
    if isinstance(one, memoryview):
        return bytes(one)
    if isinstance(one, timedelta | float):
        return round(one.total_seconds() if isinstance(one, timedelta) else one, 6)
    return one
