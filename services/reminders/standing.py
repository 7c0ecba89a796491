"""What stands beside a client's record on a channel: her refusals, a dead address, a silence."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from services.reminders import contacts
from services.reminders.ledger import opt_out
from services.reminders.rules.person import Person
from services.reminders.rules.policy import Quiet, Standing
from shared.events import Channel
from shared.vault import Vault

_STANDS = text("""
SELECT EXISTS (SELECT FROM opt_out
                WHERE address_hash = ANY(CAST(:refused AS bytea[])) AND lifted_at IS NULL) AS opted_out,
       EXISTS (SELECT FROM dead_address
                WHERE channel = :channel AND address_hash = ANY(CAST(:hashes AS bytea[]))) AS dead,
       silence.until, silence.cause
  FROM (SELECT) AS her
  LEFT JOIN (SELECT until, cause FROM quiet WHERE client_id = :client AND until > :now
              ORDER BY until DESC LIMIT 1) AS silence ON true
""")
"""In one round trip, for every message waits for it."""


def standing(
    connection: Connection, vault: Vault, person: Person, channel: Channel, now: datetime
) -> Standing:
    """As the ledger has it, for all her addresses there."""
    addresses = [one.address for one in person.contacts.values() if one.channel == channel and one.address]
    named = {
        "refused": [opt_out.address_hash(vault, person.clinic_id, channel, one) for one in addresses],
        "hashes": [contacts.address_hash(vault, channel, one) for one in addresses],
        "channel": channel,
        "client": person.client_id,
        "now": now,
    }
    row = connection.execute(_STANDS, named).one()
    silence = Quiet(row.until, row.cause) if row.until is not None else None
    return Standing(opted_out=row.opted_out, dead=row.dead, quiet=silence)
