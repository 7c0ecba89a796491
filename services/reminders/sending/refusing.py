"""What a channel's refusal says: of an address, that it is refused or dead; of us, that somebody must act."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from services.reminders import contacts, opting_out
from services.reminders.channels import DEAD, OPTED_OUT, OURS, Answer
from services.reminders.ledger import dead
from shared.events import Channel
from shared.logs import logger
from shared.vault import Vault

log = logger()


def speaks_of_address(answer: Answer | None) -> bool:
    """Whether an answer is about the address, whatever was sent to it."""
    return answer is not None and (answer.cause == OPTED_OUT or answer.cause in DEAD)


def raise_if_ours(channel: Channel, answer: Answer) -> None:
    """Tells whoever is on call, in the log; how many messages it is stands in the metrics."""
    if answer.cause in OURS:
        log.error("the sender needs somebody", channel=channel, cause=answer.cause, verdict=answer.verdict)


def learn(
    connection: Connection,
    vault: Vault,
    answer: Answer,
    *,
    channel: Channel,
    address: str,
    client_id: UUID | None,
    clinic_id: UUID | None,
    now: datetime,
    correlation_id: str,
) -> None:
    """Keeps what an answer says of the address. Locks her row; whoever holds her message's had that first."""
    if answer.cause in DEAD:
        hashed = contacts.address_hash(vault, channel, address)
        dead.record(connection, channel, hashed, answer.cause, now)
    if answer.cause == OPTED_OUT and client_id is not None and clinic_id is not None:
        opting_out.at_provider(
            connection,
            vault,
            client_id=client_id,
            clinic_id=clinic_id,
            number=address,
            now=now,
            correlation_id=correlation_id,
        )
