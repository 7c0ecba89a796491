"""What pages show beside states: goals and latest entries of many clients, facts of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from services.goals.current import opened
from services.goals.log.stored import COLUMNS, open_row
from services.goals.rules.attention import Lately
from services.goals.rules.goal import Goal
from shared import arrays
from shared.events import ConsentGiven, ConsentWithdrawn, Event, Recorded, TeamSet, WinRecorded, WinVoided
from shared.vault import Vault

_GOALS = text("SELECT * FROM cairn.goals_of(:clinic, CAST(:records AS uuid[]))")
_ENTRIES = text("SELECT * FROM cairn.entries_of(:clinic, CAST(:records AS uuid[]), :since)")

_KINDS = text(f"SELECT {COLUMNS} FROM cairn.load(:clinic, :record) WHERE type = ANY(:kinds)")  # noqa: S608  our own columns


def goals_of(
    connection: Connection, vault: Vault, clinic_id: UUID, client_ids: Collection[UUID]
) -> dict[UUID, list[Goal]]:
    """The goals of these clients of the clinic, by client; who is erased has none."""
    rows = connection.execute(_GOALS, {"clinic": clinic_id, "records": arrays.ids(client_ids)}).all()
    keys = vault.keys(row.record_id for row in rows)
    found: dict[UUID, list[Goal]] = defaultdict(list)
    for row in rows:
        if row.record_id in keys:
            state = opened(row, keys[row.record_id]).state
            assert isinstance(state, Goal)
            found[row.record_id].append(state)
    return found


def entries_of(
    connection: Connection, clinic_id: UUID, client_ids: Collection[UUID], since: datetime
) -> dict[UUID, list[Lately]]:
    """What these clients entered since then, and what of it was voided; never words."""
    values = {"clinic": clinic_id, "records": arrays.ids(client_ids), "since": since}
    found: dict[UUID, list[Lately]] = defaultdict(list)
    for row in connection.execute(_ENTRIES, values):
        kind = row.type.removeprefix("cairn.").rpartition(".v")[0]
        found[row.record_id].append(Lately(kind, row.occurred_at, msgspec.json.decode(row.body)))
    return found


def wins_of(connection: Connection, vault: Vault, clinic_id: UUID, client_id: UUID) -> tuple[Recorded, ...]:
    """All wins of a client's record, and what voids some of them; nothing else of it is opened."""
    return _of(connection, vault, clinic_id, client_id, WinRecorded, WinVoided)


def consents_of(
    connection: Connection, vault: Vault, clinic_id: UUID, client_id: UUID
) -> tuple[Recorded, ...]:
    """All that a client agreed to and withdrew, in the order in which it was recorded."""
    return _of(connection, vault, clinic_id, client_id, ConsentGiven, ConsentWithdrawn)


def teams_of(connection: Connection, vault: Vault, clinic_id: UUID, client_id: UUID) -> tuple[Recorded, ...]:
    """Who was on a client's team from when on, in the order in which it was recorded."""
    return _of(connection, vault, clinic_id, client_id, TeamSet)


def _of(
    connection: Connection, vault: Vault, clinic_id: UUID, client_id: UUID, *kinds: type[Event]
) -> tuple[Recorded, ...]:
    values = {"clinic": clinic_id, "record": client_id, "kinds": [kind.TYPE for kind in kinds]}
    rows = connection.execute(_KINDS, values).all()
    key = vault.key(client_id) if rows else None
    return tuple(open_row(row, key).event for row in rows)
