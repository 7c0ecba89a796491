"""What the bell shows to Prometheus: how many rings wait to be answered. The work itself is in the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from services.reminders.bell import CHANNELS, QUEUES, Bell, BellAway, queue_name, waiting


class RungFor(Collector):
    """Gauges over Redis."""

    def __init__(self, broker: Bell) -> None:
        self._broker = broker

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read now; only that it is away, where it is."""
        rung = GaugeMetricFamily("cairn_rung", "Rings that no worker has answered yet", labels=["queue"])
        try:
            for name, count in waiting(self._broker, [queue_name(c, q) for c in CHANNELS for q in QUEUES]):
                rung.add_metric([name], count)
        except BellAway:
            yield GaugeMetricFamily("cairn_bell_reached", "Whether the bell answers", 0.0)
            return
        yield rung
        yield GaugeMetricFamily("cairn_bell_reached", "Whether the bell answers", 1.0)
