"""What comes due by the clock: reminders' slots into occasions, in batches, by any number of processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Event
from typing import NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from services.reminders.ledger import ahead, plan
from services.reminders.ringer import Ring
from services.reminders.rules.cadence import Slot, round_of
from services.reminders.rules.plan import nudge
from services.reminders.scheduling import due, foreseen
from services.reminders.scheduling.traced import traced
from shared.logs import logger

log = logger()

PERIOD_SECONDS = 1.0

Full = Callable[[], bool]
"""Whether so much waits to be sent that nothing more should be planned just now."""


def never() -> bool:
    """What is asked for at once is planned, whatever waits."""
    return False


REMEMBERED = timedelta(days=7)
"""Slots that passed unseen are recorded as expired this far back; what is older is passed over in silence."""


class Taken(NamedTuple):
    """How many were due, and the occasions that they make."""

    due: int
    said: list[plan.Planned]


Take = Callable[[Connection, datetime, int], Taken]
"""Takes up to so many of those that are due by then."""


def schedule(
    engine: Engine,
    ring: Ring,
    now: datetime,
    *,
    offset: timedelta = plan.NO_OFFSET,
    batch: int = due.BATCH,
    full: Full = never,
) -> int:
    """Plans all that is due by `now + offset`, batch by batch, until it is full; gives how many came round.

    What is left stays due. By the time that it is planned, what has become stale is recorded as expired.
    """
    return sum(_all(engine, ring, one, now, offset, batch, full) for one in (_slots, _prompts))


def _all(
    engine: Engine, ring: Ring, take: Take, now: datetime, offset: timedelta, batch: int, full: Full
) -> int:
    count = 0
    while not full():
        with engine.begin() as connection:
            taken, said = take(connection, now + offset, batch)
            with traced(said) as planned:
                rung = plan.write(connection, planned, now, offset=offset)
        ring(rung)
        count += taken
        if taken < batch:
            break
    return count


def _slots(connection: Connection, now: datetime, batch: int) -> Taken:
    rounds = [(one, *_round(one, now)) for one in due.claim(connection, now, batch=batch)]
    due.advance(connection, [(one.reminder_id, after.at if after else None) for one, _, after in rounds])
    return Taken(len(rounds), [said for one, passed, _ in rounds for said in _occasions(one, passed, now)])


def _prompts(connection: Connection, now: datetime, batch: int) -> Taken:
    taken = foreseen.take(connection, now, batch=batch)
    return Taken(len(taken), taken)


def schedule_once_at(engine: Engine, ring: Ring, now: datetime, at: datetime) -> int:
    """One round as if it were `at`: what comes due by then, and what is held until then. Gives how many."""
    offset = at - now
    with engine.begin() as connection:
        opened = ahead.open_held(connection, now, offset)
    ring(opened)
    return schedule(engine, ring, now, offset=offset) + len(opened)


def schedule_until(
    engine: Engine, ring: Ring, clock: Callable[[], datetime], full: Full = never
) -> Callable[[Event], None]:
    """The loop: a round a second, as long as what was planned is sent as well. A database that is away is
    tried again.
    """

    def loop(stop: Event) -> None:
        while not stop.is_set():
            try:
                schedule(engine, ring, clock(), full=full)
            except SQLAlchemyError as error:
                log.warning("database away", error=type(error).__name__)
            stop.wait(PERIOD_SECONDS)

    return loop


def _occasions(planned: due.Planned, passed: Sequence[Slot], now: datetime) -> list[plan.Planned]:
    """The newest slot to be judged, and those before it as expired, so that nothing comes in a flood."""
    said = []
    for slot in passed:
        occasion = nudge(planned.client_id, planned.reminder_id, planned.reminder, slot)
        stale = slot is not passed[-1] or now >= occasion.expires_at
        said.append(
            plan.Planned(
                occasion,
                planned.clinic_id,
                planned.correlation_id,
                expired="stale" if stale else None,
            )
        )
    return said


def _round(planned: due.Planned, now: datetime) -> tuple[Sequence[Slot], Slot | None]:
    """The slots that have passed, and the next one."""
    cadence, first = planned.reminder.cadence, planned.next_due_at
    if cadence is None or first is None:
        return (), None
    return round_of(planned.zone, cadence, max(first, now - REMEMBERED), now)
