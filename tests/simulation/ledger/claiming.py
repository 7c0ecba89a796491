"""What the statements of a claim do: what waits, each way that it ends, and what was said lately."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from services.reminders.ledger import claim, count, planned
from tests.simulation.ledger.guard import may_send
from tests.simulation.ledger.memory import Params, models
from tests.simulation.ledger.rows import Link, Message
from tests.simulation.ledger.tables import Tables

GOING = frozenset({"sending", "sent", "delivered", "unknown"})
"""What was said, or may have been."""


def is_planned(t: Tables, message_id: UUID) -> Message | None:
    """The message, while it is planned."""
    row = t.message.get(message_id)
    return row if row is not None and row.state == "planned" else None


def links(t: Tables, message_id: UUID, *, state: str = "planned") -> list[Link]:
    """What it says, in one of the states."""
    return [one for one in t.link.of(message_id) if one.state == state]


def set_link(t: Tables, link: Link, **changes: Any) -> None:
    """Changes what a message says."""
    t.link.change((link.message_id, link.occasion_id), link, **changes)


@models(claim._WHOSE, "direct", "client_id", "channel", "queue", "clock_offset")
def _whose(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    row = t.message.get(p["message"])
    return [] if row is None else [(row.direct, row.client_id, row.channel, row.queue, row.clock_offset)]


@models(claim._LOCK, "message_id", ordered=True)
def _lock(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    due = [
        (row.created_at, row.message_id)
        for row in t.message.states("planned")
        if row.client_id == p["client"]
        and row.channel == p["channel"]
        and row.queue == p["queue"]
        and row.clock_offset == p["offset"]
        and row.next_attempt_at <= p["now"]
        and not row.direct
        and p["only"] in (None, row.message_id)
    ]
    return [(message_id,) for _, message_id in sorted(due)]


@models(
    claim._WAITING,
    "message_id", "correlation_id", "next_attempt_at", "occasion_id", "key", "client_id", "kind", "source",
    "due_at", "expires_at", "detail",
    ordered=True,
)  # fmt: skip
def _waiting(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    found = []
    for message_id in p["ids"]:
        m = t.message.rows[message_id]
        for link in links(t, message_id):
            o = t.occasion.rows[link.occasion_id]
            place = (m.created_at, m.message_id, o.due_at, o.occasion_id)
            said = (m.message_id, m.correlation_id, m.next_attempt_at, o.occasion_id, o.key, o.client_id,
                    o.kind, o.source, o.due_at, o.expires_at, o.detail)  # fmt: skip
            found.append((place, said))
    return [row for _, row in sorted(found, key=lambda one: one[0])]


@models(claim._HOLD, "channel")
def _hold(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    row = is_planned(t, p["message"])
    if row is None:
        return []
    t.message.change(row.message_id, row, next_attempt_at=p["until"], cause=p["cause"], rung_at=None)
    return [(row.channel,)]


@models(claim._OPEN_PARKED)
def _open_parked(t: Tables, p: Params) -> None:
    for row in list(t.message.of(p["client"])):
        if row.state == "planned" and row.cause == "parked":
            t.message.change(row.message_id, row, next_attempt_at=p["now"], cause=None, rung_at=None)


@models(claim._END_LINK)
def _end_link(t: Tables, p: Params) -> None:
    link = t.link.get((p["message"], p["occasion"]))
    if link is not None and link.state == "planned":
        set_link(t, link, state=p["state"], cause=p["cause"])


@models(claim._END, "channel")
def _end(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    row = is_planned(t, p["message"])
    if row is None:
        return []
    may_send(t, row, p["state"], p["cause"])
    t.message.change(row.message_id, row, state=p["state"], cause=p["cause"], settled_at=p["now"])
    return [(row.channel,)]


@models(claim._TAKE, "channel")
def _take(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    for link in links(t, p["message"]):
        set_link(t, link, state="saying")
    return take_alone(t, p)


def take_alone(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    """The message is taken, and what it says is not."""
    row = is_planned(t, p["message"])
    if row is None:
        return []
    may_send(t, row, "sending", None)
    t.message.change(
        row.message_id,
        row,
        state="sending",
        cause=None,
        attempts=row.attempts + 1,
        claimed_at=p["now"],
        said_at=p["said"],
        sealed=p["sealed"],
        consent_id=p["consent"],
    )
    return [(row.channel,)]


@models(claim._MOVE)
def _move(t: Tables, p: Params) -> None:
    moved = links(t, p["from_"])
    for link in moved:
        set_link(t, link, state="merged")
    if row := is_planned(t, p["from_"]):
        may_send(t, row, "suppressed", "merged")
        t.message.change(row.message_id, row, state="suppressed", cause="merged", settled_at=p["now"])
    for link in moved:
        key = (p["into"], link.occasion_id)
        if t.link.get(key) is None:
            t.link.put(key, Link(p["into"], link.occasion_id, "planned"))


def said(t: Tables, client_id: UUID) -> Iterator[tuple[Message, Any]]:
    """Each message that said something to her, or may have, with each occasion that it said."""
    for m in t.message.of(client_id):
        if m.state in GOING:
            for link in links(t, m.message_id, state="saying"):
                yield m, t.occasion.rows[link.occasion_id]


@models(count._LATELY, "heard_at", "key", "kind", "due_at", "channel", "said_at", "by_her")
def _lately(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    heard = max((one.received_at for one in t.inbound.of(p["client"])), default=None)
    found: list[tuple[Any, ...]] = [
        (heard, o.key, o.kind, o.due_at, m.channel, m.said_at, "reminder_id" in o.detail)
        for m, o in said(t, p["client"])
        if m.said_at is not None and m.said_at >= p["since"]
    ]
    return found or [(heard, None, None, None, None, None, None)]


@models(count._SENT, "client_id", "messages")
def _sent(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    counts = [
        (
            client,
            sum(
                m.state in GOING and not m.direct and m.created_at >= p["since"] for m in t.message.of(client)
            ),
        )
        for client in p["clients"]
    ]
    return [one for one in counts if one[1]]


@models(planned._KEYS, "key")
def _keys(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return [(o.key,) for o in t.occasion.of(p["client"]) if o.due_at >= p["since"]]
