"""The follower: reads the feed in one long poll for its lanes, applies what comes, and never gives up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import Event, Thread
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.reminders.following import checkpoints
from services.reminders.following.apply import GapInLane, apply
from services.reminders.following.feed import Feed
from services.reminders.following.lag import Lag
from services.reminders.following.reading_ahead import ReadingAhead
from services.reminders.ringer import Ring
from services.reminders.trouble import Trouble
from shared.goals_client import GoalsAway, GoalsRefused
from shared.vault import Vault


def follow_until(
    engine: Engine, vault: Vault, ring: Ring, feed: Feed, clock: Callable[[], datetime], lag: Lag
) -> Callable[[Event], None]:
    """The loop of one follower among any number; `lag` is told how far it is behind."""

    def applied(events: int, recorded_at: datetime) -> None:
        lag.applied(events, recorded_at, clock())

    def loop(stop: Event) -> None:
        follower = uuid4()
        trouble = Trouble("cannot follow")
        leaving = Thread(target=_leave, args=(engine, follower, stop, clock), daemon=True)
        leaving.start()
        reading = ReadingAhead(feed)
        while not stop.is_set():
            try:
                lanes = checkpoints.take_lanes(engine, follower, clock())
                page = reading.read(checkpoints.positions(engine, lanes))
                lag.read(page.items, clock())
                apply(engine, vault, ring, page.items, clock(), applied)
            except (GoalsAway, GoalsRefused, GapInLane, SQLAlchemyError) as error:
                lag.trouble(error)
                stop.wait(trouble.met(error))
                continue
            trouble.over()
            if not page.items:
                stop.wait(page.retry_after)
        leaving.join()

    return loop


def _leave(engine: Engine, follower: UUID, stop: Event, clock: Callable[[], datetime]) -> None:
    # Beside the loop, which may wait for the feed meanwhile: whoever comes next shall not wait for our lease.
    stop.wait()
    with suppress(SQLAlchemyError):
        checkpoints.leave(engine, follower, clock())
