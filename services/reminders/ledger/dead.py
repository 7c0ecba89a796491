"""Addresses at which nobody is reached any more, by their keyed hash: nothing more is sent there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from shared.events import Channel

_RECORD = text("""
INSERT INTO dead_address (channel, address_hash, cause, at) VALUES (:channel, :hash, :cause, :now)
ON CONFLICT DO NOTHING
""")
_REVIVE = text("DELETE FROM dead_address WHERE channel = :channel AND address_hash = :hash")


def record(connection: Connection, channel: Channel, address_hash: bytes, cause: str, now: datetime) -> None:
    """Writes down that nobody is reached there, and how we know."""
    row = {"channel": channel, "hash": address_hash, "cause": cause, "now": now}
    connection.execute(_RECORD, row)


def revive(connection: Connection, channel: Channel, address_hash: bytes) -> None:
    """Somebody wrote from there, so somebody is there."""
    connection.execute(_REVIVE, {"channel": channel, "hash": address_hash})
