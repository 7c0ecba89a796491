"""What a door counts: requests by route, method and status, and how long they took; never an id."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

METHODS = frozenset({"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Answered:
    """The counters of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._answered = Counter(
            "cairn_http_requests", "Requests answered", ["route", "method", "status"], registry=registry
        )
        self._took = Histogram(
            "cairn_http_request_seconds",
            "Seconds that an answer took",
            ["route", "method"],
            buckets=SECONDS,
            registry=registry,
        )

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request more; `route` is the template, not the address that was asked for."""
        known = method if method in METHODS else "other"
        self._answered.labels(route, known, status).inc()
        self._took.labels(route, known).observe(seconds)
