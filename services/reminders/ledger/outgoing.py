"""What we have learned and the log must know: each fact once, brought in its record's order until told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, text

from services.reminders.sealed import seal, unseal
from shared.logs import logger
from shared.sealing import Unopenable, place
from shared.vault import Vault

log = logger()

AGAIN = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=15), timedelta(minutes=1))
"""How long a fact waits after each try that came to nothing; the last of them from then on."""
LEASE = timedelta(minutes=2)
"""Whoever has taken a fact to bring it has so long before another does."""
BATCH = 50

Method = Literal["PUT", "DELETE"]
Via = Literal["sms", "web"]

_PUT = text("""
INSERT INTO outgoing (fact_id, record_id, clinic_id, kind, method, path, sealed, correlation_id, via,
                      created_at, next_attempt_at)
VALUES (:fact_id, :record_id, :clinic_id, :kind, :method, :path, :sealed, :correlation_id, :via, :now, :now)
ON CONFLICT DO NOTHING
""")
_DUE = text("""
UPDATE outgoing SET next_attempt_at = :until, tries = tries + 1 WHERE fact_id IN (
    SELECT fact_id FROM outgoing AS mine
     WHERE state = 'waiting' AND next_attempt_at <= :now
       AND NOT EXISTS (SELECT FROM outgoing AS other
                        WHERE other.record_id = mine.record_id AND other.state = 'waiting'
                          AND other.sequence < mine.sequence)
     ORDER BY next_attempt_at LIMIT :batch FOR UPDATE SKIP LOCKED)
RETURNING fact_id, record_id, clinic_id, kind, method, path, sealed, correlation_id, via, tries, sequence
""")
_SETTLE = text("""
UPDATE outgoing SET state = :state, cause = :cause, settled_at = :now, sealed = NULL
 WHERE fact_id = :fact AND state = 'waiting'
""")
_AGAIN = text(
    "UPDATE outgoing SET next_attempt_at = :at, cause = :cause WHERE fact_id = :fact AND state = 'waiting'"
)
_GIVE_BACK = text("""
UPDATE outgoing SET next_attempt_at = :now, tries = greatest(tries - 1, 0)
 WHERE fact_id = ANY(:ids) AND state = 'waiting'
""")
_REPLY_TO = text("UPDATE outgoing SET reply_to = :inbound WHERE fact_id = :fact")
_REPLIED_TO = text("SELECT reply_to FROM outgoing WHERE fact_id = :fact")
_NAMED = text("""
SELECT path FROM outgoing WHERE record_id = :record AND state = 'waiting' AND kind = :kind AND method = 'PUT'
""")
_COUNTS = text("""
SELECT kind, state, count(*) FROM (
    (SELECT kind, state FROM outgoing WHERE state = 'waiting' LIMIT :most)
    UNION ALL (SELECT kind, state FROM outgoing WHERE state = 'refused' LIMIT :most)) AS found
 GROUP BY kind, state
