"""What the statements of an erasure and of a hold do: forgetting her, and sending nothing for a while."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from services.reminders.ledger import erasing, hold
from tests.simulation.ledger import rows
from tests.simulation.ledger.claiming import links, set_link
from tests.simulation.ledger.memory import Params, models
from tests.simulation.ledger.tables import Tables


@models(erasing._ERASED, "client_id")
def _erased(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return [(key,) for key in p["ids"] if t.erased.get(key) is not None]


@models(erasing._NOTE)
def _note(t: Tables, p: Params) -> None:
    if t.erased.get(p["client"]) is None:
        t.erased.put(p["client"], rows.Erased(p["client"], p["clinic"], p["now"]))


@models(erasing._NO_REMINDERS)
def _no_reminders(t: Tables, p: Params) -> None:
    for row in list(t.reminder.of(p["client"])):
        t.reminder.drop(row.reminder_id)


def _planned(t: Tables, client_id: UUID) -> list[rows.Message]:
    return [row for row in t.message.of(client_id) if row.state == "planned"]


@models(erasing._UNSAID)
def _unsaid(t: Tables, p: Params) -> None:
    for row in _planned(t, p["client"]):
        for link in links(t, row.message_id):
            set_link(t, link, state="suppressed", cause="erased")


@models(erasing._UNSENT, "channel")
def _unsent(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    planned = _planned(t, p["client"])
    for row in planned:
        t.message.change(row.message_id, row, state="suppressed", cause="erased", settled_at=p["now"])
    return [(row.channel,) for row in planned]


@models(erasing._TO_EMPTY)
def _to_empty(t: Tables, p: Params) -> None:
    for row in list(t.message.of(p["client"])):
        there = row.provider_id is not None or row.state == "unknown"
        if row.channel == "sms" and row.redacted_at is None and row.state != "sending" and there:
            t.message.change(row.message_id, row, reconcile_at=p["now"], reconcile_tries=0)


@models(erasing._UNTOLD)
def _untold(t: Tables, p: Params) -> None:
    for row in list(t.outgoing.of(p["client"])):
        if row.state == "waiting":
            t.outgoing.change(
                row.fact_id, row, state="refused", cause="erased", settled_at=p["now"], sealed=None
            )


@models(erasing._FORGET, "forget_client")
def _forget(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    client = p["client"]
    assert t.erased.get(client) is not None
    t.person.drop(client)
    for contact in list(t.contact.of(client)):
        t.contact.drop((contact.channel, contact.address_hash, client))
    for reminder in list(t.reminder.of(client)):
        t.reminder.drop(reminder.reminder_id)
    for prompt in list(t.prompt.of(client)):
        t.prompt.drop(prompt.key)
    for silence in list(t.quiet.of(client)):
        t.quiet.drop((client, silence.cause))
    for question in list(t.question.of(client)):
        t.question.drop((client, question.kind))
    for event in list(t.parked_event.of(client)):
        t.parked_event.drop((event.lane, event.position))
    t.parked_record.drop(client)
    for told in t.direct.all():
        m = t.message.rows[told.message_id]
        if told.sealed is not None and client in (told.record_id, m.client_id):
            t.direct.change(told.message_id, told, sealed=None)
    for heard in list(t.inbound.of(client)):
        t.inbound.change(heard.inbound_id, heard, sealed=None, from_hash=b"")
    for flag in t.flag.all():
        if flag.client_id == client:
            t.flag.change(flag.flag_id, flag, next_notice_at=None)
    return [("",)]


@models(erasing._UNSEAL)
def _unseal(t: Tables, p: Params) -> None:
    for row in list(t.message.of(p["client"])):
        if row.sealed is not None:
            t.message.change(row.message_id, row, sealed=None)


@models(erasing._DUE, "client_id", ordered=True)
def _due(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    def is_needed(client: UUID) -> bool:
        return any(
            m.state == "sending"
            or (p["asks"] and m.sealed is not None and m.reconcile_at is not None and m.reconcile_tries == 0)
            for m in t.message.of(client)
        )

    found = [
        row
        for row in t.erased.rows.values()
        if row.key_destroyed_at is None and (row.erased_at <= p["long_ago"] or not is_needed(row.client_id))
    ]
    return [(row.client_id,) for row in sorted(found, key=lambda one: one.erased_at)[: p["batch"]]]


@models(erasing._DESTROYED)
def _destroyed(t: Tables, p: Params) -> None:
    row = t.erased.get(p["client"])
    if row is not None and row.key_destroyed_at is None:
        t.erased.change(p["client"], row, key_destroyed_at=p["now"])


@models(hold._STANDING, "held_at", "cause")
def _standing(t: Tables, _: Params) -> list[tuple[Any, ...]]:
    row = t.hold.rows[True]
    return [(row.held_at, row.cause or (None if row.at_home else "moved"))]


def _set(t: Tables, when: Callable[[rows.Hold], bool], **changes: Any) -> rows.Hold | None:
    row = t.hold.rows[True]
    return t.hold.change(True, row, **changes) if when(row) else None


@models(hold._NOTICE, "cause")
def _notice(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    away = not t.hold.rows[True].at_home
    row = _set(
        t,
        lambda row: row.held_at is None and (away or row.pulse < p["remembered"]),
        held_at=p["now"],
        cause="moved" if away else "behind",
    )
    return [] if row is None else [(row.cause,)]


@models(hold._ASK, "cause")
def _ask(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    row = _set(t, lambda row: row.held_at is None, held_at=p["now"], cause="asked")
    return [] if row is None else [(row.cause,)]


@models(hold._BEAT, "pulse")
def _beat(t: Tables, _: Params) -> list[tuple[Any, ...]]:
    pulse = t.hold.rows[True].pulse + 1
    row = _set(t, lambda row: row.held_at is None, pulse=pulse)
    return [] if row is None else [(row.pulse,)]


@models(hold._RELEASE)
def _release(t: Tables, p: Params) -> None:
    pulse = max(t.hold.rows[True].pulse, p["remembered"])
    _set(t, lambda _: True, held_at=None, cause=None, released_at=p["now"], at_home=True, pulse=pulse)


def _in_doubt_since(t: Tables, m: rows.Message, until: datetime) -> datetime | None:
    told = t.direct.get(m.message_id)
    if told is not None and told.kind == "digest":
        return min(m.created_at, until)
    if m.direct:
        heard = [
            one.received_at
            for one in t.inbound.of(m.client_id)
            if m.client_id is not None and one.correlation_id == m.correlation_id
        ]
        return min([m.created_at, *heard])
    occasions = [t.occasion.rows[link.occasion_id] for link in links(t, m.message_id)]
    return min((one.due_at - one.clock_offset for one in occasions), default=None)


@models(hold._IN_DOUBT, "message_id", "at", ordered=True)
def _in_doubt(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    found = []
    for m in t.message.states("planned"):
        told = t.direct.get(m.message_id)
        at = _in_doubt_since(t, m, p["until"])
        if at is not None and at <= p["until"] and (told is None or told.kind not in {"signpost", "flag"}):
            found.append(((m.created_at, m.message_id), (m.message_id, at)))
    return [row for _, row in sorted(found)]


@models(hold._UNKNOWN, "channel")
def _unknown(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    for message_id, at in zip(p["ids"], p["at"], strict=True):
        m = t.message.rows[message_id]
        t.message.change(
            message_id,
            m,
            state="unknown",
            cause="restored",
            settled_at=p["now"],
            sealed=None,
            reconcile_tries=0,
            claimed_at=at,
            said_at=at + m.clock_offset,
            reconcile_at=p["now"] if m.channel == "sms" else None,
        )
    return [(t.message.rows[message_id].channel,) for message_id in p["ids"]]


@models(hold._SAID)
def _said(t: Tables, p: Params) -> None:
    for message_id in p["ids"]:
        for link in links(t, message_id):
            set_link(t, link, state="saying")


@models(hold._GO_ON)
def _go_on(t: Tables, p: Params) -> int:
    waiting = [row for row in t.message.states("planned") if row.cause == "restored"]
    for row in waiting:
        t.message.change(row.message_id, row, cause=None, next_attempt_at=p["now"], rung_at=None)
    return len(waiting)
