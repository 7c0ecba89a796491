"""Sealing now and then: when, and what Prometheus is shown of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from threading import Event

import structlog
from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.goals.seals.behind import Behind
from services.goals.seals.known import Known
from services.goals.seals.place import Place, PlaceAway
from services.goals.seals.seal import BadSeal, Held
from services.goals.seals.sealing import Unsound, seal
from services.goals.seals.signing import publics
from shared.tokens import Key

LOOK_SECONDS = 5.0
"""Between two looks at the clock."""
AGAIN = timedelta(minutes=1)
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
        self._away = Gauge(
            "cairn_seal_place_away", "1 while seals cannot be read or kept where they are", registry=registry
        )

    def shows(self, last: Held) -> None:
        """The last seal, as it is now."""
        self.sealed = last.statement.events
        self._number.set(last.statement.number)
        self._events.set(last.statement.events)
        self._made.set(last.statement.made_at.timestamp())

    def well(self) -> None:
        """All is as it was made, and where seals are kept is there."""
        self._fails.set(0)
        self._away.set(0)

    def fails(self) -> None:
        """Something is not as it was made: to be looked at by a person."""
        self._fails.set(1)

    def away(self) -> None:
        """Where seals are kept cannot be reached, or takes none."""
        self._away.set(1)


class Sealer:
    """The loop: a seal when the last one is older than `every`. What failed is tried again a minute later."""

    def __init__(
        self, engine: Engine, place: Place, keys: Sequence[Key], every: timedelta, registry: CollectorRegistry
    ) -> None:
        self._engine = engine
        self._place = place
        self._keys = keys
        self._every = every
        self._known = Known(place, publics(keys))
        self._figures = SealFigures(registry, every)
        registry.register(Behind(engine, lambda: self._figures.sealed))
        self.trouble: str | None = None
        """Why nothing can be sealed just now, in one line; None when it can."""

    def __call__(self, stop: Event) -> None:
        """Until told to stop."""
        due = self._first_due()
        while not stop.is_set():
            now = datetime.now(UTC)
            if now >= due:
                due = now + (self._every if self.seal_now(now) else min(self._every, AGAIN))
            stop.wait(LOOK_SECONDS)

    def seal_now(self, now: datetime) -> bool:
        """Whether all that was written before now is sealed."""
        try:
            made = seal(self._engine, self._place, self._keys, now, known=self._known)
        except (Unsound, BadSeal) as error:
            self._figures.fails()
            self.trouble = f"Nothing is sealed: {error}. `cairn goals verify` says more."
            log.error("not sealed", why=str(error))
        except PlaceAway as error:
            self._figures.away()
            self.trouble = f"No seal can be kept: {error}."
            log.warning("not sealed", why=str(error))
        except SQLAlchemyError as error:
            log.warning("not sealed", error=type(error).__name__)
        else:
            self._well(made)
            return True
        return False

    def _well(self, made: Held | None) -> None:
        self.trouble = None
        self._figures.well()
        if made is not None:
            log.info("sealed", number=made.statement.number, events=made.statement.events)
        if (last := made or self._known.last) is not None:  # another may have made it
            self._figures.shows(last)

    def _first_due(self) -> datetime:
        """As much after the last seal, whoever made it; at once where none is to be read."""
        try:
            last = self._known.catch_up().last
        except (BadSeal, PlaceAway):
            return datetime.now(UTC)  # said by the first try to seal
        if last is None:
            return datetime.now(UTC)
        self._figures.shows(last)
        return last.statement.made_at + self._every