""")
_LAG = text("SELECT extract(epoch FROM :now - min(created_at))::float FROM outgoing WHERE state = 'waiting'")


@dataclass(frozen=True)
class Fact:
    """A PUT or a DELETE for the goals service; its path names ids and nothing else, its words are sealed.

    `fact_id` makes a second one impossible: whoever finds the same out again gives it the same id.
    """

    fact_id: UUID
    record_id: UUID
    clinic_id: UUID
    kind: str
    """The event that it comes to, for people who look: consent.withdrawn."""
    method: Method
    path: str
    correlation_id: str
    body: bytes | None = None
    via: Via = "sms"
    """The way she did it; by the web it is she who asks, and her own rights hold."""


@dataclass(frozen=True)
class Taken:
    """A fact that is ours to bring, now. `tries` counts this one."""

    fact: Fact
    tries: int


def put(connection: Connection, vault: Vault, facts: Sequence[Fact], now: datetime) -> None:
    """Writes them down, in the caller's transaction; one that is there already changes nothing.

    Raises KeyDestroyed for words of a client who was erased.
    """
    if facts:
        connection.execute(_PUT, [_row(vault, fact) | {"now": now} for fact in facts])


def reply_to(connection: Connection, fact_id: UUID, inbound_id: UUID) -> None:
    """A text waits for its acknowledgement until this fact is told."""
    connection.execute(_REPLY_TO, {"fact": fact_id, "inbound": inbound_id})


def replied_to(connection: Connection, fact_id: UUID) -> UUID | None:
    """The text that waits for this fact."""
    inbound_id: UUID | None = connection.execute(_REPLIED_TO, {"fact": fact_id}).scalar()
    return inbound_id


def named(connection: Connection, record_id: UUID, kind: str) -> list[UUID]:
    """The ids of the things of a kind that are on their way to the log."""
    paths = connection.execute(_NAMED, {"record": record_id, "kind": kind}).scalars()
    return [UUID(path.rpartition("/")[2]) for path in paths]


def take_due(connection: Connection, vault: Vault, now: datetime) -> list[Taken]:
    """Takes up to 50 facts, of each record the earliest alone, passing over those that others hold.

    One whose words were erased meanwhile is refused as such.
    """
    rows = connection.execute(_DUE, {"now": now, "until": now + LEASE, "batch": BATCH}).all()
    taken = []
    for row in sorted(rows, key=lambda row: int(row.sequence)):
        body = _opened(vault, row.record_id, row.fact_id, row.sealed)
        if row.sealed is not None and body is None:
            refused(connection, row.fact_id, "erased", now)
            continue
        fact = Fact(row.fact_id, row.record_id, row.clinic_id, row.kind, row.method, row.path,
                    row.correlation_id, body, row.via)  # fmt: skip
        taken.append(Taken(fact, row.tries))
    return taken


def told(connection: Connection, fact_id: UUID, now: datetime) -> None:
    """The log has it; its words are kept here no longer."""
    connection.execute(_SETTLE, {"fact": fact_id, "state": "told", "cause": None, "now": now})


def refused(connection: Connection, fact_id: UUID, cause: str, now: datetime) -> None:
    """The log will not have it, whatever we do; for an operator to see."""
    connection.execute(_SETTLE, {"fact": fact_id, "state": "refused", "cause": cause, "now": now})


def again(connection: Connection, taken: Taken, cause: str, now: datetime) -> None:
    """It came to nothing for now."""
    at = now + AGAIN[min(taken.tries, len(AGAIN)) - 1]
    connection.execute(_AGAIN, {"fact": taken.fact.fact_id, "at": at, "cause": cause})


def give_back(connection: Connection, fact_ids: Collection[UUID], now: datetime) -> None:
    """As if they had not been taken."""
    connection.execute(_GIVE_BACK, {"ids": list(fact_ids), "now": now})


def counts(connection: Connection, most: int) -> list[tuple[str, str, int]]:
    """How many facts have not been told, by (kind, state); of the first so many of each state."""
    return [(row[0], row[1], row[2]) for row in connection.execute(_COUNTS, {"most": most})]


def lag(connection: Connection, now: datetime) -> float:
    """For how many seconds the one that waits longest has waited."""
    return float(connection.execute(_LAG, {"now": now}).scalar() or 0.0)


def _row(vault: Vault, fact: Fact) -> dict[str, object]:
    sealed = None
    if fact.body is not None:
        sealed = seal(vault, fact.record_id, fact.body, place("outgoing", fact.fact_id))
    return {
        "fact_id": fact.fact_id,
        "record_id": fact.record_id,
        "clinic_id": fact.clinic_id,
        "kind": fact.kind,
        "method": fact.method,
        "path": fact.path,
        "sealed": sealed,
        "correlation_id": fact.correlation_id,
        "via": fact.via,
    }


def _opened(vault: Vault, record_id: UUID, fact_id: UUID, sealed: bytes | None) -> bytes | None:
    if sealed is None:
        return None
    try:
        return unseal(vault, record_id, sealed, place("outgoing", fact_id))
    except Unopenable:
        log.error("row cannot be opened", kind="outgoing", record=str(fact_id))
        return None
