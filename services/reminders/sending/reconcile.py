"""The reconciler: asks the provider what became of a message, and to forget its words. It never sends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from services.reminders import people
from services.reminders.channels.sms import Known, ProviderAway, Twilio
from services.reminders.ledger import callbacks, reconciling
from services.reminders.ledger.direct import HOUSE
from services.reminders.ledger.reconciling import Asked
from services.reminders.ledger.settle import settle
from services.reminders.sending import refusing
from services.reminders.sending.letters import Handed, handed
from services.reminders.shred import shred
from shared.logs import correlated, logger
from shared.vault import Vault

log = logger()

PERIOD_SECONDS = 5.0
EARLIEST = timedelta(minutes=-1)
LATEST = timedelta(minutes=5)
"""From our claim to the provider's acceptance: the send itself takes seconds, and clocks differ."""
WHOLE_SECONDS = timedelta(seconds=1)
"""The provider tells when it accepted something without the fraction."""
LONGEST = timedelta(days=3)
"""After that nothing more is asked about a message."""


def reconcile(engine: Engine, vault: Vault, provider: Twilio, now: datetime) -> int:
    """Does one round; gives how many messages came to another state, or were emptied at the provider."""
    with engine.begin() as connection:
        due = reconciling.take_due(connection, now)
    changed = 0
    for place, asked in enumerate(due):
        try:
            with correlated(asked.correlation_id, message=asked.message_id):
                changed += _ask(engine, vault, provider, asked, now)
        except ProviderAway as error:
            log.warning("provider away", error=str(error), messages=len(due) - place)
            with engine.begin() as connection:
                reconciling.give_back(connection, due[place:], now)
            break
    return changed


def reconcile_until(
    engine: Engine, vault: Vault, provider: Twilio | None, clock: Callable[[], datetime]
) -> Callable[[Event], None]:
    """The loop: a round every five seconds, and the keys of who was erased after it.

    Where no SMS leaves this machine there is nobody to ask.
    """

    def loop(stop: Event) -> None:
        while not stop.is_set():
            try:
                if provider is not None:
                    reconcile(engine, vault, provider, clock())
                shred(engine, vault, clock(), asks=provider is not None)
            except SQLAlchemyError as error:
                log.warning("database away", error=type(error).__name__)
            stop.wait(PERIOD_SECONDS)

    return loop


def _ask(engine: Engine, vault: Vault, provider: Twilio, asked: Asked, now: datetime) -> bool:
    if asked.state in {"delivered", "failed"}:
        return _redact(engine, provider, asked, now)
    if now - asked.known_since <= LONGEST:
        found = _found(engine, vault, provider, asked)
        with engine.begin() as connection:
            state = _settle(connection, vault, asked, found, now)
        if state is not None:
            log.info("reconciled", was=asked.state, state=state)
            return True
    return _put_off(engine, provider, asked, now)


def _found(engine: Engine, vault: Vault, provider: Twilio, asked: Asked) -> list[Known]:
    """The message as the provider has it, or all that may be it: by its id, else by what was handed over.

    What a lost ledger may have handed over is known by nothing but her number and the time.
    """
    if asked.provider_id is not None:
        known = provider.fetch(asked.provider_id)
        return [known] if known else []
    if asked.restored_at is not None:
        return [one for number in _numbers(engine, vault, asked)
                for one in provider.sent_to(number, asked.claimed_at + EARLIEST)
                if one.accepted_at <= asked.restored_at]  # fmt: skip
    sent = handed(vault, asked.client_id or HOUSE, asked.message_id, asked.sealed)
    if sent is None:
        return []
    until = min([asked.claimed_at + LATEST, *_same_again(engine, vault, asked, sent)])
    listed = provider.sent_to(sent.to, asked.claimed_at + EARLIEST)
    return [one for one in listed if one.text == sent.text and one.accepted_at <= until]


def _same_again(engine: Engine, vault: Vault, asked: Asked, sent: Handed) -> list[datetime]:
    """When the same words may have gone to her once more: what was accepted since is rather that one."""
    with engine.connect() as connection:
        others = reconciling.later(connection, asked)
    house = asked.client_id or HOUSE
    return [
        one.claimed_at - WHOLE_SECONDS
        for one in others
        if handed(vault, house, one.message_id, one.sealed) == sent
    ]


def _numbers(engine: Engine, vault: Vault, asked: Asked) -> list[str]:
    with engine.connect() as connection:
        person = people.person(connection, vault, asked.client_id) if asked.client_id else None
    known = person.contacts.values() if person else ()
    return [one.address for one in known if one.channel == "sms" and one.address]


def _settle(
    connection: Connection, vault: Vault, asked: Asked, found: list[Known], now: datetime
) -> str | None:
    """Writes down what became of it; None where that is nothing new, or cannot be told."""
    if not found:
        return None
    # As for a claim: whoever settles by the list, or is about to send to her, is alone.
    if asked.client_id is not None:
        people.lock(connection, asked.client_id)
    if asked.provider_id is None and reconciling.is_sending(connection, asked.client_id):
        return None
    others = callbacks.of_others(connection, asked.message_id, [one.provider_id for one in found])
    free = [one for one in found if one.provider_id not in others and one.answer]
    known = min(free, key=lambda one: one.accepted_at, default=None)
    if known is None or known.answer is None:
        return None
    if known.to and refusing.speaks_of_address(known.answer):
        refusing.learn(connection, vault, known.answer, channel="sms", address=known.to,
                       client_id=asked.client_id, clinic_id=asked.clinic_id, now=now,
                       correlation_id=asked.correlation_id)  # fmt: skip
    state = settle(connection, asked.message_id, known.answer, now)
    return state if state != asked.state else None


def _put_off(engine: Engine, provider: Twilio, asked: Asked, now: datetime) -> bool:
    with engine.begin() as connection:
        goes_on = now - asked.known_since <= LONGEST and reconciling.ask_again(connection, asked, now)
        if not goes_on:
            reconciling.give_up(connection, asked)
    if goes_on:
        return False
    if asked.provider_id is not None and provider.redact(asked.provider_id):
        # It was sent, and no more was ever heard of it.
        with engine.begin() as connection:
            reconciling.redacted(connection, asked.message_id, now)
        return True
    log.warning("asked often enough", state=asked.state)
    return False


def _redact(engine: Engine, provider: Twilio, asked: Asked, now: datetime) -> bool:
    assert asked.provider_id is not None  # without one it is never taken here
    done = provider.redact(asked.provider_id)
    with engine.begin() as connection:
        if done:
            reconciling.redacted(connection, asked.message_id, now)
        elif not reconciling.ask_again(connection, asked, now):
            reconciling.give_up(connection, asked)
            log.error("not redacted", provider_id=asked.provider_id)
    return done
