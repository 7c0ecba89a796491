"""The carrier: brings what we have learned to the log, each fact until the goals service has taken it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Event

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.reminders.bell import Rung
from services.reminders.hearing import acknowledging
from services.reminders.ledger import outgoing
from services.reminders.ledger.outgoing import Fact, Taken
from services.reminders.ringer import Ring
from services.reminders.trouble import Trouble
from shared import tracing
from shared.goals_client import Answer, Goals, GoalsAway, GoalsRefused
from shared.logs import correlated, logger
from shared.vault import Vault

log = logger()

PERIOD_SECONDS = 0.5
OURS_TO_MEND = frozenset({401, 403})
"""Refusals of us, not of the fact: once somebody has put the keys right, it goes."""


def carry(engine: Engine, vault: Vault, ring: Ring, goals: Goals, now: datetime) -> int:
    """Does one round; gives how many facts the log has taken. Raises GoalsAway; what is left is put off.

    A text that waits for its acknowledgement gets it now.
    """
    with engine.begin() as connection:
        taken = outgoing.take_due(connection, vault, now)
    told = 0
    for place, one in enumerate(taken):
        with correlated(one.fact.correlation_id, client=one.fact.record_id, kind=one.fact.kind):
            try:
                told += _bring(engine, vault, ring, goals, one, now)
            except GoalsAway as away:
                with engine.begin() as connection:
                    outgoing.again(connection, one, str(away), now)
                    outgoing.give_back(connection, [later.fact.fact_id for later in taken[place + 1 :]], now)
                raise
    return told


def carry_until(
    engine: Engine, vault: Vault, ring: Ring, goals: Goals, clock: Callable[[], datetime]
) -> Callable[[Event], None]:
    """The loop: a round twice a second, and at once while there is more. What is away is tried again."""

    def loop(stop: Event) -> None:
        trouble = Trouble("cannot bring facts to the log")
        while not stop.is_set():
            try:
                told = carry(engine, vault, ring, goals, clock())
            except (GoalsAway, SQLAlchemyError) as error:
                stop.wait(trouble.met(error))
                continue
            trouble.over()
            if not told:  # else a record's next fact may go at once
                stop.wait(PERIOD_SECONDS)

    return loop


def _bring(engine: Engine, vault: Vault, ring: Ring, goals: Goals, taken: Taken, now: datetime) -> bool:
    try:
        with tracing.span("tell the log", {"cairn.fact": taken.fact.kind}, kind=tracing.CLIENT):
            answer = _ask(goals, taken.fact)
    except GoalsRefused as no:
        log.error("fact refused", status=no.status)
        rung: list[Rung] = []
        with engine.begin() as connection:
            if no.status in OURS_TO_MEND:
                outgoing.again(connection, taken, str(no), now)
            else:
                outgoing.refused(connection, taken.fact.fact_id, str(no), now)
                rung = acknowledging.refused(connection, vault, taken.fact, now)
        ring(rung)
        return False
    with engine.begin() as connection:
        outgoing.told(connection, taken.fact.fact_id, now)
        rung = acknowledging.acknowledge(connection, vault, taken.fact, answer.body, now)
    ring(rung)
    log.info("fact told")
    return True


def _ask(goals: Goals, fact: Fact) -> Answer:
    herself = fact.record_id if fact.via == "web" else None
    if fact.method == "DELETE":
        return goals.delete(fact.clinic_id, fact.path, fact.correlation_id, client_id=herself)
    return goals.put(fact.clinic_id, fact.path, fact.body or b"{}", fact.correlation_id, client_id=herself)
