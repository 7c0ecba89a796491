"""What we have asked her and she may answer: of which goal, or for a number. One of each, for 48 hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from services.reminders.rules.cadence import ONE_DAY
from services.reminders.rules.plan import Detail
from services.reminders.rules.replies.reply import Reply
from services.reminders.sealed import seal, unseal
from shared.sealing import place
from shared.vault import Vault

OPEN = timedelta(hours=48)
Kind = Literal["which", "opt_in"]

_ASK = text("""
INSERT INTO question (client_id, kind, goals, sealed, asked_at) VALUES (:client, :kind, :goals, :sealed, :now)
ON CONFLICT (client_id, kind) DO UPDATE SET goals = excluded.goals, sealed = excluded.sealed,
    asked_at = excluded.asked_at
""")
_CLOSE = text("DELETE FROM question WHERE client_id = :client AND kind = :kind")
_OPEN = text("SELECT kind, goals, sealed FROM question WHERE client_id = :client AND asked_at > :since")
_PROMPTED = text("""
SELECT o.kind, (o.detail->>'goal_id')::uuid AS goal_id, max(m.said_at) AS at
  FROM message m JOIN message_occasion mo USING (message_id) JOIN occasion o USING (occasion_id)
 WHERE m.client_id = :client AND m.state IN ('sending', 'sent', 'delivered', 'unknown')
   AND mo.state = 'saying' AND m.said_at - m.clock_offset > :since AND o.kind IN ('practice', 'rating')
 GROUP BY 1, 2 ORDER BY 3 DESC
""")

_LAST_SLOT = text("""
SELECT o.detail
  FROM message m JOIN message_occasion mo USING (message_id) JOIN occasion o USING (occasion_id)
 WHERE m.client_id = :client AND m.channel = 'sms' AND mo.state = 'saying' AND o.kind = 'practice'
   AND m.state IN ('sending', 'sent', 'delivered', 'unknown') AND m.said_at - m.clock_offset > :since
 ORDER BY m.said_at DESC LIMIT 1
""")


class Which(NamedTuple):
    """Of which goal: what the letters meant when we asked, and what she had said."""

    goals: tuple[UUID, ...]
    meant: Reply | None


class Prompt(NamedTuple):
    """What we last prompted for: a practice or a rating, of which goal, and when."""

    kind: Literal["practice", "rating"]
    goal_id: UUID | None
    at: datetime


def ask_which(connection: Connection, vault: Vault, client_id: UUID, which: Which, now: datetime) -> None:
    """Writes down that we asked; it takes the place of an earlier question."""
    plain = msgspec.json.encode(which.meant)
    sealed = seal(vault, client_id, plain, place("question", client_id))
    row = {"client": client_id, "kind": "which", "goals": list(which.goals), "sealed": sealed, "now": now}
    connection.execute(_ASK, row)


def ask_opt_in(connection: Connection, client_id: UUID, now: datetime) -> None:
    """Writes down that we asked for her YES."""
    connection.execute(_ASK, {"client": client_id, "kind": "opt_in", "goals": [], "sealed": None, "now": now})


def close(connection: Connection, client_id: UUID, kind: Kind) -> None:
    """It is answered."""
    connection.execute(_CLOSE, {"client": client_id, "kind": kind})


def open_which(connection: Connection, vault: Vault, client_id: UUID, now: datetime) -> Which | None:
    """The question of which goal, if it is open."""
    row = _row(connection, client_id, "which", now)
    if row is None:
        return None
    plain = unseal(vault, client_id, row[1], place("question", client_id)) if row[1] is not None else None
    meant = msgspec.json.decode(plain, type=Reply | None) if plain is not None else None
    return Which(tuple(row[0]), meant)


def asked_opt_in(connection: Connection, client_id: UUID, now: datetime) -> bool:
    """Whether a YES would be the answer to ours."""
    return _row(connection, client_id, "opt_in", now) is not None


def prompts(connection: Connection, client_id: UUID, now: datetime) -> list[Prompt]:
    """What we prompted for within 48 hours, latest first."""
    rows = connection.execute(_PROMPTED, {"client": client_id, "since": now - OPEN})
    return [Prompt(row.kind, row.goal_id, row.at) for row in rows]


def last_slot(connection: Connection, client_id: UUID, now: datetime) -> Detail | None:
    """The practice reminder that LATER means: the last one of a day, on her phone."""
    row = connection.execute(_LAST_SLOT, {"client": client_id, "since": now - ONE_DAY}).first()
    return msgspec.convert(row.detail, Detail) if row is not None else None


def _row(
    connection: Connection, client_id: UUID, kind: Kind, now: datetime
) -> tuple[list[UUID], bytes | None] | None:
    rows = connection.execute(_OPEN, {"client": client_id, "since": now - OPEN})
    return next(((list(row.goals), row.sealed) for row in rows if row.kind == kind), None)
