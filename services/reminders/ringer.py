"""Ringing after a commit: what could not be rung is left to the sweeper, never lost."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlalchemy import Engine

from services.reminders.bell import Bell, BellAway, Rung, ring
from services.reminders.ledger.ringing import unheard

log = structlog.get_logger()

Ring = Callable[[list[Rung]], None]


def ringer(engine: Engine, broker: Bell) -> Ring:
    """Rings for messages that a transaction has just planned and marked as rung."""

    def ring_after_commit(rung: list[Rung]) -> None:
        if not rung:
            return
        try:
            ring(broker, rung)
        except BellAway as error:
            log.warning("bell away", messages=len(rung), error=type(error).__name__)
            unheard(engine, [message.message_id for message in rung])

    return ring_after_commit
