"""Carrying erasures out: append, destroy the key, wait until nobody remembers it, and only then say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import structlog
from prometheus_client import CollectorRegistry, Counter
from sqlalchemy.exc import SQLAlchemyError

from services.goals.beats import Busy, House
from services.goals.erasing import worklist
from services.goals.erasing.last_event import erase
from services.goals.erasing.worklist import REMEMBERED, Taken
from services.goals.rules.refusal import Refused
from shared.logs import correlated

PERIOD_SECONDS = 5.0

log = structlog.get_logger()

Watch = Callable[[str], None]
"""Told of each step, in a line of ids."""


def carry_out(house: House, wait: timedelta, watch: Watch = lambda _: None) -> int:
    """Does one round: reads on in the log, then takes each erasure that is due as far as it can go now.

    Gives how many records are erased with it, and not only on their way. Whatever step a process dies at,
    this one or another takes it up there: each step may be done again.
    """
    passed = worklist.READ_AT_ONCE
    while (
        passed >= worklist.READ_AT_ONCE
    ):  # with fewer it is at the end; what comes meanwhile is the next round's
        passed = worklist.note(house.engine)
        if passed:
            log.info("log read for erasures", events=passed)
    finished = 0
    while due := worklist.take(house.engine, house.now(), wait):
        finished += sum(_go_on(house, taken, wait, watch) for taken in due)
    return finished


def erase_until(house: House, wait: timedelta, registry: CollectorRegistry) -> Callable[[Event], None]:
    """The loop: a round every five seconds. A database that is away is tried again."""
    done = Counter(
        "cairn_erasures_done", "Erasures that this process carried out to the end", registry=registry
    )

    def loop(stop: Event) -> None:
        while not stop.is_set():
            try:
                done.inc(carry_out(house, wait))
            except SQLAlchemyError as error:
                log.warning("database away", error=type(error).__name__)
            stop.wait(PERIOD_SECONDS)

    return loop


def _go_on(house: House, taken: Taken, wait: timedelta, watch: Watch) -> bool:
    correlation_id = f"erasure-{taken.erasure_id}"
    with correlated(correlation_id, client=taken.record_id, erasure=taken.erasure_id):
        try:
            return _next(house, taken, wait, correlation_id, watch)
        except (Refused, Busy) as no:
            log.warning("not erased", why=type(no).__name__)
        except SQLAlchemyError as error:
            # The lease brings it back in a minute; the others shall not wait for this one.
            log.error("erasure interrupted", error=type(error).__name__)
        return False


def _next(house: House, taken: Taken, wait: timedelta, correlation_id: str, watch: Watch) -> bool:
    destroyed_at = taken.key_destroyed_at
    if destroyed_at is not None and destroyed_at + REMEMBERED <= house.now():
        worklist.done(house.engine, taken.record_id, house.now())
        log.info("erased")
        watch(f"{taken.record_id}  erased")
        return True
    erase(house, taken.clinic_id, taken.record_id, taken.erasure_id, wait, correlation_id=correlation_id)
    house.vault.destroy(taken.record_id)
    worklist.destroyed(house.engine, taken.record_id, house.now())
    log.info("key destroyed")
    watch(f"{taken.record_id}  key destroyed; erased in {REMEMBERED.seconds} s, once no process remembers it")
    return False
