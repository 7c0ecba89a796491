"""The sweeper: rings again what should have been heard, and settles what a dead worker left half done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.reminders.bell import Bell, BellAway, is_awake, mark_awake, ring
from services.reminders.ledger import direct, ringing, settle
from services.reminders.sending.holding import Watch

log = structlog.get_logger()

PERIOD_SECONDS = 1.0
STUCK = timedelta(minutes=5)
"""A send takes seconds; a message that is `sending` for so long has lost its worker."""

SIGNPOST_SECONDS = 60.0

Arrived = Callable[[UUID, str], bool]
"""Whether a message surely arrived, where its channel can tell: (message id, channel)."""


def sweep(engine: Engine, broker: Bell, arrived: Arrived, now: datetime, watch: Watch | None = None) -> int:
    """Does one round; gives how many messages it rang. `watch` is kept from round to round."""
    for stuck in settle.stuck(engine, claimed_before=now - STUCK):
        settle.settle_stuck(engine, stuck.message_id, arrived(stuck.message_id, stuck.channel), now)
    _watch_signposts(engine, now)
    try:
        (watch or Watch(engine, broker)).look(now)
        return _ring_due(engine, broker, now)
    except BellAway as error:
        log.warning("bell away", error=type(error).__name__)
        return 0


def sweep_until(
    engine: Engine, broker: Bell, arrived: Arrived, clock: Callable[[], datetime]
) -> Callable[[Event], None]:
    """The loop: a round a second. A database that is away is tried again."""

    watch = Watch(engine, broker)

    def loop(stop: Event) -> None:
        while not stop.is_set():
            try:
                sweep(engine, broker, arrived, clock(), watch)
            except SQLAlchemyError as error:
                log.warning("database away", error=type(error).__name__)
            stop.wait(PERIOD_SECONDS)

    return loop


def _watch_signposts(engine: Engine, now: datetime) -> None:
    """A signpost that the provider has not accepted within a minute is somebody's to look after, now."""
    with engine.connect() as connection:
        seconds = direct.signpost_waits(connection, now)
    if seconds > SIGNPOST_SECONDS:
        log.error("signpost not accepted", seconds=round(seconds))


def _ring_due(engine: Engine, broker: Bell, now: datetime) -> int:
    awake = is_awake(broker)
    if not awake:
        ringing.forget_rings(engine)
    count = 0
    while rung := ringing.take_due(engine, now):
        try:
            ring(broker, rung)
        except BellAway:
            ringing.unheard(engine, [message.message_id for message in rung])
            raise
        count += len(rung)
    if not awake:
        mark_awake(broker)
    return count
