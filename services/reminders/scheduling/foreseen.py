"""What is foreseen for clients, in plain columns: prompts that come due by themselves if nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from services.reminders.ledger.plan import Planned
from services.reminders.rules.person import Person
from services.reminders.rules.plan import Detail, Occasion

# What was due by then is the scheduler's, and is judged as it is sent.
_DROP = text("""
DELETE FROM prompt p
 USING unnest(CAST(:clients AS uuid[]), CAST(:afters AS timestamptz[])) AS t(client, after)
 WHERE p.client_id = t.client AND p.due_at > t.after AND NOT p.key = ANY(CAST(:keys AS text[]))
""")
_PUT = text("""
INSERT INTO prompt (key, client_id, clinic_id, kind, channels, detail, due_at, expires_at, correlation_id)
VALUES (:key, :client_id, :clinic_id, :kind, :channels, CAST(:detail AS jsonb), :due_at, :expires_at,
        :correlation_id)
ON CONFLICT (key) DO UPDATE SET channels = excluded.channels, detail = excluded.detail,
    due_at = excluded.due_at, expires_at = excluded.expires_at, correlation_id = excluded.correlation_id
 WHERE prompt.client_id = excluded.client_id
""")
_TAKE = text("""
DELETE FROM prompt WHERE key IN (
    SELECT key FROM prompt WHERE due_at <= :until ORDER BY due_at LIMIT :batch FOR UPDATE SKIP LOCKED)
RETURNING key, client_id, clinic_id, kind, channels, detail, due_at, expires_at, correlation_id
""")
_WAIT = text("""
SELECT (SELECT count(*) FROM (SELECT FROM prompt WHERE due_at <= :now LIMIT :most) AS found) AS prompts,
       (SELECT extract(epoch FROM :now - min(due_at))::float FROM prompt WHERE due_at <= :now) AS seconds
""")


@dataclass(frozen=True)
class Foreseen:
    """All that comes due for a client after a moment."""

    person: Person
    after: datetime
    correlation_id: str
    coming: tuple[Occasion, ...]
    """As the rules have it."""


def put(connection: Connection, foreseen: Sequence[Foreseen]) -> None:
    """Writes what is to come for these clients whole; what was due before stays for the scheduler."""
    if not foreseen:
        return
    rows = [_row(occasion, one) for one in foreseen for occasion in one.coming]
    connection.execute(
        _DROP,
        {
            "clients": [one.person.client_id for one in foreseen],
            "afters": [one.after for one in foreseen],
            "keys": [row["key"] for row in rows],
        },
    )
    if rows:
        connection.execute(_PUT, rows)


def take(connection: Connection, until: datetime, *, batch: int) -> list[Planned]:
    """Takes up to `batch` that are due by `until`, passing over those that others hold.

    One whose time is over is to be recorded as expired, and not sent.
    """
    rows = connection.execute(_TAKE, {"until": until, "batch": batch}).mappings()
    return [
        Planned(
            _occasion(row),
            row["clinic_id"],
            row["correlation_id"],
            expired="stale" if until >= row["expires_at"] else None,
        )
        for row in rows
    ]


def wait(connection: Connection, now: datetime, most: int) -> tuple[int, float]:
    """How many are due and not taken, so many at the most; and since how many seconds the first."""
    row = connection.execute(_WAIT, {"now": now, "most": most}).one()
    return row.prompts, row.seconds or 0.0


def _occasion(row: Any) -> Occasion:
    return Occasion(
        key=row["key"],
        client_id=row["client_id"],
        kind=row["kind"],
        channels=tuple(row["channels"]),
        due_at=row["due_at"],
        expires_at=row["expires_at"],
        detail=msgspec.convert(row["detail"], Detail),
    )


def _row(occasion: Occasion, foreseen: Foreseen) -> dict[str, Any]:
    return {
        "key": occasion.key,
        "client_id": occasion.client_id,
        "clinic_id": foreseen.person.clinic_id,
        "kind": occasion.kind,
        "channels": list(occasion.channels),
        "detail": msgspec.json.encode(occasion.detail).decode(),
        "due_at": occasion.due_at,
        "expires_at": occasion.expires_at,
        "correlation_id": foreseen.correlation_id,
    }
