"""What Prometheus is shown of what no seal holds yet: events that were written since the last one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.goals.log.heads import positions

log = structlog.get_logger()


class Behind(Collector):
    """A gauge over the heads of the log; `sealed` gives how many events the last seal holds."""

    def __init__(self, engine: Engine, sealed: Callable[[], int]) -> None:
        self._engine = engine
        self._sealed = sealed

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read now; nothing while the database is away."""
        try:
            with self._engine.connect() as connection:
                events = sum(positions(connection))
        except SQLAlchemyError as error:
            log.warning("log unread", error=type(error).__name__)
            return
        yield GaugeMetricFamily(
            "cairn_seal_behind_events",
            "Events that were written since the last seal",
            float(events - self._sealed()),
        )
