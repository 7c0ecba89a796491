"""The current state of each stream, sealed: one row a stream, kept in step by the append."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text
from sqlalchemy import Row as Found

from services.goals.log.stored import StateRow as Row
from services.goals.log.stored import StreamKind, state_place
from services.goals.rules.client import Client
from services.goals.rules.goal import Goal
from shared.clinic import Clinic
from shared.sealing import Key
from shared.vault import Vault

__all__ = [
    "Current",
    "Row",
    "clinic",
    "every_client",
    "get",
    "list_clients",
    "opened",
    "record_of_goal",
    "rows_of",
]

STATES: dict[StreamKind, type[Clinic | Client | Goal]] = {"clinic": Clinic, "client": Client, "goal": Goal}
BEFORE_ALL = UUID(int=0)
OPENED_AT_ONCE = 500

_ONE = text("SELECT * FROM cairn.current_of(:clinic, :stream)")
_RECORD = text("SELECT * FROM cairn.currents_of(:clinic, :record)")
_CLIENTS = text("SELECT * FROM cairn.clients_of(:clinic, :after, CAST(:limit AS int4))")
_RECORD_OF = text("SELECT cairn.record_of(:clinic, :stream)")


class Current(NamedTuple):
    """A stream as it is now, and the versions at which it is so."""

    stream_id: UUID
    record_id: UUID
    kind: StreamKind
    version: int
    record_version: int
    state: Clinic | Client | Goal


def get(connection: Connection, vault: Vault, clinic_id: UUID, stream_id: UUID) -> Current | None:
    """A stream of the clinic as it is now; None when there is none, or it is erased."""
    row = connection.execute(_ONE, {"clinic": clinic_id, "stream": stream_id}).one_or_none()
    if row is None:
        return None
    key = vault.key(row.record_id)
    return None if key is None else opened(row, key)


def rows_of(connection: Connection, vault: Vault, clinic_id: UUID, record_id: UUID) -> tuple[Current, ...]:
    """All streams of a record as they are now, by id; none when it is erased."""
    rows = connection.execute(_RECORD, {"clinic": clinic_id, "record": record_id}).all()
    key = vault.key(record_id) if rows else None
    return () if key is None else tuple(opened(row, key) for row in rows)


def clinic(connection: Connection, vault: Vault, clinic_id: UUID) -> Clinic | None:
    """A clinic as it is now."""
    found = get(connection, vault, clinic_id, clinic_id)
    return found.state if found is not None and isinstance(found.state, Clinic) else None


def record_of_goal(connection: Connection, clinic_id: UUID, goal_id: UUID) -> UUID | None:
    """Whose goal it is: the client's id; None when the clinic has no such goal."""
    record_id: UUID | None = connection.scalar(_RECORD_OF, {"clinic": clinic_id, "stream": goal_id})
    return None if record_id == goal_id else record_id


def list_clients(
    connection: Connection, vault: Vault, clinic_id: UUID, *, after: UUID | None = None, limit: int = 100
) -> tuple[tuple[Client, ...], UUID | None]:
    """Clients of the clinic by id, and the id after which the next page begins (None at the end).

    Who is erased is left out, so that a page may hold fewer than `limit`.
    """
    values = {"clinic": clinic_id, "after": after or BEFORE_ALL, "limit": limit + 1}
    rows = connection.execute(_CLIENTS, values).all()
    page: Sequence[Found[Any]] = rows[:limit]
    keys = vault.keys(row.record_id for row in page)
    states = (opened(row, keys[row.record_id]).state for row in page if row.record_id in keys)
    clients = tuple(state for state in states if isinstance(state, Client))
    return clients, page[-1].stream_id if len(rows) > limit else None


def every_client(connection: Connection, vault: Vault, clinic_id: UUID) -> Iterator[Client]:
    """All clients of the clinic by id, opened so many at a time; who is erased is left out."""
    after, more = None, True
    while more:
        some, after = list_clients(connection, vault, clinic_id, after=after, limit=OPENED_AT_ONCE)
        yield from some
        more = after is not None


def opened(row: Found[Any], key: Key) -> Current:
    """A row of what is kept of streams, by its record's key."""
    plain = key.open(row.state, state_place(row.stream_id, row.version))
    return Current(
        row.stream_id,
        row.record_id,
        row.kind,
        row.version,
        row.record_version,
        msgspec.json.decode(plain, type=STATES[row.kind]),
    )
