"""An e-mail that came back: for good, and nothing more goes there; or for now, and it may still arrive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from services.reminders import contacts, people
from services.reminders.channels import Answer
from services.reminders.channels.dsn import Bounce
from services.reminders.ledger import callbacks, dead
from services.reminders.ledger.settle import settle
from shared.logs import correlated, logger
from shared.vault import Vault

log = logger()

CAUSE = "bounced"


def take(engine: Engine, vault: Vault, bounce: Bounce, now: datetime) -> bool:
    """Takes in a bounce; False where it is about no message of ours, or not to the address that has it.

    Anybody can write a notification: it counts only for an address that is hers to whom the message went.
    """
    with engine.begin() as connection:
        known = callbacks.about(connection, bounce.message_id, "")
        if known is None or known.client_id is None:
            return False
        person = people.person(connection, vault, known.client_id)
        hers = (
            {one.address.casefold() for one in person.contacts.values() if one.address} if person else set()
        )
        if bounce.recipient.casefold() not in hers:
            return False
        if bounce.permanent:
            settle(connection, known.message_id, Answer("permanent", CAUSE), now)
            hashed = contacts.address_hash(vault, "email", bounce.recipient)
            dead.record(connection, "email", hashed, CAUSE, now)
    with correlated(known.correlation_id, message=known.message_id):
        log.info("bounce", permanent=bounce.permanent)
    return True
