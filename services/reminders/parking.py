"""Records set aside: an event of theirs could not be applied, so nothing is sent to them until it can be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from services.reminders.sealed import seal
from shared.sealing import place
from shared.vault import Vault

_PARKED = text("SELECT record_id FROM parked_record WHERE record_id = ANY(:ids)")
_PARK = text("""
INSERT INTO parked_record (record_id, clinic_id, reason, lane, position, parked_at)
VALUES (:record_id, :clinic_id, :reason, :lane, :position, :now) ON CONFLICT DO NOTHING
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
