"""What the statements of planning do: occasions and messages, reminders, prompts, digests, flags."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from services.reminders.ledger import plan
from services.reminders.scheduling import due, foreseen
from services.reminders.team import digesting, flagging
from tests.simulation.ledger import rows
from tests.simulation.ledger.memory import Params, models
from tests.simulation.ledger.tables import Tables


@models(plan._OCCASIONS, "occasion_id")
def _occasions(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    columns = ("ids", "keys", "clients", "clinics", "kinds", "details", "sources", "due", "expires",
               "correlations")  # fmt: skip
    new = []
    for key, name, client, clinic, kind, detail, source, at, expires, correlation in zip(
        *(p[column] for column in columns), strict=True
    ):
        if t.occasion.get(key) is not None:
            continue
        about = msgspec.json.decode(detail)
        t.occasion.put(key, rows.Occasion(key, name, client, clinic, kind, about, source, at, expires,
                                          p["offset"], correlation, p["now"]))  # fmt: skip
        new.append((key,))
    return new


@models(plan._MESSAGES, "message_id", "channel", "queue", "state", "cause", "rung")
def _messages(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    columns = ("messages", "clients", "clinics", "channels", "queues", "states", "causes", "correlations",
               "due")  # fmt: skip
    made = []
    for key, client, clinic, channel, queue, state, cause, correlation, at in zip(
        *(p[column] for column in columns), strict=True
    ):
        assert t.message.get(key) is None
        waits = state == "planned"
        rung = p["now"] if waits and at - p["offset"] <= p["now"] else None
        t.message.put(
            key,
            rows.Message(key, client, clinic, channel, queue, state, cause, correlation, p["now"],
                         at - p["offset"], clock_offset=p["offset"], rung_at=rung,
                         settled_at=None if waits else p["now"]),
        )  # fmt: skip
        made.append((key, channel, queue, state, cause, rung is not None))
    return made


@models(plan._LINKS)
def _links(t: Tables, p: Params) -> None:
    for message, occasion, state, cause in zip(
        p["messages"], p["ids"], p["states"], p["causes"], strict=True
    ):
        t.link.put((message, occasion), rows.Link(message, occasion, state, cause))


PLANNED = ("reminder_id", "client_id", "clinic_id", "kind", "channel", "goal_id", "zone", "cadence",
           "next_due_at", "correlation_id")  # fmt: skip


@models(due._CLAIM, *PLANNED)
def _claim(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    found = [
        row
        for row in t.reminder.rows.values()
        if row.active and row.next_due_at is not None and row.next_due_at <= p["until"]
    ]
    found.sort(key=lambda row: row.next_due_at or p["until"])
    as_text = [msgspec.structs.replace(row, cadence=json.dumps(row.cadence)) for row in found[: p["batch"]]]
    return [tuple(getattr(row, name) for name in PLANNED) for row in as_text]


@models(due._ADVANCE)
def _advance(t: Tables, p: Params) -> None:
    for key, at in zip(p["ids"], p["dues"], strict=True):
        row = t.reminder.get(key)
        if row is not None:
            t.reminder.change(key, row, next_due_at=at)


@models(due._PUT)
def _put(t: Tables, p: Params) -> None:
    row = rows.Reminder(**{**p, "cadence": msgspec.json.decode(p["cadence"])})
    old = t.reminder.get(row.reminder_id)
    if old is None:
        t.reminder.put(row.reminder_id, row)
    elif old.client_id == row.client_id:
        t.reminder.put(row.reminder_id, msgspec.structs.replace(row, clinic_id=old.clinic_id))


@models(due._DROP)
def _drop(t: Tables, p: Params) -> None:
    for row in list(t.reminder.of(p["client"])):
        if row.reminder_id not in p["kept"]:
            t.reminder.drop(row.reminder_id)


@models(foreseen._DROP)
def _drop_prompts(t: Tables, p: Params) -> None:
    kept = set(p["keys"])
    for client, after in zip(p["clients"], p["afters"], strict=True):
        for row in list(t.prompt.of(client)):
            if row.due_at > after and row.key not in kept:
                t.prompt.drop(row.key)


@models(foreseen._PUT)
def _put_prompt(t: Tables, p: Params) -> None:
    row = rows.Prompt(**{**p, "detail": msgspec.json.decode(p["detail"])})
    old = t.prompt.get(row.key)
    if old is None:
        t.prompt.put(row.key, row)
    elif old.client_id == row.client_id:
        t.prompt.put(row.key, msgspec.structs.replace(row, clinic_id=old.clinic_id, kind=old.kind))


PROMPT = ("key", "client_id", "clinic_id", "kind", "channels", "detail", "due_at", "expires_at",
          "correlation_id")  # fmt: skip


@models(foreseen._TAKE, *PROMPT)
def _take_prompts(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    found = [row for row in t.prompt.rows.values() if row.due_at <= p["until"]]
    found.sort(key=lambda row: row.due_at)
    for row in found[: p["batch"]]:
        t.prompt.drop(row.key)
    return [tuple(getattr(row, name) for name in PROMPT) for row in found[: p["batch"]]]


@models(digesting._PUT)
def _put_digest(t: Tables, p: Params) -> None:
    old = t.digest.get(p["clinic"])
    if old is None or old.zone != p["zone"]:
        t.digest.put(p["clinic"], rows.Digest(p["clinic"], p["zone"], p["due"]))


@models(digesting._DUE, "clinic_id", "zone", "next_due_at", ordered=True)
def _digests(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    found = [row for row in t.digest.rows.values() if row.next_due_at <= p["now"]]
    found.sort(key=lambda row: row.next_due_at)
    return [(row.clinic_id, row.zone, row.next_due_at) for row in found[:1]]


@models(digesting._NEXT)
def _next_digest(t: Tables, p: Params) -> None:
    row = t.digest.get(p["clinic"])
    if row is not None:
        t.digest.change(p["clinic"], row, next_due_at=p["due"])


@models(flagging._RAISE, "flag_id")
def _raise(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    if t.flag.get(p["flag"]) is not None:
        return []
    t.flag.put(p["flag"], rows.Flag(p["flag"], p["client"], p["clinic"], p["now"], p["notices"], p["next"]))
    return [(p["flag"],)]


@models(flagging._REVIEWED)
def _reviewed(t: Tables, p: Params) -> None:
    for key in p["flags"]:
        if (row := t.flag.get(key)) is not None:
            t.flag.change(key, row, next_notice_at=None)


@models(flagging._DUE, "flag_id", "client_id", "notices", ordered=True)
def _flags(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    found = [
        (row.next_notice_at, row)
        for row in t.flag.rows.values()
        if row.next_notice_at is not None and row.next_notice_at <= p["now"]
    ]
    found.sort(key=lambda one: one[0])
    return [(row.flag_id, row.client_id, row.notices) for _, row in found[: p["batch"]]]


@models(flagging._NEXT)
def _next_notice(t: Tables, p: Params) -> None:
    row = t.flag.get(p["flag"])
    if row is not None:
        t.flag.change(p["flag"], row, notices=row.notices + 1, next_notice_at=p["next"])
