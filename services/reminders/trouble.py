"""What keeps a loop from its work: how long to wait, and how often to say so."""

from __future__ import annotations

import random
import time

from sqlalchemy.exc import SQLAlchemyError

from shared.logs import logger

log = logger()

FIRST_WAIT_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 5.0
SAID_EVERY_SECONDS = 60.0


class Trouble:
    """One loop's trouble; `what` it cannot do is what its lines say."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._met = 0
        self._said_at: float | None = None

    def met(self, error: Exception) -> float:
        """Counts it, says it at most once a minute, and gives how many seconds to wait."""
        now = time.monotonic()
        if self._said_at is None or now - self._said_at >= SAID_EVERY_SECONDS:
            self._said_at = now
            # Our own errors hold lanes and statuses; a database's text might quote a row.
            detail = "" if isinstance(error, SQLAlchemyError) else str(error)
            log.warning(self._what, trouble=type(error).__name__, detail=detail, tries=self._met + 1)
        wait: float = min(FIRST_WAIT_SECONDS * 2 ** min(self._met, 10), LONGEST_WAIT_SECONDS)
        self._met += 1
        return wait * random.uniform(0.5, 1.0)  # noqa: S311  so that many do not come back in step

    def over(self) -> None:
        """The way is free again."""
        if self._met:
            log.info("the way is free again", after=self._what, tries=self._met)
        self._met = 0
        self._said_at = None
