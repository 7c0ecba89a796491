"""Records set aside: an event of theirs could not be applied, so nothing is sent to them until it can be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from services.reminders.sealed import seal, unseal
from shared.sealing import place
from shared.vault import Vault
from shared.wire import Rfc3339, rfc3339

_PARKED = text("SELECT record_id FROM parked_record WHERE record_id = ANY(:ids)")
_PARK = text("""
INSERT INTO parked_record (record_id, clinic_id, reason, lane, position, parked_at)
VALUES (:record_id, :clinic_id, :reason, :lane, :position, :now) ON CONFLICT DO NOTHING
""")
_LOCK = text("SELECT FROM parked_record WHERE record_id = :record FOR UPDATE")
_EVENTS = text("""
SELECT lane, position, sealed FROM parked_event WHERE record_id = :record ORDER BY position
""")
_TAKEN = tuple(
    text(f"DELETE FROM {table} WHERE record_id = :record")  # noqa: S608  our own tables
    for table in ("parked_event", "parked_record")
)
_ALL = text("""
SELECT record_id, clinic_id, reason, parked_at,
       (SELECT count(*) FROM parked_event e WHERE e.record_id = r.record_id) AS events
  FROM parked_record r ORDER BY parked_at, record_id
""")
_COUNTS = text("""
SELECT reason, count(*) FROM (SELECT reason FROM parked_record LIMIT :most) AS found GROUP BY reason
""")
_SET_ASIDE = text("""
INSERT INTO parked_event (lane, position, record_id, event_id, type, sealed)
VALUES (:lane, :position, :record_id, :event_id, :type, :sealed) ON CONFLICT DO NOTHING
""")


@dataclass(frozen=True)
class Parked:
    """An event that is set aside: the first of its record with the reason, later ones without."""

    item: dict[str, Any]
    reason: str | None

    @property
    def record_id(self) -> UUID:
        """Whose event it is."""
        return UUID(self.item["partitionkey"])


def counts(connection: Connection, most: int) -> list[tuple[str, int]]:
    """How many records are set aside, by reason; of the first so many."""
    return [(row[0], row[1]) for row in connection.execute(_COUNTS, {"most": most})]


def parked(connection: Connection, records: Collection[UUID]) -> set[UUID]:
    """Those of the records that are set aside."""
    return set(connection.execute(_PARKED, {"ids": list(records)}).scalars())


def park(connection: Connection, vault: Vault, events: Sequence[Parked], now: datetime) -> None:
    """Sets events aside, whole and sealed, so that they can be applied in order later."""
    for event in events:
        row = _row(vault, event)
        if event.reason is not None:
            connection.execute(_PARK, row | {"reason": event.reason, "now": now})
        connection.execute(_SET_ASIDE, row)


class ParkedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record that is set aside: since when, the kind of error that it met, and how many events wait."""

    record_id: UUID
    clinic_id: UUID
    reason: str
    since: Rfc3339
    events: int


def records(connection: Connection) -> list[ParkedRecord]:
    """All that are set aside, in the order in which they were."""
    return [
        ParkedRecord(
            record_id=row.record_id,
            clinic_id=row.clinic_id,
            reason=row.reason,
            since=rfc3339(row.parked_at.astimezone(UTC)),
            events=row.events,
        )
        for row in connection.execute(_ALL)
    ]


def take(connection: Connection, vault: Vault, record_id: UUID) -> list[dict[str, Any]] | None:
    """Locks a record that is set aside and takes its events, in order: whoever has them applies them, or
    parks them again. None where it is not set aside. Raises Unopenable.
    """
    named = {"record": record_id}
    if connection.execute(_LOCK, named).first() is None:
        return None
    rows = connection.execute(_EVENTS, named).all()
    for statement in _TAKEN:
        connection.execute(statement, named)
    opened = [unseal(vault, record_id, row.sealed, place("parked", row.lane, row.position)) for row in rows]
    return [msgspec.json.decode(plain) for plain in opened if plain is not None]


def _row(vault: Vault, event: Parked) -> dict[str, Any]:
    item = event.item
    lane, position = int(item["lane"]), int(item["sequence"])
    return {
        "lane": lane,
        "position": position,
        "record_id": event.record_id,
        "clinic_id": UUID(item["source"].rpartition("/")[2]),
        "event_id": UUID(item["id"]),
        "type": str(item["type"]),
        "sealed": seal(vault, event.record_id, msgspec.json.encode(item), place("parked", lane, position)),
    }
