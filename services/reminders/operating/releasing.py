"""A restored ledger sends again, once it is known what the one that was lost may have sent."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine

from services.reminders import bell
from services.reminders.bell import Bell
from services.reminders.following import checkpoints
from services.reminders.following.feed import Feed
from services.reminders.ledger import hold
from services.reminders.ringer import Ring
from services.reminders.scheduling.schedule import schedule
from shared.goals_client import GoalsAway, GoalsRefused
from shared.lanes import LANES
from shared.logs import logger

log = logger()


class NotFollowed(Exception):
    """It is not known yet what the lost ledger may have said; the text says what would help."""


class Released(NamedTuple):
    """How many messages may have gone before, and how many had only waited."""

    unknown: int
    going: int


def release(engine: Engine, broker: Bell, ring: Ring, feed: Feed | None, now: datetime) -> Released | None:
    """Lets a held ledger send again; None where it is not held.

    What was due before it was held, the ledger that was lost may have sent: it becomes `unknown`, and the
    provider is asked. For this all that happened before must be known here: raises NotFollowed while the
    feed has more of it, or cannot be asked. Without a feed nothing was lost, and all that waits goes. Raises
    BellAway.
    """
    with engine.connect() as connection:
        known = hold.standing(connection)
    if known.cause is None:
        return None
    remembered, until = bell.pulse(broker), known.held_at or now
    if feed is not None:
        _must_have_followed(engine, feed, until)
        schedule(engine, ring, now)
    with engine.begin() as connection:
        unknown = hold.call_unknown(connection, until, now) if feed is not None else 0
        going = hold.release(connection, remembered, now)
    log.info("sending is released", unknown=unknown, going=going)
    return Released(unknown, going)


def _must_have_followed(engine: Engine, feed: Feed, until: datetime) -> None:
    """All that was recorded by then; in a lane nothing is recorded before what it follows."""
    reached = checkpoints.positions(engine, list(range(LANES)))
    try:
        more = feed.read(reached, wait=0).items  # some of every lane that has any
    except (GoalsAway, GoalsRefused) as error:
        raise NotFollowed(
            f"the goals service does not say whether it has more ({error}): try again"
        ) from error
    if any(datetime.fromisoformat(item["recordedtime"]) <= until for item in more):
        raise NotFollowed(
            "the log has more than this ledger: let `cairn reminders follow` catch up, then try again"
        )
