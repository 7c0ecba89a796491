"""The follower: reads the feed in one long poll for its lanes, applies what comes, and never gives up."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import Event, Thread
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.reminders import checkpoints
from services.reminders.apply import GapInLane, apply
from services.reminders.feed import Feed, FeedAway, FeedRefused
from services.reminders.ringer import Ring
from shared.logs import logger
from shared.vault import Vault

log = logger()

FIRST_WAIT_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 5.0
SAID_EVERY_SECONDS = 60.0


def follow_until(
    engine: Engine, vault: Vault, ring: Ring, feed: Feed, clock: Callable[[], datetime]
) -> Callable[[Event], None]:
    """The loop of one follower among any number."""

    def loop(stop: Event) -> None:
        follower = uuid4()
        trouble = _Trouble()
        leaving = Thread(target=_leave, args=(engine, follower, stop, clock), daemon=True)
        leaving.start()
        while not stop.is_set():
            try:
                lanes = checkpoints.take_lanes(engine, follower, clock())
                page = feed.read(checkpoints.positions(engine, lanes))
                apply(engine, vault, ring, page.items, clock())
            except (FeedAway, FeedRefused, GapInLane, SQLAlchemyError) as error:
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


class _Trouble:
    """What keeps a follower from following: how long to wait, and how often to say so."""

    def __init__(self) -> None:
        self._met = 0
        self._said_at: float | None = None

    def met(self, error: Exception) -> float:
        """Counts it, says it at most once a minute, and gives how many seconds to wait."""
        now = time.monotonic()
        if self._said_at is None or now - self._said_at >= SAID_EVERY_SECONDS:
            self._said_at = now
            # The follower's own errors hold lanes and statuses; a database's text might quote a row.
            detail = "" if isinstance(error, SQLAlchemyError) else str(error)
            log.warning("cannot follow", trouble=type(error).__name__, detail=detail, tries=self._met + 1)
        wait: float = min(FIRST_WAIT_SECONDS * 2 ** min(self._met, 10), LONGEST_WAIT_SECONDS)
        self._met += 1
        return wait * random.uniform(0.5, 1.0)  # noqa: S311  so that followers do not come back in step

    def over(self) -> None:
        """The way is free again."""
        if self._met:
            log.info("following again", tries=self._met)
        self._met = 0
        self._said_at = None
