"""The library `eventsourcing` (PyPI), set up as its documentation advises for PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from sqlalchemy import make_url

from bench.cluster import Cluster
from bench.designs.win import WORDS

CLIENTS = 8


class Client(Aggregate):
    """A client, and how many wins she has had."""

    @event("Registered")
    def __init__(self, id: UUID) -> None:  # noqa: A002  the library's name for it
        self._id = id
        self.wins = 0

    @event("WinRecorded")
    def record_win(self, win_id: UUID, kind: str, on: str, text: str) -> None:  # noqa: ARG002
        """Her next win."""
        self.wins += 1


class Clients(Application[UUID]):
    """The clients."""

    def register(self, client_id: UUID) -> Client:
        """A new client, whose record begins."""
        client = Client(client_id)
        self.save(client)
        return client

    def record_win(self, client_id: UUID, win_id: UUID, kind: str, text: str) -> int:
        """One more win of hers; how many she has now."""
        client: Client = self.repository.get(client_id)
        client.record_win(win_id, kind, "2026-03-02", text)
        self.save(client)
        return client.wins


def application(admin_url: str, connections: int, *, functions: bool = False, make: bool = False) -> Clients:
    """The application on this database; `functions` are the library's faster way, off unless asked for.

    `make` makes its tables: one process does so, before the others.
    """
    url = make_url(admin_url)
    return Clients(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(url.database),
            "POSTGRES_HOST": str(url.host),
            "POSTGRES_PORT": str(url.port),
            "POSTGRES_USER": str(url.username),
            "POSTGRES_PASSWORD": str(url.password),
            "POSTGRES_POOL_SIZE": str(connections),
            "POSTGRES_SCHEMA": "bench",
            "CREATE_TABLE": "y" if make else "n",
            "POSTGRES_ENABLE_DB_FUNCTIONS": "y" if functions else "n",
        }
    )


def prepare(cluster: Cluster) -> None:
    """Its tables and its functions, before many connections would make them at once."""
    application(cluster.admin, 1, functions=True, make=True).close()


def plain(cluster: Cluster) -> Callable[[], None]:
    """Saves one event a call, of an aggregate that is in memory already."""
    return _writer(application(cluster.admin, 1))


def functions(cluster: Cluster) -> Callable[[], None]:
    """The same by its functions in the database."""
    return _writer(application(cluster.admin, 1, functions=True))


def _writer(clients: Clients) -> Callable[[], None]:
    turn: Any = cycle([clients.register(uuid4()) for _ in range(CLIENTS)])

    def once() -> None:
        client = next(turn)
        client.record_win(uuid4(), "showed_up", "2026-03-02", WORDS)
        clients.save(client)

    return once
