"""She confirms her address by the link that was sent to it: on its way to the log, once."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid5

import msgspec
from sqlalchemy import Connection

from services.reminders import people
from services.reminders.ledger import outgoing
from services.reminders.ledger.outgoing import Fact
from services.reminders.links import Confirms
from services.reminders.rules.person import Contact, Person
from shared import paths
from shared.vault import Vault


def contact_of(person: Person | None, meant: Confirms) -> Contact | None:
    """The contact that a link is about; None once it is another, was removed, or she was erased."""
    contact = person.contacts.get(meant.contact_id) if person else None
    return contact if contact is not None and contact.address is not None else None


def confirm(
    connection: Connection, vault: Vault, meant: Confirms, now: datetime, correlation_id: str
) -> bool:
    """Tells the log that the address is hers; again changes nothing. False where it is none any more."""
    person = people.person(connection, vault, meant.client_id)
    contact = contact_of(person, meant)
    if person is None or contact is None:
        return False
    if not contact.verified:
        body = {"address": contact.address, "verified_by": "link"}
        fact = Fact(
            fact_id=uuid5(meant.contact_id, "client.contact_set"),
            record_id=person.client_id,
            clinic_id=person.clinic_id,
            kind="client.contact_set",
            method="PUT",
            path=paths.contact(person.client_id, contact.channel),
            correlation_id=correlation_id,
            body=msgspec.json.encode(body),
        )
        outgoing.put(connection, vault, [fact], now)
    return True
