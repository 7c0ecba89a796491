"""How a database is reached: by psycopg, with bounded waits, and errors that carry no contents."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast

import psycopg
from psycopg.types.string import ByteaBinaryLoader
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError

UNHEARD_OF = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 35_000,  # milliseconds: longer than a statement may take
}
"""A server that is gone without a word, and a network that swallows all, are given up within the minute."""


def engine(
    url: str,
    *,
    pool_size: int = 5,
    max_overflow: int = 10,
    autocommit: bool = False,
    role: str | None = None,
    statement_timeout: timedelta = timedelta(seconds=30),
    lock_timeout: timedelta = timedelta(seconds=5),
) -> Engine:
    """A pool of connections; nothing is connected before it is used. Timeouts of 0 wait for ever.

    `role` is whose rights each connection has from the first, in place of those of who logs in.
    """
    waits = {"statement_timeout": statement_timeout, "lock_timeout": lock_timeout}
    options = " ".join(f"-c {name}={int(wait.total_seconds() * 1000)}" for name, wait in waits.items())
    options += f" -c role={role}" if role else ""
    made = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=5,  # seconds: a full house answers 503 rather than wait for ever
        pool_recycle=1800,
        isolation_level="AUTOCOMMIT" if autocommit else "READ COMMITTED",
        pool_reset_on_return=None if autocommit else "rollback",  # no transaction is ever left open
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": f"{options} -c jit=off -c timezone=UTC"} | UNHEARD_OF,
    )
    # SQLAlchemy makes the lock under which it learns what server this is when it first needs it, and of two
    # threads that come first together each makes one: the second goes on with what is not learnt yet.
    made.pool.dispatch.connect._get_exec_once_mutex()  # it has no other name
    return made


def ask(
    connection: Connection, statement: str, values: Sequence[Any] | Mapping[str, Any]
) -> psycopg.Cursor[tuple[Any, ...]]:
    """The answer to a statement that goes to psycopg as it stands, with %s or %(name)s for each value.

    For the few that every request waits for: SQLAlchemy's own way costs more than such a statement takes in
    the database. Errors are SQLAlchemy's all the same, and a connection that is lost leaves the pool.
    """
    driver = cast(psycopg.Connection[tuple[Any, ...]], connection.connection.driver_connection)
    with _told_as_ours(connection, driver, statement):
        return driver.execute(statement, values, prepare=True)


def ask_raw(
    connection: Connection, statement: str, values: Sequence[Any] | Mapping[str, Any]
) -> psycopg.Cursor[tuple[Any, ...]]:
    """As `ask`, its rows as `raw` gives them."""
    cursor = raw(connection)
    with _told_as_ours(connection, cursor.connection, statement):
        return cursor.execute(statement, values, prepare=True)


@contextmanager
def _told_as_ours(connection: Connection, driver: psycopg.Connection[Any], statement: str) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        lost = driver.closed
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            statement, None, error, psycopg.Error, hide_parameters=True, connection_invalidated=lost
        ) from error


def raw(connection: Connection) -> psycopg.Cursor[tuple[Any, ...]]:
    """A cursor of the driver's that gives ids, times and texts as the bytes that PostgreSQL sends, in binary.

    They are what `uuid_send`, `timestamptz_send` and `convert_to` give, with nothing to compute.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    cursor = driver.cursor(binary=True)
    for name in ("uuid", "timestamptz", "text"):
        cursor.adapters.register_loader(name, ByteaBinaryLoader)
    return cursor
