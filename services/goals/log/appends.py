"""What is counted and told of appends: how long each took, and how often a record had moved meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from time import perf_counter
from typing import ParamSpec

from prometheus_client import CollectorRegistry, Counter, Histogram

from services.goals.log.append import RecordMoved
from shared import tracing

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)

P = ParamSpec("P")


class Appends:
    """The figures of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            "cairn_append_seconds", "Seconds that an append took", buckets=SECONDS, registry=registry
        )
        self._moved = Counter(
            "cairn_append_reruns",
            "Appends that found the record moved, and were decided on again",
            registry=registry,
        )

    def counted(self, write: Callable[P, None]) -> Callable[P, None]:
        """The same append, counted."""

        @wraps(write)
        def counting(*args: P.args, **kwargs: P.kwargs) -> None:
            began = perf_counter()
            try:
                with tracing.span("append", {"db.system.name": "postgresql"}, kind=tracing.CLIENT):
                    write(*args, **kwargs)
            except RecordMoved:
                self._moved.inc()
                raise
            self._seconds.observe(perf_counter() - began)

        return counting
