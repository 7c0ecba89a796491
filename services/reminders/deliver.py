"""A message on its way: token, claim and judge, words, channel with no transaction open, settle."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.reminders.bell import Deliver, Queue
from services.reminders.bucket import Bucket
from services.reminders.channels import Answer, Letter, Send
from services.reminders.judging import Claimed, claim_and_judge
from services.reminders.ledger.ringing import unheard
from services.reminders.ledger.settle import settle
from services.reminders.rules import words
from shared.events import Channel
from shared.logs import correlated, logger
from shared.vault import Vault

log = logger()

SETTLE_WAITS_SECONDS = (0.1, 0.5, 2.0, 5.0)

PATIENCE_SECONDS = 20.0
"""For a token; without one the message stays planned, and the sweeper rings again."""


def deliverer(
    engine: Engine,
    vault: Vault,
    channels: Mapping[Channel, Send],
    buckets: Mapping[Channel, Bucket],
    clock: Callable[[], datetime],
) -> Deliver:
    """What an actor calls; it gives the state that the message came to, None when it sent nothing."""

    def deliver(message_id: UUID, channel: Channel, queue: Queue) -> str | None:
        if channel in buckets and not buckets[channel].take(queue, patience=PATIENCE_SECONDS):
            unheard(engine, [message_id])
            return None
        claimed = claim_and_judge(engine, vault, message_id, clock())
        if claimed is None:
            return None
        with correlated(claimed.correlation_id, message=message_id, client=claimed.person.client_id):
            answer = _send(channels[channel], message_id, claimed)
            state = _settle(engine, message_id, answer, clock)
            log.info(
                "delivery", channel=channel, state=state, cause=answer.cause, occasions=len(claimed.occasions)
            )
        return state

    return deliver


def _letter(message_id: UUID, claimed: Claimed) -> Letter:
    person, channel = claimed.person, claimed.whose.channel
    said = words.compose(claimed.occasions, claimed.clinic, person, channel, person.client_id.int)
    address = person.contacts[claimed.send.contact_id].address
    assert address is not None  # the policy sends to nobody without one
    return Letter(
        message_id=message_id,
        record_id=person.client_id,
        channel=channel,
        to=address,
        text=said.text,
        subject=said.subject,
        html=said.html,
        zone=person.time_zone,
        at=claimed.said_at,
        valid_for=claimed.send.valid_for,
        sender=claimed.clinic.sender,
    )


def _send(send: Send, message_id: UUID, claimed: Claimed) -> Answer:
    try:
        letter = _letter(message_id, claimed)
    except Exception as error:
        log.exception("words failed")
        return Answer("permanent", f"words:{type(error).__name__}")
    try:
        return send(letter)
    except Exception as error:
        # A channel says itself what is safe to try again; what it did not foresee may have gone.
        log.exception("channel failed")
        return Answer("ambiguous", type(error).__name__)


def _settle(engine: Engine, message_id: UUID, answer: Answer, clock: Callable[[], datetime]) -> str:
    """Settles, however often the database has to be asked: what is known now is not known later."""
    for wait in SETTLE_WAITS_SECONDS:
        try:
            return settle(engine, message_id, answer, clock())
        except SQLAlchemyError as error:
            log.warning("cannot settle yet", error=type(error).__name__)
            time.sleep(wait)
    return settle(engine, message_id, answer, clock())
