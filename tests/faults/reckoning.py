"""The closing count: what was accepted, what the log has, what was sent, and what the provider counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid5

from sqlalchemy import text

from infra.standin.accepted import FINAL
from infra.standin.accepted import Message as Handed
from tests.faults.crowd import Crowd
from tests.faults.pulse import STILL, Standstill
from tests.faults.town import Town

BECAME = {"delivered": "delivered", "undelivered": "failed", "failed": "failed"}
"""What the ledger calls what the provider has come to."""

_EVENTS = text("SELECT record_id, type, event_id FROM cairn.event")
_BEHIND = text("SELECT lane, position FROM cairn.lane_head WHERE position > 0")
_READ = text("SELECT lane, position FROM checkpoint WHERE position > 0")
_MESSAGES = text("""
SELECT message_id, client_id, state, state = 'planned' AND next_attempt_at > now() + interval '1 hour' AS held
  FROM message WHERE channel = 'sms'
""")
_UNTOLD = text("SELECT count(*) FROM outgoing WHERE state <> 'told'")
_CELEBRATED = text("SELECT DISTINCT client_id FROM occasion WHERE kind = 'celebration'")
_PARKED = text("SELECT count(*) FROM parked_record")


@dataclass
class Reckoning:
    """The count of one moment. `lost` and `twice` name what they found, by what it is."""

    accepted: int = 0
    in_the_log: int = 0
    said: int = 0
    """Messages that the ledger says went."""
    counted: int = 0
    """Messages that the provider says it got."""
    failed_there: int = 0
    """Of these, those that failed there, as it has told."""
    unknown: int = 0
    states: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    """What is still under way, or could be told by now and is not."""
    stands: str = ""
    """Where it stands still, when it does and something is unsettled or lost."""


def reckon(town: Town, crowd: Crowd) -> Reckoning:
    """Counts now."""
    it = Reckoning()
    _facts(it, town, crowd)
    _messages(it, town, crowd)
    return it


def settled(town: Town, crowd: Crowd, still: float = STILL) -> Reckoning:
    """The count once nothing is under way; or as it is when nothing has moved for so many seconds."""
    counts: list[Reckoning] = []

    def is_over() -> bool:
        counts[:] = [reckon(town, crowd)]
        return not (counts[0].unsettled or counts[0].lost)

    try:
        town.pulse.wait(is_over, "it is not settled", still, every=0.2)
    except Standstill as stood:
        counts[0].stands = str(stood)
    return counts[0]


def _facts(it: Reckoning, town: Town, crowd: Crowd) -> None:
    with town.log.connect() as connection:
        events = connection.execute(_EVENTS).all()
        heads = {row.lane: row.position for row in connection.execute(_BEHIND)}
    with town.ledger.connect() as connection:
        read = {row.lane: row.position for row in connection.execute(_READ)}
        if connection.execute(_UNTOLD).scalar_one():
            it.unsettled.append("facts not told")
        it.lost += ["a record is parked"] * connection.execute(_PARKED).scalar_one()
    by_id = Counter(row.event_id for row in events)
    by_kind = Counter((row.record_id, row.type) for row in events)
    it.twice += [f"event {event}" for event, count in by_id.items() if count > 1]
    it.accepted = len(crowd.accepted)
    for name, (client, kind) in crowd.accepted.items():
        found = by_id[name] if kind.startswith("cairn.win.") else by_kind[client, kind]
        it.in_the_log += found > 0
        if found != 1:
            (it.twice if found else it.lost).append(f"{kind} of {client}")
    if heads != read:
        it.unsettled.append("events not followed")


def _messages(it: Reckoning, town: Town, crowd: Crowd) -> None:
    handed = {}
    for one in town.provider.accepted.all():
        handed[message_of(one)] = one
    with town.ledger.connect() as connection:
        rows = connection.execute(_MESSAGES).all()
        celebrated = set(connection.execute(_CELEBRATED).scalars())
    it.counted = len(town.provider.accepted.all())
    it.failed_there = sum(row.state == "failed" and row.message_id in handed for row in rows)
    it.states = Counter(row.state for row in rows)
    it.said = it.states["sent"] + it.states["delivered"]
    it.unknown = it.states["unknown"]
    it.twice += [f"message {reference}" for reference in town.provider.accepted.twice()]
    known = {row.message_id for row in rows}
    it.lost += [f"message {one}, which only the provider knows" for one in handed.keys() - known]
    it.lost += [f"the celebration of {client}" for client in crowd.celebrated - celebrated]
    it.lost += [f"the answer to {text}" for text in crowd.answered if not known & set(_answers(text))]
    it.unsettled += [
        wrong for row in rows if (wrong := _wrong(row.state, row.held, handed.get(row.message_id)))
    ]


def _wrong(state: str, held: bool, handed: Handed | None) -> str | None:
    """What is not as the provider has it, or not yet."""
    if state in ("planned", "sending") and not held:
        return f"{state} still"
    if handed is not None and handed.status in FINAL and state != BECAME[handed.status]:
        return f"{state}, and {handed.status} at the provider"
    if handed is None and state in ("sent", "delivered"):
        return f"{state}, and never handed over"
    return None


def _answers(inbound: UUID) -> Iterable[UUID]:
    """The ids that the answer to a text may have."""
    return uuid5(inbound, "acknowledgement"), uuid5(inbound, "answer:reply")


def message_of(handed: Handed) -> UUID:
    """Which message of ours the provider has there: the address of its callback names it."""
    return UUID(parse_qs(urlsplit(handed.reference).query)["message"][0])
