"""What she may write, and what it means to anybody who reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID, uuid5

from services.reminders import contacts
from services.reminders.channels import Confirmed, Heard
from services.reminders.ledger.inbound import inbound_id
from tests.simulation.promises import Address

if TYPE_CHECKING:
    from tests.simulation.world import World


class Words(NamedTuple):
    """A text. `rests` is for how many days."""

    text: str
    stops: bool = False
    despairs: bool = False
    rests: int = 0
    goes_on: bool = False
    confirmed: Confirmed | None = None
    """What the provider may have answered itself."""


WORDS = (
    Words("STOP", stops=True, confirmed="opt_out"), Words("stop texting me", stops=True),
    Words("Alto", stops=True), Words("START", confirmed="opt_in"), Words("START", confirmed="opt_in"),
    Words("YES"), Words("YES"), Words("DONE"), Words("DONE"), Words("done 2"), Words("listo"), Words("WIN"),
    Words("win: I slept"), Words("7"), Words("LATER"), Words("later 3h"), Words("PAUSE 2 days", rests=2),
    Words("RESUME", goes_on=True), Words("not today", rests=1), Words("HELP", confirmed="help"), Words("?"),
    Words("who is this"), Words("PLAN"), Words("A"), Words("the bus was late"),
    Words("wrong number", stops=True), Words("I want to die", despairs=True),
    Words("stop, I want to die", stops=True, despairs=True), Words("done, and I want to die", despairs=True),
)  # fmt: skip


def says(world: World, heard: Heard, words: Words, comes: Callable[[], None]) -> None:
    """Her text comes in, and the promises know what it means, once it was taken."""
    name = inbound_id(heard.provider_id)
    known = world.tables.inbound.get(name) is not None
    hashed = contacts.address_hash(world.keys, "sms", heard.sent_from)
    clinics = [
        row.clinic_id
        for row in world.tables.contact.rows.values()
        if row.address_hash == hashed and row.channel == "sms"
    ]
    try:
        comes()
    finally:
        row = world.tables.inbound.get(name)
        if not known and row is not None:
            _is_heard(world, heard, words, clinics, row.client_id)


def _is_heard(world: World, heard: Heard, words: Words, clinics: list[UUID], client_id: UUID | None) -> None:
    promises, now = world.promises, world.clock()
    row = world.tables.inbound.rows[inbound_id(heard.provider_id)]
    person = next((one for one in world.clients if one.client_id == client_id), None)
    was = person is not None and Address(person.clinic_id, "sms", heard.sent_from) in promises.stopped
    # Of a wrong number that we have none of, or that is silent already, nothing more is to be learned.
    believed = "wrong" not in words.text or (person is not None and not was)
    if believed and (words.stops or heard.confirmed == "opt_out"):
        for clinic in clinics:
            promises.stops(Address(clinic, "sms", heard.sent_from), now)
    if words.despairs:
        promises.dangers[uuid5(row.inbound_id, "answer:signpost")] = client_id
    if person is None or client_id is None:
        return
    if row.intent == "opt_in":
        promises.stopped.pop(Address(person.clinic_id, "sms", heard.sent_from), None)
    if words.despairs:
        until = now + timedelta(hours=24)
        promises.silent_until[client_id] = max(until, promises.silent_until.get(client_id, until))
    if was or heard.confirmed is not None:
        return
    if words.rests:
        until = promises.hers[client_id].midnight(now, days=words.rests)
        promises.rests_until[client_id] = max(until, promises.rests_until.get(client_id, until))
    if words.goes_on:
        promises.rests_until.pop(client_id, None)
