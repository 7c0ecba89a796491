"""What Prometheus is shown of connections to databases: how many are in use, and how many lie ready."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.pool import QueuePool


class Pools(Collector):
    """Gauges over the engines of a process; the sequence may grow while it lives."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        self._engines = engines

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read off the pools; no database is asked."""
        shown = GaugeMetricFamily(
            "cairn_pool_connections",
            "Connections to a database that are in use, or lie ready",
            labels=["database", "state"],
        )
        for (database, state), count in self._counts().items():
            shown.add_metric([database, state], count)
        yield shown

    def _counts(self) -> dict[tuple[str, str], int]:
        counts: dict[tuple[str, str], int] = {}
        for engine in self._engines:
            name, pool = engine.url.database or "", engine.pool
            assert isinstance(pool, QueuePool)
            for state, count in (("used", pool.checkedout()), ("idle", pool.checkedin())):
                counts[name, state] = counts.get((name, state), 0) + count
        return counts
