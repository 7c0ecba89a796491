"""Claiming a message that goes to an address of its own: judged by its time and by an opt-out alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from services.reminders.channels import Letter
from services.reminders.ledger import claim, direct, opt_out
from services.reminders.ledger.direct import Direct
from services.reminders.sending.letters import sealed
from shared.vault import Vault


def claim_direct(connection: Connection, vault: Vault, message_id: UUID, now: datetime) -> Direct | None:
    """Claims it if it is to be sent now; None when it is not, and the ledger says why."""
    one = direct.lock(connection, vault, message_id, now)
    if one is None:
        return None
    if now >= one.expires_at:
        claim.end(connection, message_id, "expired", "stale", now)
        return None
    if not one.despite_opt_out and _is_opted_out(connection, vault, one):
        claim.end(connection, message_id, "suppressed", "opted_out", now)
        return None
    claim.take(connection, message_id, (), now, now, sealed(vault, letter_to(one, now)))
    return one


def letter_to(one: Direct, now: datetime) -> Letter:
    """The letter that says it."""
    return Letter(
        message_id=one.message_id,
        record_id=one.record_id,
        channel=one.channel,
        to=one.said.to,
        text=one.said.text,
        subject=one.said.subject,
        html=one.said.html,
        zone=one.said.zone,
        at=now,
        valid_for=one.expires_at - now if one.channel == "sms" else None,
        sender=one.said.sender,
    )


def _is_opted_out(connection: Connection, vault: Vault, one: Direct) -> bool:
    if one.clinic_id is None:
        return False
    hashed = opt_out.address_hash(vault, one.clinic_id, one.channel, one.said.to)
    return opt_out.stands(connection, [hashed])
