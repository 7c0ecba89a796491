"""She wants nothing more on an address: written down here, and sent on its way to the log, as one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from services.reminders import people
from services.reminders.bell import CHANNELS
from services.reminders.ledger import opt_out, outgoing
from services.reminders.ledger.outgoing import Fact, Via
from services.reminders.rules.person import Person, consents_to
from shared.events import Channel, fact_id
from shared.paths import consent
from shared.vault import Vault


class Consented(NamedTuple):
    """A consent that the log has told us of, and the address that it is for."""

    consent_id: UUID
    client_id: UUID
    clinic_id: UUID
    channel: Channel
    address: str
    recorded_at: datetime
    correlation_id: str


def by_link(
    connection: Connection,
    vault: Vault,
    client_id: UUID,
    channel: Channel,
    now: datetime,
    correlation_id: str,
    source: Literal["link", "page"] = "link",
) -> bool:
    """Ends what goes to her addresses of this channel; False where she is nobody that we write to.

    Her row is locked as it is for a claim, so what is judged after this stands is held back.
    """
    known = people.lock_persons(connection, vault, {client_id}).get(client_id)
    if known is None:
        return False
    hashes = _hashes(vault, known.who, channel)
    opt_out.record(connection, hashes.values(), channel, source, now)
    _withdraw(connection, vault, known.who, channel, hashes.keys(), now, correlation_id, "web")
    return True


def begin_again(
    connection: Connection, vault: Vault, person: Person, channel: Channel, now: datetime
) -> None:
    """She wants to be written to again, and says so on her page. Her row is locked by now."""
    opt_out.lift(connection, _hashes(vault, person, channel).values(), now)


def stopped(connection: Connection, vault: Vault, person: Person) -> frozenset[Channel]:
    """The channels on which one of her addresses is opted out."""
    return frozenset(
        channel
        for channel in CHANNELS
        if opt_out.stands(connection, _hashes(vault, person, channel).values())
    )


def at_provider(
    connection: Connection,
    vault: Vault,
    *,
    client_id: UUID,
    clinic_id: UUID,
    number: str,
    now: datetime,
    correlation_id: str,
) -> None:
    """The provider may not write to this number for the clinic: she told it so herself.

    Locks her row; whoever holds her message's must have locked that first.
    """
    known = people.lock_persons(connection, vault, {client_id}).get(client_id)
    refused = opt_out.address_hash(vault, clinic_id, "sms", number)
    opt_out.record(connection, [refused], "sms", "provider", now)
    if known is not None:
        hers = [key for key, one in _hashes(vault, known.who, "sms").items() if one == refused]
        _withdraw(connection, vault, known.who, "sms", hers, now, correlation_id)


def by_reply(
    connection: Connection,
    vault: Vault,
    client_id: UUID,
    clinic_id: UUID,
    number: str,
    source: opt_out.Source,
    now: datetime,
    correlation_id: str,
) -> None:
    """She wrote so from this number. Her row is locked by now."""
    refused = opt_out.address_hash(vault, clinic_id, "sms", number)
    opt_out.record(connection, [refused], "sms", source, now)
    person = people.person(connection, vault, client_id)
    if person is not None:
        hers = [key for key, one in _hashes(vault, person, "sms").items() if one == refused]
        _withdraw(connection, vault, person, "sms", hers, now, correlation_id)


def withdraw_earlier(
    connection: Connection, vault: Vault, consents: Sequence[Consented], now: datetime
) -> None:
    """Consents that we learn of after she opted out, and that are older than that, are withdrawn as well.

    One that was given since is left to stand in the log: it lifts nothing here.
    """
    hashes = {
        one.consent_id: opt_out.address_hash(vault, one.clinic_id, one.channel, one.address)
        for one in consents
    }
    since = opt_out.since(connection, hashes.values())
    stale = [
        _withdrawal(one.client_id, one.clinic_id, one.channel, one.consent_id, one.correlation_id)
        for one in consents
        if (at := since.get(hashes[one.consent_id])) and one.recorded_at <= at
    ]
    outgoing.put(connection, vault, stale, now)


def _hashes(vault: Vault, person: Person, channel: Channel) -> dict[UUID, bytes]:
    return {
        key: opt_out.address_hash(vault, person.clinic_id, channel, contact.address)
        for key, contact in person.contacts.items()
        if contact.channel == channel and contact.address
    }


def _withdraw(
    connection: Connection,
    vault: Vault,
    person: Person,
    channel: Channel,
    contacts: Collection[UUID],
    now: datetime,
    correlation_id: str,
    via: Via = "sms",
) -> None:
    facts = [
        _withdrawal(person.client_id, person.clinic_id, channel, one, correlation_id, via)
        for one in consents_to(person, channel, contacts)
    ]
    outgoing.put(connection, vault, facts, now)


def _withdrawal(
    client_id: UUID,
    clinic_id: UUID,
    channel: Channel,
    consent_id: UUID,
    correlation_id: str,
    via: Via = "sms",
) -> Fact:
    return Fact(
        fact_id=fact_id(client_id, "consent.withdrawn", consent_id),
        record_id=client_id,
        clinic_id=clinic_id,
        kind="consent.withdrawn",
        method="DELETE",
        path=consent(client_id, channel, consent_id),
        correlation_id=correlation_id,
        via=via,
    )
