"""An engine over tables in memory: each statement of the service's is answered by the model of it."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import TextClause
from sqlalchemy.exc import OperationalError

from tests.simulation.ledger.tables import Tables

Params = Mapping[str, Any]
Run = Callable[[Tables, Any], "Iterable[tuple[Any, ...]] | int | None"]
Point = Literal["statement", "commit", "committed"]


class Model(NamedTuple):
    """What a statement does: the rows that it gives, or how many it changed."""

    run: Run
    row: Callable[..., Any]
    names: tuple[str, ...]
    ordered: bool
    """Whether the order of its rows is the statement's own, or any will do."""


MODELS: dict[int, Model] = {}
_KEPT: list[TextClause] = []
"""So that no other statement ever has their ids."""


class NotHeld(AssertionError):
    """The tables in memory do not stand for the database."""


class NotModelled(NotHeld):
    """The service asks its database something that nothing here answers; write a model of it."""


def models(statement: TextClause, *names: str, ordered: bool = False) -> Callable[[Run], Run]:
    """This function does what the statement does; its rows have these columns."""

    def register(run: Run) -> Run:
        _KEPT.append(statement)
        row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
        MODELS[id(statement)] = Model(run, row._make, names, ordered)
        return run

    return register


def model_of(statement: TextClause) -> Model:
    """The model. Raises NotModelled."""
    found = MODELS.get(id(statement))
    if found is None:
        raise NotModelled(str(statement))
    return found


class Rows(list[Any]):
    """What a statement gave, as SQLAlchemy would hand it over."""

    def __init__(self, rows: Iterable[Any] = (), rowcount: int = -1, names: Sequence[str] = ()) -> None:
        super().__init__(rows)
        self.rowcount = rowcount
        self._names = names

    def all(self) -> list[Any]:
        """Every row."""
        return self

    def first(self) -> Any:
        """The first, if there is one."""
        return self[0] if self else None

    def one(self) -> Any:
        """The only one."""
        [row] = self
        return row

    def scalar(self) -> Any:
        """The first column of the first."""
        return self[0][0] if self else None

    def scalar_one(self) -> Any:
        """The first column of the only one."""
        [row] = self
        return row[0]

    def scalars(self) -> Rows:
        """The first column of each."""
        return Rows([row[0] for row in self])

    def mappings(self) -> Rows:
        """Each by its columns' names."""
        return Rows([dict(zip(self._names, row, strict=True)) for row in self])


class Memory:
    """Stands for the engine. `at` is told of each point at which something may happen, and may raise."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.at: Callable[[Point], None] | None = None
        self.done: Callable[[], None] = tables.keep
        """Called as a transaction is committed."""
        self.info: dict[str, Any] = {}
        """What whoever uses the connection keeps there."""
        self._open = False

    def begin(self) -> Memory:
        """A transaction, and its connection."""
        return self

    connect = begin

    def __enter__(self) -> Memory:
        assert not self._open, "one at a time: everything here is of one thread"
        self._open = True
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._open = False
        try:
            if kind is None and self.at is not None:
                self.at("commit")
        except BaseException:
            self.tables.undo()
            raise
        if kind is not None:
            self.tables.undo()
            return
        self.done()
        if self.at is not None:
            self.at("committed")

    def execute(self, statement: TextClause, params: Any = None) -> Rows:
        """Does what the statement does."""
        if self.at is not None:
            self.at("statement")
        return answered(model_of(statement), self.tables, params)


def answered(model: Model, tables: Tables, params: Any) -> Rows:
    """The model's answer, for one set of values or for each of several."""
    if isinstance(params, list):
        for each in params:
            model.run(tables, each)
        return Rows(rowcount=len(params))
    found = model.run(tables, params)
    if found is None:
        return Rows()
    if isinstance(found, int):
        return Rows(rowcount=found)
    return Rows(map(model.row, found), names=model.names)


def refused(sqlstate: str) -> OperationalError:
    """The error of a database that says no, by this code."""

    class Said(Exception):
        pass

    said = Said(sqlstate)
    said.sqlstate = sqlstate  # type: ignore[attr-defined]
    return OperationalError("", {}, said)
