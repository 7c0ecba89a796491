"""A ledger that was restored is noticed and held: by where it lives, and by what the bell remembers of it."""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy import Engine

from services.reminders import bell
from services.reminders.bell import Bell
from services.reminders.ledger import hold
from shared.logs import logger

log = logger()

BEAT_SECONDS = 10.0
"""Between two beats of the pulse: a restore to within so long before is not told by it."""


class Watch:
    """Looks after one ledger and its bell, from one process."""

    def __init__(self, engine: Engine, broker: Bell) -> None:
        self._engine = engine
        self._broker = broker
        self._beat_at = float("-inf")

    def look(self, now: datetime) -> None:
        """Holds a ledger that was restored, and tells the bell how far this one has come. Raises BellAway."""
        # The bell first: what it knows by now, the ledger had before.
        remembered = bell.pulse(self._broker)
        with self._engine.begin() as connection:
            why = hold.notice(connection, remembered, now)
        if why is not None:
            log.error("sending is held", why=why)
        elif time.monotonic() - self._beat_at >= BEAT_SECONDS:
            self._tell()

    def _tell(self) -> None:
        with self._engine.begin() as connection:
            count = hold.beat(connection)
        if count is not None:
            bell.remember_pulse(self._broker, count)
        self._beat_at = time.monotonic()


def ask(engine: Engine, now: datetime) -> bool:
    """Holds it on an operator's word; False where it is held already."""
    with engine.begin() as connection:
        return hold.ask(connection, now)
