"""What Prometheus is shown of erasures: how many wait, and how late they are; never an id."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.goals.erasing import worklist

log = structlog.get_logger()


class Erasures(Collector):
    """Gauges over the worklist; `wait` is from the grant to the erasure."""

    def __init__(self, engine: Engine, wait: timedelta) -> None:
        self._engine = engine
        self._wait = wait

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each figure, read now; none while the database is away: the others are shown then too."""
        try:
            known = worklist.counts(self._engine)
        except SQLAlchemyError as error:
            log.warning("erasures uncounted", error=type(error).__name__)
            return
        states = GaugeMetricFamily(
            "cairn_erasures", "Erasures that were granted and are not done", labels=["state"]
        )
        states.add_metric(["waiting"], known.waiting)
        states.add_metric(["erasing"], known.erasing)
        yield states
        late = (datetime.now(UTC) - known.oldest - self._wait).total_seconds() if known.oldest else 0.0
        yield GaugeMetricFamily(
            "cairn_erasure_overdue_seconds",
            "For how long the oldest granted erasure has been due and is not done",
            max(0.0, late),
        )
