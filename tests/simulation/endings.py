"""What must hold once everything had time to come to its end: that it has, and that nothing of it is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from services.reminders.sending.reconcile import LATEST
from tests.simulation.ledger.rows import Message
from tests.simulation.world import World

FINAL = {"sent", "delivered", "failed", "suppressed", "expired", "unknown"}
"""In which every message has come to an end; of an e-mail no more is ever heard than `sent`."""
IN_TIME = timedelta(days=2)
"""Nobody asks the provider for longer than three days, and in a simulation days pass in which nobody does."""


def must_have_ended(world: World, calm_since: datetime) -> None:
    """Everything went well since then, and its time is over."""
    for row in world.tables.message.rows.values():
        world.promises.breaks(_of_message(world, row, calm_since))
    for fact in world.tables.outgoing.rows.values():
        world.promises.breaks({f"the log has not heard of {fact.kind}": fact.state == "waiting"})
    for signpost, whose in world.promises.dangers.items():
        answered = _is_answered(world, signpost, whose)
        world.promises.breaks({"a word of despair was not answered": not answered})
    for erased in world.tables.erased.rows.values():
        world.promises.breaks(_of_erased(world, erased.client_id, erased.key_destroyed_at))
    for client in world.clients:
        world.promises.breaks(_of_consents(world, client.client_id, client.clinic_id))


def _of_message(world: World, row: Message, calm_since: datetime) -> dict[str, bool]:
    taken = world.provider.taken.get(row.message_id, 0) > 0
    told = row.message_id in world.promises.clear
    return {
        f"a message is {row.state} for ever, {row.cause}": row.state not in FINAL,
        "the provider has it, and it is not known": row.state == "unknown"
        and _could_be_found(world, row, calm_since),
        "what its worker was told is not known": told and row.state in {"sending", "unknown"},
        "said, and nobody has it": row.state in {"sent", "delivered"} and not taken,
    }


def _could_be_found(world: World, row: Message, calm_since: datetime) -> bool:
    """Whether the provider's list tells: it has it by this number about then, and was asked in time."""
    if row.claimed_at is None or calm_since - row.claimed_at > IN_TIME:
        return False
    erased = row.client_id is not None and world.tables.erased.get(row.client_id) is not None
    return not erased and any(
        one.accepted_at - row.claimed_at <= LATEST
        for sid, one in world.provider.known.items()
        if world.provider.of[sid] == row.message_id
    )


def _is_answered(world: World, signpost: UUID, client: UUID | None) -> bool:
    """Taken by the provider, or refused for good, or a day old; and who was erased is told no more."""
    answer = world.tables.message.get(signpost)
    given_up = answer is not None and answer.state in {"failed", "expired"}
    gone = client is not None and world.promises.hers[client].erased
    return given_up or gone or signpost in world.provider.taken


def _of_erased(world: World, client_id: UUID, destroyed: datetime | None) -> dict[str, bool]:
    t = world.tables
    return {
        "her key outlives her erasure": destroyed is None,
        "her texts outlive her erasure": any(one.sealed for one in t.inbound.of(client_id)),
        "what was sent to her outlives her erasure": any(one.sealed for one in t.message.of(client_id)),
        "she outlives her erasure": t.person.get(client_id) is not None,
    }


def _of_consents(world: World, client_id: UUID, clinic_id: UUID) -> dict[str, bool]:
    """What she said here stands in the log as well: no consent that is older than her STOP is in force."""
    her = world.house.hers[client_id]
    since = {
        her.contacts[to.channel].contact_id: at
        for to, at in world.promises.stopped.items()
        if to.clinic_id == clinic_id
        and to.channel in her.contacts
        and her.contacts[to.channel].address == to.address
    }
    outlives = any(
        one.holds and one.contact_id in since and world.house.given[key] <= since[one.contact_id]
        for key, one in her.consents.items()
    )
    return {"a consent outlives her STOP in the log": outlives and not her.erased}
