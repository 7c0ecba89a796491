"""Sealing now and then: when, and what Prometheus is shown of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from threading import Event

import structlog
from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.goals.seals.behind import Behind
from services.goals.seals.place import Place, numbers_in, seal_in
from services.goals.seals.seal import BadSeal, Held
from services.goals.seals.sealing import Unsound, seal
from shared.tokens import Key

LOOK_SECONDS = 5.0
"""Between two looks at the clock."""
AGAIN_SECONDS = 60.0
"""After one that failed."""

log = structlog.get_logger()


class SealFigures:
    """Gauges: the last seal, and whether sealing is well."""

    def __init__(self, registry: CollectorRegistry, every: timedelta) -> None:
        self.sealed = 0
        """How many events the last seal holds."""
        period = Gauge("cairn_seal_period_seconds", "How often a seal is due", registry=registry)
        period.set(every.total_seconds())
        self._number = Gauge("cairn_seal_number", "The number of the last seal", registry=registry)
        self._events = Gauge("cairn_seal_events", "Events under the last seal", registry=registry)
        self._made = Gauge(
            "cairn_seal_made_timestamp_seconds", "When the last seal was made", registry=registry
        )
        self._fails = Gauge(
            "cairn_seal_fails", "1 while the log or the seals are not as they were made", registry=registry
        )

    def shows(self, last: Held) -> None:
        """The last seal, as it is now."""
        self.sealed = last.statement.events
        self._number.set(last.statement.number)
        self._events.set(last.statement.events)
        self._made.set(last.statement.made_at.timestamp())

    def fails(self, fails: bool) -> None:
        """Whether something is not as it was made: to be looked at by a person."""
        self._fails.set(fails)


def seal_until(
    engine: Engine, place: Place, keys: Sequence[Key], every: timedelta, registry: CollectorRegistry
) -> Callable[[Event], None]:
    """The loop: a seal when the last one is older than `every`. A database that is away is tried again."""
    figures = SealFigures(registry, every)
    registry.register(Behind(engine, lambda: figures.sealed))

    def loop(stop: Event) -> None:
        due = _first_due(place, every, figures)
        while not stop.is_set():
            now = datetime.now(UTC)
            if now >= due:
                due = now + (every if _sealed(engine, place, keys, figures) else _sooner(every))
            stop.wait(LOOK_SECONDS)

    return loop


def _sealed(engine: Engine, place: Place, keys: Sequence[Key], figures: SealFigures) -> bool:
    try:
        made = seal(engine, place, keys, datetime.now(UTC))
    except (Unsound, BadSeal) as error:
        log.error("not sealed", why=str(error))
        figures.fails(True)
        return False
    except (SQLAlchemyError, OSError) as error:
        log.warning("not sealed", error=type(error).__name__)
        return False
    figures.fails(False)
    if made is not None:
        log.info("sealed", number=made.statement.number, events=made.statement.events)
        figures.shows(made)
    return True


def _first_due(place: Place, every: timedelta, figures: SealFigures) -> datetime:
    """As much after the last seal, whoever made it; at once where none is to be read."""
    try:
        numbers = numbers_in(place)
        last = seal_in(place, numbers[-1]) if numbers else None
    except (BadSeal, OSError):
        last = None  # said by the first try to seal
    if last is None:
        return datetime.now(UTC)
    figures.shows(last)
    return last.statement.made_at + every


def _sooner(every: timedelta) -> timedelta:
    return min(every, timedelta(seconds=AGAIN_SECONDS))
