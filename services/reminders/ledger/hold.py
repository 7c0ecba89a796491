"""Whether the ledger holds what it would send: after a restore, until it has been reconciled."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from services.reminders.ledger import tally
from services.reminders.schema import EXPECTED

Why = Literal["moved", "behind", "asked"]
"""It lives elsewhere than before; the bell remembers a later ledger; an operator said so."""

HELD = "CN020"
"""The database's word to whoever claims a message meanwhile."""

STEP = "r0010"
"""Before it there is no hold."""
_STANDING = text("""
SELECT held_at, coalesce(cause, CASE WHEN home <> ledger_home() THEN 'moved' END) AS cause FROM hold
""")
_NOTICE = text("""
UPDATE hold SET held_at = :now, cause = CASE WHEN home <> ledger_home() THEN 'moved' ELSE 'behind' END
 WHERE held_at IS NULL AND (home <> ledger_home() OR pulse < :remembered)
RETURNING cause
""")
_ASK = text("UPDATE hold SET held_at = :now, cause = 'asked' WHERE held_at IS NULL RETURNING cause")
_BEAT = text("UPDATE hold SET pulse = pulse + 1 WHERE held_at IS NULL RETURNING pulse")
_RELEASE = text("""
UPDATE hold SET held_at = NULL, cause = NULL, released_at = :now, home = ledger_home(),
       pulse = greatest(pulse, :remembered)
""")
# An answer is as old as the text that it answers, a digest as the week that it tells of.
_IN_DOUBT = text("""
SELECT m.message_id, due.at FROM message m LEFT JOIN direct d USING (message_id) CROSS JOIN LATERAL (
    SELECT CASE
        WHEN d.kind = 'digest' THEN least(m.created_at, :until)
        WHEN m.direct THEN least(m.created_at, (
            SELECT min(i.received_at) FROM inbound i
             WHERE i.client_id = m.client_id AND i.correlation_id = m.correlation_id))
        ELSE (
            SELECT min(o.due_at - o.clock_offset) FROM message_occasion mo JOIN occasion o USING (occasion_id)
             WHERE mo.message_id = m.message_id AND mo.state = 'planned') END AS at) AS due
 WHERE m.state = 'planned' AND due.at <= :until AND coalesce(d.kind, '') NOT IN ('signpost', 'flag')
 ORDER BY m.created_at, m.message_id FOR UPDATE OF m
""")
_UNKNOWN = text("""
UPDATE message m
   SET state = 'unknown', cause = 'restored', settled_at = :now, sealed = NULL, reconcile_tries = 0,
       claimed_at = doubtful.at, said_at = doubtful.at + m.clock_offset,
       reconcile_at = CASE WHEN m.channel = 'sms' THEN CAST(:now AS timestamptz) END
  FROM unnest(CAST(:ids AS uuid[]), CAST(:at AS timestamptz[])) AS doubtful (message_id, at)
 WHERE m.message_id = doubtful.message_id RETURNING m.channel
""")
_SAID = text(
    "UPDATE message_occasion SET state = 'saying' WHERE message_id = ANY(:ids) AND state = 'planned'"
)
_GO_ON = text("""
UPDATE message SET cause = NULL, next_attempt_at = :now, rung_at = NULL
 WHERE state = 'planned' AND cause = 'restored'
""")


class Standing(NamedTuple):
    """Since when it is held, None where nobody has looked since, and why; None in both while it sends."""

    held_at: datetime | None
    cause: Why | None


def standing(connection: Connection) -> Standing:
    """How it is now. A schema that this code serves too, and that has no hold, holds nothing."""
    if not EXPECTED.has(connection, STEP):
        return Standing(None, None)
    return Standing(*connection.execute(_STANDING).one())


def notice(connection: Connection, remembered: int, now: datetime) -> Why | None:
    """Writes down that the ledger was restored, where it was; why, the first time. The bell `remembered`."""
    if not EXPECTED.has(connection, STEP):
        return None
    noticed: Why | None = connection.execute(_NOTICE, {"remembered": remembered, "now": now}).scalar()
    return noticed


def ask(connection: Connection, now: datetime) -> bool:
    """Holds it, because somebody says so; False where it is held already."""
    return connection.execute(_ASK, {"now": now}).first() is not None


def beat(connection: Connection) -> int | None:
    """The ledger's pulse, one further; None while it is held. Told to the bell, it outlives a restore."""
    if not EXPECTED.has(connection, STEP):
        return None
    count: int | None = connection.execute(_BEAT).scalar()
    return count


def call_unknown(connection: Connection, until: datetime, now: datetime) -> int:
    """What is planned and was due by then, the lost ledger may have sent: it is `unknown`. How many."""
    found = connection.execute(_IN_DOUBT, {"until": until}).all()
    ids = [row.message_id for row in found]
    doubted = connection.execute(_UNKNOWN, {"ids": ids, "at": [row.at for row in found], "now": now})
    tally.each_moved(connection, doubted.scalars(), "unknown", "restored")
    connection.execute(_SAID, {"ids": ids})
    return len(ids)


def release(connection: Connection, remembered: int, now: datetime) -> int:
    """Lets it send from here on, also what was put off meanwhile; gives how many that is."""
    connection.execute(_RELEASE, {"remembered": remembered, "now": now})
    return int(connection.execute(_GO_ON, {"now": now}).rowcount)


def is_held(error: DBAPIError) -> bool:
    """Whether the database refused a claim because the ledger is held."""
    return getattr(error.orig, "sqlstate", None) == HELD
