"""What stands beside a client's record on a channel: her refusals, a dead address, a silence."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from services.reminders import contacts
from services.reminders.ledger import dead, opt_out, quiet
from services.reminders.rules.person import Person
from services.reminders.rules.policy import Standing
from shared.events import Channel
from shared.vault import Vault


def standing(
    connection: Connection, vault: Vault, person: Person, channel: Channel, now: datetime
) -> Standing:
    """As the ledger has it, for all her addresses there."""
    addresses = [one.address for one in person.contacts.values() if one.channel == channel and one.address]
    refused = [opt_out.address_hash(vault, person.clinic_id, channel, one) for one in addresses]
    hashed = [contacts.address_hash(vault, channel, one) for one in addresses]
    return Standing(
        opted_out=opt_out.stands(connection, refused),
        dead=dead.holds(connection, channel, hashed),
        quiet=quiet.holds(connection, person.client_id, now),
    )
