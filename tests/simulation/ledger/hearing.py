"""What the statements about answers do: texts, questions, silences, refusals, and what the log must know."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.reminders import standing
from services.reminders.ledger import dead, direct, inbound, opt_out, outgoing, questions, quiet
from tests.simulation.ledger import rows
from tests.simulation.ledger.claiming import said
from tests.simulation.ledger.memory import Params, models
from tests.simulation.ledger.tables import Tables


@models(inbound._NEW, "inbound_id")
def _new(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    if t.inbound.get(p["inbound"]) is not None:
        return []
    t.inbound.put(
        p["inbound"], rows.Inbound(p["inbound"], p["channel"], p["hash"], p["now"], p["correlation_id"])
    )
    return [(p["inbound"],)]


@models(inbound._KEEP)
def _keep(t: Tables, p: Params) -> None:
    row = t.inbound.get(p["inbound"])
    if row is not None:
        t.inbound.change(
            row.inbound_id,
            row,
            client_id=p["client"],
            clinic_id=p["clinic"],
            intent=p["intent"],
            safety=p["safety"],
            sealed=p["sealed"],
            fell_back=p["fell_back"],
        )


@models(inbound._FELL_BACK, "exists")
def _fell_back(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return [
        (
            any(
                row.fell_back and row.from_hash == p["hash"] and row.received_at > p["since"]
                for row in t.inbound.rows.values()
            ),
        )
    ]


@models(inbound._WRITTEN, "client_id", "clinic_id", "sealed", "correlation_id")
def _written(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    row = t.inbound.get(p["inbound"])
    return [] if row is None else [(row.client_id, row.clinic_id, row.sealed, row.correlation_id)]


@models(questions._ASK)
def _ask(t: Tables, p: Params) -> None:
    t.question.put(
        (p["client"], p["kind"]),
        rows.Question(p["client"], p["kind"], list(p["goals"]), p["sealed"], p["now"]),
    )


@models(questions._CLOSE)
def _close(t: Tables, p: Params) -> None:
    t.question.drop((p["client"], p["kind"]))


@models(questions._OPEN, "kind", "goals", "sealed")
def _open(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    hers = t.question.of(p["client"])
    return [(row.kind, row.goals, row.sealed) for row in hers if row.asked_at > p["since"]]


@models(questions._PROMPTED, "kind", "goal_id", "at")
def _prompted(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    latest: dict[tuple[str, UUID | None], datetime] = {}
    for m, o in said(t, p["client"]):
        if o.kind not in {"practice", "rating"} or m.said_at is None:
            continue
        if m.said_at - m.clock_offset > p["since"]:
            goal = o.detail.get("goal_id")
            key = (o.kind, UUID(goal) if goal else None)
            latest[key] = max(m.said_at, latest.get(key, m.said_at))
    return sorted(((*key, at) for key, at in latest.items()), key=lambda row: row[2], reverse=True)


@models(questions._LAST_SLOT, "detail", ordered=True)
def _last_slot(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    found = [
        (m.said_at, o.detail)
        for m, o in said(t, p["client"])
        if m.channel == "sms"
        and o.kind == "practice"
        and m.said_at is not None
        and m.said_at - m.clock_offset > p["since"]
    ]
    return [(detail,) for _, detail in sorted(found, key=lambda one: one[0], reverse=True)[:1]]


@models(quiet._BEGIN)
def _begin(t: Tables, p: Params) -> None:
    key = (p["client"], p["cause"])
    old = t.quiet.get(key)
    until = p["until"] if old is None else max(old.until, p["until"])
    t.quiet.put(key, rows.Quiet(p["client"], p["cause"], until))


@models(quiet._END)
def _end(t: Tables, p: Params) -> None:
    for row in list(t.quiet.of(p["client"])):
        if row.cause != "after_flag":
            t.quiet.drop((row.client_id, row.cause))


def _silence(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    found = [row for row in t.quiet.of(p["client"]) if row.until > p["now"]]
    found.sort(key=lambda row: row.until, reverse=True)
    return [(row.until, row.cause) for row in found[:1]]


@models(quiet._NOW, "until", "cause", ordered=True)
def _now(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return _silence(t, p)


@models(quiet._DROP, "channel")
def _drop(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    dropped: set[UUID] = set()
    going_on: set[UUID] = set()
    for m in list(t.message.of(p["client"])):
        for link in t.link.of(m.message_id):
            if link.state != "planned":
                continue
            if t.occasion.rows[link.occasion_id].kind == "celebration":
                key = (link.message_id, link.occasion_id)
                t.link.change(key, link, state="suppressed", cause="after_flag")
                dropped.add(m.message_id)
            else:
                going_on.add(m.message_id)
    ended = [
        (message_id, m)
        for message_id in dropped - going_on
        if (m := t.message.rows[message_id]).state == "planned"
    ]
    for message_id, m in ended:
        t.message.change(message_id, m, state="suppressed", cause="after_flag", settled_at=p["now"])
    return [(m.channel,) for _, m in ended]


@models(opt_out._RECORD, "address_hash")
def _record(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    for key in p["hashes"]:
        old = t.opt_out.get(key)
        if old is None:
            t.opt_out.put(key, rows.OptOut(key, p["channel"], p["source"], p["now"]))
        else:
            at = max(old.at, p["now"]) if old.lifted_at is None else p["now"]
            t.opt_out.change(key, old, source=p["source"], at=at, lifted_at=None)
    return [(key,) for key in p["hashes"]]


@models(opt_out._LIFT)
def _lift(t: Tables, p: Params) -> None:
    for key in p["hashes"]:
        old = t.opt_out.get(key)
        if old is not None and old.lifted_at is None:
            t.opt_out.change(key, old, lifted_at=p["now"])


def _standing(t: Tables, p: Params) -> list[rows.OptOut]:
    found = (t.opt_out.get(key) for key in set(p["hashes"]))
    return [row for row in found if row is not None and row.lifted_at is None]


@models(opt_out._SINCE, "address_hash", "at")
def _since(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return [(row.address_hash, row.at) for row in _standing(t, p)]


@models(opt_out._STANDS, "exists")
def _stands(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return [(bool(_standing(t, p)),)]


@models(dead._RECORD)
def _dead(t: Tables, p: Params) -> None:
    key = (p["channel"], p["hash"])
    if t.dead_address.get(key) is None:
        t.dead_address.put(key, rows.DeadAddress(p["channel"], p["hash"], p["cause"], p["now"]))


@models(dead._REVIVE)
def _revive(t: Tables, p: Params) -> None:
    t.dead_address.drop((p["channel"], p["hash"]))


def stands(t: Tables, p: Params) -> tuple[Any, ...]:
    """Whether she refused, whether nobody is there, and the silence that holds the longest."""
    opted_out = bool(_standing(t, {"hashes": p["refused"]}))
    gone = any(t.dead_address.get((p["channel"], one)) for one in p["hashes"])
    [silence] = _silence(t, p) or [(None, None)]
    return (opted_out, gone, *silence)


@models(standing._STANDS, "opted_out", "dead", "until", "cause")
def _stands_there(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return [stands(t, p)]


@models(direct._MESSAGE, "message_id")
def _message(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    if t.message.get(p["message_id"]) is not None:
        return []
    t.message.put(
        p["message_id"],
        rows.Message(p["message_id"], p["client_id"], p["clinic_id"], p["channel"], "now", "planned", None,
                     p["correlation_id"], p["now"], p["now"], rung_at=p["now"], direct=True),
    )  # fmt: skip
    return [(p["message_id"],)]


@models(direct._DIRECT)
def _direct(t: Tables, p: Params) -> None:
    t.direct.put(
        p["message_id"],
        rows.Direct(
            p["message_id"], p["record_id"], p["kind"], p["despite_opt_out"], p["expires_at"], p["sealed"]
        ),
    )


@models(
    direct._LOCK,
    "message_id", "client_id", "clinic_id", "channel", "correlation_id", "due_at", "record_id", "kind",
    "despite_opt_out", "expires_at", "sealed",
)  # fmt: skip
def _lock(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    m, d = t.message.get(p["message"]), t.direct.get(p["message"])
    if m is None or d is None or m.state != "planned" or m.next_attempt_at > p["now"]:
        return []
    return [(m.message_id, m.client_id, m.clinic_id, m.channel, m.correlation_id, m.next_attempt_at,
             d.record_id, d.kind, d.despite_opt_out, d.expires_at, d.sealed)]  # fmt: skip


@models(direct._EMPTY)
def _empty(t: Tables, p: Params) -> None:
    row = t.direct.get(p["message"])
    if row is not None:
        t.direct.change(row.message_id, row, sealed=None)


@models(direct._KIND, "kind")
def _kind(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    row = t.direct.get(p["message"])
    return [] if row is None else [(row.kind,)]


@models(direct._WAITING, "extract")
def _waiting(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    waits = [
        (p["now"] - m.created_at).total_seconds()
        for m in t.message.states("planned", "sending", "unknown", "failed")
        if (told := t.direct.get(m.message_id)) and told.kind == "signpost" and told.expires_at > p["now"]
    ]
    return [(max(waits, default=None),)]


@models(outgoing._PUT)
def _put(t: Tables, p: Params) -> None:
    t.sequence += 1  # a number is used up by what was there already, too
    if t.outgoing.get(p["fact_id"]) is None:
        given = {name: value for name, value in p.items() if name != "now"}
        row = rows.Outgoing(**given, sequence=t.sequence, created_at=p["now"], next_attempt_at=p["now"])
        t.outgoing.put(row.fact_id, row)


FACT = ("fact_id", "record_id", "clinic_id", "kind", "method", "path", "sealed", "correlation_id", "via",
        "tries", "sequence")  # fmt: skip


@models(outgoing._DUE, *FACT)
def _due(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    first: dict[UUID, rows.Outgoing] = {}
    for row in t.outgoing.rows.values():
        if row.state == "waiting":
            earliest = first.get(row.record_id)
            if earliest is None or row.sequence < earliest.sequence:
                first[row.record_id] = row
    due = [row for row in first.values() if row.next_attempt_at <= p["now"]]
    due.sort(key=lambda row: row.next_attempt_at)
    taken = [
        t.outgoing.change(row.fact_id, row, next_attempt_at=p["until"], tries=row.tries + 1)
        for row in due[: p["batch"]]
    ]
    return [tuple(getattr(row, name) for name in FACT) for row in taken]


def _waits(t: Tables, fact_id: UUID) -> rows.Outgoing | None:
    row = t.outgoing.get(fact_id)
    return row if row is not None and row.state == "waiting" else None


@models(outgoing._SETTLE)
def _settle(t: Tables, p: Params) -> None:
    if row := _waits(t, p["fact"]):
        t.outgoing.change(
            row.fact_id, row, state=p["state"], cause=p["cause"], settled_at=p["now"], sealed=None
        )


@models(outgoing._AGAIN)
def _again(t: Tables, p: Params) -> None:
    if row := _waits(t, p["fact"]):
        t.outgoing.change(row.fact_id, row, next_attempt_at=p["at"], cause=p["cause"])


@models(outgoing._GIVE_BACK)
def _give_back(t: Tables, p: Params) -> None:
    for fact_id in p["ids"]:
        if row := _waits(t, fact_id):
            t.outgoing.change(fact_id, row, next_attempt_at=p["now"], tries=max(row.tries - 1, 0))


@models(outgoing._REPLY_TO)
def _reply_to(t: Tables, p: Params) -> None:
    row = t.outgoing.get(p["fact"])
    if row is not None:
        t.outgoing.change(row.fact_id, row, reply_to=p["inbound"])


@models(outgoing._REPLIED_TO, "reply_to")
def _replied_to(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    row = t.outgoing.get(p["fact"])
    return [] if row is None else [(row.reply_to,)]


@models(outgoing._NAMED, "path")
def _named(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return [
        (row.path,)
        for row in t.outgoing.of(p["record"])
        if row.state == "waiting" and row.kind == p["kind"] and row.method == "PUT"
    ]
