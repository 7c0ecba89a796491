"""What the statements after a claim do: settling, telling, ringing again, asking the provider."""

from __future__ import annotations

from typing import Any

from services.reminders.ledger import aside, callbacks, reconciling, ringing, settle
from tests.simulation.ledger.claiming import is_planned, links, set_link
from tests.simulation.ledger.memory import Params, models
from tests.simulation.ledger.rows import Callback, Message
from tests.simulation.ledger.tables import Tables


def holder(t: Tables, provider_id: str | None) -> Message | None:
    """The message that the provider calls so."""
    if provider_id is None:
        return None
    return next((row for row in t.message.rows.values() if row.provider_id == provider_id), None)


@models(settle._SETTLE, "channel")
def _settle(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    row, told = t.message.get(p["message"]), p["provider"]
    if row is None or row.state not in p["below"]:
        return []
    if row.provider_id is not None and told is not None and row.provider_id != told:
        return []
    other = holder(t, told)
    found = None if other is not None and other.message_id != row.message_id else told
    provider_id = row.provider_id or found
    by_sms = row.channel == "sms"
    asked = by_sms and (p["state"] == "unknown" or provider_id is not None)
    t.message.change(
        row.message_id,
        row,
        state=p["state"],
        cause=p["cause"],
        settled_at=p["now"],
        reconcile_tries=0,
        provider_id=provider_id,
        said_at=row.said_at or p["now"] + row.clock_offset,
        sealed=row.sealed if p["state"] == "unknown" and by_sms else None,
        reconcile_at=p["ask_at"] if asked else None,
    )
    return [(row.channel,)]


@models(settle._STATE, "state")
def _state(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    row = t.message.get(p["message"])
    return [] if row is None else [(row.state,)]


@models(settle._ATTEMPTS, "attempts")
def _attempts(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    row = t.message.get(p["message"])
    return [] if row is None else [(row.attempts,)]


@models(settle._LATER, "channel")
def _later(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    row = t.message.get(p["message"])
    if row is None or row.state != "sending":
        return []
    t.message.change(
        row.message_id,
        row,
        state="planned",
        cause=p["cause"],
        next_attempt_at=p["at"],
        rung_at=None,
        said_at=None,
        sealed=None,
        consent_id=None,
    )
    return [(row.channel,)]


@models(settle._LINKS_AGAIN)
def _links_again(t: Tables, p: Params) -> None:
    for link in links(t, p["message"], state="saying"):
        set_link(t, link, state="planned", cause=p["cause"])


@models(settle._STUCK, "message_id", "channel")
def _stuck(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return [
        (row.message_id, row.channel)
        for row in t.message.states("sending")
        if row.claimed_at is not None and row.claimed_at < p["before"]
    ][:500]


@models(ringing._DUE, "message_id", "channel", "queue")
def _due(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    due = [
        row
        for row in t.message.states("planned")
        if row.next_attempt_at <= p["now"] and (row.rung_at is None or row.rung_at < p["before"])
    ]
    due.sort(key=lambda row: row.next_attempt_at)
    for row in due[: p["batch"]]:
        t.message.change(row.message_id, row, rung_at=p["now"])
    return [(row.message_id, row.channel, row.queue) for row in due[: p["batch"]]]


@models(ringing._FORGET)
def _forget(t: Tables, _: Params) -> None:
    for row in t.message.states("planned"):
        if row.rung_at is not None:
            t.message.change(row.message_id, row, rung_at=None)


@models(ringing._UNHEARD)
def _unheard(t: Tables, p: Params) -> None:
    for message_id in p["ids"]:
        if row := is_planned(t, message_id):
            t.message.change(row.message_id, row, rung_at=None)


@models(aside._SET, "channel")
def _set_aside(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    row = is_planned(t, p["message"])
    if row is None:
        return []
    t.message.change(
        row.message_id, row, state="failed", cause="set_aside", aside=p["reason"], settled_at=p["now"]
    )
    return [(row.channel,)]


@models(aside._AGAIN, "message_id")
def _try_again(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    found = [row for one in p["ids"] if (row := t.message.get(one)) and row.aside is not None]
    for row in found:
        t.message.change(row.message_id, row, state="planned", cause=None, aside=None, settled_at=None,
                         next_attempt_at=p["now"], rung_at=None)  # fmt: skip
    return [(row.message_id,) for row in found]


def _about(row: Message | None) -> list[tuple[Any, ...]]:
    if row is None:
        return []
    return [(row.message_id, row.client_id, row.clinic_id, row.provider_id, row.correlation_id)]


ABOUT = ("message_id", "client_id", "clinic_id", "provider_id", "correlation_id")


@models(callbacks._BY_ID, *ABOUT)
def _by_id(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return _about(t.message.get(p["id"]))


@models(callbacks._BY_PROVIDER, *ABOUT)
def _by_provider(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return _about(holder(t, p["id"]))


@models(callbacks._LOCK_HER)
def _lock_her(t: Tables, p: Params) -> None:
    """Alone as everybody here is, nobody waits."""


@models(callbacks._KEEP, "provider_id")
def _keep(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    key = (p["provider"], p["status"])
    if t.callback.get(key) is not None:
        return []
    t.callback.put(key, Callback(p["provider"], p["status"], p["message"], p["now"]))
    return [(p["provider"],)]


@models(callbacks._LINKS_SAID)
def _links_said(t: Tables, p: Params) -> None:
    for link in links(t, p["message"]):
        set_link(t, link, state="saying", cause=None)


@models(callbacks._KNOWN, "provider_id")
def _known(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    ids, mine = set(p["ids"]), p["message"]
    found = {
        row.provider_id
        for row in t.message.rows.values()
        if row.provider_id in ids and row.message_id != mine
    }
    found |= {
        row.provider_id
        for row in t.callback.rows.values()
        if row.provider_id in ids and row.message_id not in (None, mine)
    }
    return [(one,) for one in found]


@models(
    reconciling._DUE,
    "message_id", "client_id", "clinic_id", "state", "provider_id", "sealed", "claimed_at", "correlation_id",
    "reconcile_tries", "restored_at",
)  # fmt: skip
def _to_ask(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    due = [
        row
        for key in tuple(t.message.to_ask)
        if (row := t.message.rows[key]).reconcile_at is not None and row.reconcile_at <= p["now"]
    ]
    due.sort(key=lambda row: row.reconcile_at or row.created_at)
    taken = [
        t.message.change(
            row.message_id, row, reconcile_at=p["until"], reconcile_tries=row.reconcile_tries + 1
        )
        for row in due[: p["batch"]]
    ]
    return [
        (row.message_id, row.client_id, row.clinic_id, row.state, row.provider_id, row.sealed, row.claimed_at,
         row.correlation_id, row.reconcile_tries, row.settled_at if row.cause == "restored" else None)
        for row in taken
    ]  # fmt: skip


def _asked(t: Tables, p: Params) -> Message | None:
    row = t.message.get(p["message"])
    if row is None or row.state != p["state"] or row.reconcile_at is None:
        return None
    return row


@models(reconciling._AGAIN)
def _again(t: Tables, p: Params) -> None:
    if row := _asked(t, p):
        t.message.change(row.message_id, row, reconcile_at=p["at"])


@models(reconciling._NEVER)
def _never(t: Tables, p: Params) -> None:
    if row := _asked(t, p):
        t.message.change(row.message_id, row, reconcile_at=None, sealed=None)


@models(reconciling._GIVE_BACK)
def _give_back(t: Tables, p: Params) -> None:
    for message_id in p["ids"]:
        row = t.message.get(message_id)
        if row is not None and row.reconcile_at == p["until"]:
            tries = max(row.reconcile_tries - 1, 0)
            t.message.change(row.message_id, row, reconcile_at=p["at"], reconcile_tries=tries)


@models(reconciling._REDACTED)
def _redacted(t: Tables, p: Params) -> None:
    row = t.message.get(p["message"])
    if row is not None:
        t.message.change(row.message_id, row, reconcile_at=None, redacted_at=p["now"])


@models(reconciling._LATER, "message_id", "sealed", "claimed_at")
def _claimed_later(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return [
        (row.message_id, row.sealed, row.claimed_at)
        for row in t.message.of(p["client"])
        if row.channel == "sms" and row.state == "unknown" and row.provider_id is None
        if row.sealed is not None and row.claimed_at is not None and row.claimed_at > p["claimed"]
    ]


@models(reconciling._UNDER_WAY, "exists")
def _under_way(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    hers = t.message.of(p["client"])
    return [(any(row.channel == "sms" and row.state == "sending" for row in hers),)]
