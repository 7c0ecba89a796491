"""Reading a record: all its events in order, in one round trip."""

from __future__ import annotations

from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from services.goals.log.staff import CLINIC, asking, judged
from services.goals.log.stored import COLUMNS, StreamKind, open_row
from services.goals.rules.access import Who
from shared.events import ClientErased, Recorded
from shared.vault import Vault

_ALONE = text(
    f"SELECT {COLUMNS} FROM cairn.load({CLINIC}, :stream)"  # noqa: S608  our own columns
    " WHERE stream_id IN (record_id, :stream) ORDER BY record_version"
)
_POSITIONS = text(
    "SELECT position FROM cairn.load(:clinic, :stream) WHERE stream_id IN (record_id, :stream)"
    " ORDER BY position"
)
_LOAD = text(f"SELECT {COLUMNS} FROM cairn.load({CLINIC}, :stream)")  # noqa: S608  our own columns


class History(NamedTuple):
    """A record as the log holds it; its streams by their id, its events in record_version order."""

    clinic_id: UUID
    record_id: UUID
    kind: Literal["clinic", "client"]
    streams: dict[UUID, StreamKind]
    events: tuple[Recorded, ...]


def load(
    connection: Connection,
    vault: Vault,
    clinic_id: UUID,
    stream_id: UUID,
    who: Who | None = None,
    *,
    alone: bool = False,
) -> History | None:
    """The record to which a client, a clinic or a goal belongs; None when the clinic has none such.

    `alone` leaves out all streams but the record's first and the one that is asked for: most of a client's
    events are on goals that a look at one of them does not need.

    What was erased is None in the events; from client.erased on, also while the key is still remembered.
    Raises SignedOut where `who` asks and works there no more, UnknownEvent for what newer code wrote.
    """
    with judged():
        rows = connection.execute(
            _ALONE if alone else _LOAD, {"stream": stream_id, **asking(clinic_id, who)}
        ).all()
    if not rows:
        return None
    record_id: UUID = rows[0].record_id
    erased = rows[-1].type == ClientErased.TYPE  # nothing follows it
    sealed = not erased and any(row.sealed is not None for row in rows)
    key = vault.key(record_id) if sealed else None
    events = tuple(open_row(row, key).event for row in rows)
    kind: Literal["clinic", "client"] = "clinic" if record_id == clinic_id else "client"
    streams: dict[UUID, StreamKind] = {
        event.stream_id: kind if event.stream_id == record_id else "goal" for event in events
    }
    return History(clinic_id, record_id, kind, streams, events)


def positions(connection: Connection, clinic_id: UUID, stream_id: UUID) -> list[int]:
    """Where the events of a stream, and of its record's first one, lie in their lane; none is opened."""
    return list(connection.scalars(_POSITIONS, {"clinic": clinic_id, "stream": stream_id}))
