"""What Prometheus is shown of the log: how many events it has, by lanes."""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.goals.log.heads import positions
from shared.lane_groups import summed

log = structlog.get_logger()


class Reached(Collector):
    """Gauges over the heads of the lanes, the same of whichever process they are asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read now; without the database, only that it is away."""
        try:
            with self._engine.connect() as connection:
                heads = positions(connection)
        except SQLAlchemyError as error:
            log.warning("log unread", error=type(error).__name__)
            yield GaugeMetricFamily("cairn_log_read", "Whether the heads of the log could be read", 0.0)
            return
        events = GaugeMetricFamily("cairn_log_events", "Events in the log, by lanes", labels=["lanes"])
        for lanes, count in summed(dict(enumerate(heads))).items():
            events.add_metric([lanes], count)
        yield events
        yield GaugeMetricFamily("cairn_log_read", "Whether the heads of the log could be read", 1.0)
