"""Whose number it is: found by its keyed hash, for a number is never stored in clear to be looked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from services.reminders.rules.person import Person
from shared.events import Channel
from shared.vault import Vault

_DROP = text("DELETE FROM contact WHERE client_id = ANY(:clients)")
_PUT = text("""
INSERT INTO contact (channel, address_hash, client_id, clinic_id)
VALUES (:channel, :hash, :client, :clinic) ON CONFLICT DO NOTHING
""")
# Of several clinics' clients with one number, the one whom we wrote to last is the one who answers.
_FIND = text("""
SELECT c.client_id, c.clinic_id FROM contact c
  LEFT JOIN LATERAL (SELECT max(m.said_at) AS at FROM message m
                      WHERE m.client_id = c.client_id AND m.channel = c.channel) last ON true
 WHERE c.channel = :channel AND c.address_hash = :hash
 ORDER BY last.at DESC NULLS LAST, c.client_id
""")


class Holder(NamedTuple):
    """A client who is reached at an address."""

    client_id: UUID
    clinic_id: UUID


def address_hash(vault: Vault, channel: Channel, address: str) -> bytes:
    """Under which an address is found, in whatever clinic."""
    return vault.digest("contact", channel, address.strip().casefold())


def put(connection: Connection, vault: Vault, persons: Collection[Person]) -> None:
    """Writes the addresses of these clients whole."""
    if not persons:
        return
    connection.execute(_DROP, {"clients": [person.client_id for person in persons]})
    rows = [
        {
            "channel": contact.channel,
            "hash": address_hash(vault, contact.channel, contact.address),
            "client": person.client_id,
            "clinic": person.clinic_id,
        }
        for person in persons
        for contact in person.contacts.values()
        if contact.address
    ]
    if rows:
        connection.execute(_PUT, rows)


def holders(connection: Connection, channel: Channel, hashed: bytes) -> list[Holder]:
    """Who is reached there, the one whom we wrote to last first."""
    rows = connection.execute(_FIND, {"channel": channel, "hash": hashed})
    return [Holder(row.client_id, row.clinic_id) for row in rows]
