"""A message on its way: token, claim and judge, words, channel with no transaction open, settle."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.reminders.bell import Deliver, Queue
from services.reminders.channels import BUSY, Answer, Letter, Send
from services.reminders.ledger import direct
from services.reminders.ledger.ringing import unheard
from services.reminders.ledger.settle import settle
from services.reminders.ledger.tally import class_of
from services.reminders.links import Links
from services.reminders.rules.segments import size
from services.reminders.sending import refusing
from services.reminders.sending.bucket import Bucket
from services.reminders.sending.claiming import claim_or_set_aside
from services.reminders.sending.judging import Claimed
from services.reminders.sending.letters import Unsayable
from services.reminders.sending.traced import told_of
from shared import tracing
from shared.events import Channel
from shared.logs import correlated, logger
from shared.vault import Vault

log = logger()

SETTLE_WAITS_SECONDS = (0.1, 0.5, 2.0, 5.0)

PATIENCE_SECONDS = 20.0
"""For a token; without one the message stays planned, and the sweeper rings again."""


@dataclass(frozen=True)
class Sent:
    """A send: the channel's answer and the state that followed; how many seconds the channel took, how many
    had passed by its answer since the message was to go, and how many segments of SMS it was handed.
    """

    channel: Channel
    queue: Queue
    answer: Answer
    state: str
    seconds: float
    since_due: float
    segments: int


class Watch(Protocol):
    """Whoever counts sends."""

    def sent(self, sent: Sent) -> None:
        """Told of each send."""

    def no_token(self, queue: Queue) -> None:
        """Told of each message that the sender had no room for."""


def deliverer(
    engine: Engine,
    vault: Vault,
    channels: Mapping[Channel, Send],
    buckets: Mapping[Channel, Bucket],
    clock: Callable[[], datetime],
    links: Links | None = None,
    watch: Watch | None = None,
) -> Deliver:
    """What an actor calls; it gives the state that the message came to, None when it sent nothing.

    `links` are the addresses that e-mails hold: to confirm one, and to end them with one click.
    """

    def deliver(message_id: UUID, channel: Channel, queue: Queue) -> str | None:
        with told_of(engine, message_id, channel, queue) as step:
            state = deliver_now(message_id, channel, queue)
            step.set_attribute("cairn.state", state or "not sent")
            return state

    def deliver_now(message_id: UUID, channel: Channel, queue: Queue) -> str | None:
        if channel in buckets and not buckets[channel].take(queue, patience=PATIENCE_SECONDS):
            unheard(engine, [message_id])
            if watch:
                watch.no_token(queue)
            return None
        with tracing.span("claim"):
            claimed = claim_or_set_aside(engine, vault, message_id, clock(), links)
        if claimed is None:
            return None
        with correlated(claimed.correlation_id, message=message_id, client=claimed.client_id):
            letter = claimed.letter if claimed.direct else _linked(claimed.letter, links)
            began = time.monotonic()
            answer = _send(channels[channel], letter, channel)
            took, answered_at = time.monotonic() - began, clock()
            if answer.cause == BUSY and channel in buckets:
                buckets[channel].rest(answer.after)
            with tracing.span("settle"):
                state = _settle(engine, vault, claimed, letter, answer, clock)
            if watch:
                late = max(0.0, (answered_at - claimed.due_at).total_seconds())
                watch.sent(Sent(channel, queue, answer, state, took, late, _segments(letter)))
            refusing.raise_if_ours(channel, answer)
            log.info(
                "delivery", channel=channel, state=state, cause=answer.cause, occasions=len(claimed.occasions)
            )
        return state

    return deliver


def _segments(letter: Letter | Unsayable) -> int:
    return size(letter.text).segments if isinstance(letter, Letter) and letter.channel == "sms" else 0


def _send(send: Send, letter: Letter | Unsayable, channel: Channel) -> Answer:
    if isinstance(letter, Unsayable):
        return Answer("permanent", letter.cause)
    with tracing.span("send", {"cairn.channel": channel}, kind=tracing.CLIENT) as step:
        try:
            answer = send(letter)
        except Exception as error:
            # A channel says itself what is safe to try again; what it did not foresee may have gone.
            log.exception("channel failed")
            answer = Answer("ambiguous", type(error).__name__)
        step.set_attributes({"cairn.verdict": answer.verdict, "cairn.cause": class_of(answer.cause)})
        return answer


def _linked(letter: Letter | Unsayable, links: Links | None) -> Letter | Unsayable:
    if links is None or isinstance(letter, Unsayable) or letter.channel != "email":
        return letter
    return replace(letter, unsubscribe=links.unsubscribe(letter.record_id, letter.channel))


def _settle(
    engine: Engine,
    vault: Vault,
    claimed: Claimed,
    letter: Letter | Unsayable,
    answer: Answer,
    clock: Callable[[], datetime],
) -> str:
    """Settles, however often the database has to be asked: what is known now is not known later."""
    for wait in SETTLE_WAITS_SECONDS:
        try:
            return _write_down(engine, vault, claimed, letter, answer, clock())
        except SQLAlchemyError as error:
            log.warning("cannot settle yet", error=type(error).__name__)
            time.sleep(wait)
    return _write_down(engine, vault, claimed, letter, answer, clock())


def _write_down(
    engine: Engine,
    vault: Vault,
    claimed: Claimed,
    letter: Letter | Unsayable,
    answer: Answer,
    now: datetime,
) -> str:
    if claimed.direct == "signpost" and answer.verdict == "ambiguous":
        answer = replace(answer, verdict="retry")  # twice is harmless, never is not
    with engine.begin() as connection:
        if isinstance(letter, Letter) and refusing.speaks_of_address(answer):
            refusing.learn(
                connection,
                vault,
                answer,
                channel=letter.channel,
                address=letter.to,
                client_id=claimed.client_id,
                clinic_id=claimed.clinic_id,
                now=now,
                correlation_id=claimed.correlation_id,
            )
        state = settle(connection, claimed.message_id, answer, now)
        if claimed.direct and state != "planned":
            direct.forget(connection, claimed.message_id)
    return state
