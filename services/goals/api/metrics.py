"""What the door counts: requests by route, method and status, and how long they took; never an id."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.registry import Collector

__all__ = ["CONTENT_TYPE", "Requests"]

METHODS = frozenset({"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"})


class Requests:
    """The counters of one process; `waiting` says how many long polls wait now, `behind` how many requests
    wait for a thread.
    """

    def __init__(self, waiting: Callable[[], float], behind: Callable[[], float]) -> None:
        self._registry = CollectorRegistry()
        self._answered = Counter(
            "cairn_http_requests",
            "Requests answered.",
            ["route", "method", "status"],
            registry=self._registry,
        )
        self._took = Histogram(
            "cairn_http_request_seconds", "Seconds that an answer took.", ["route"], registry=self._registry
        )
        gauge = Gauge("cairn_feed_waiting", "Long polls that wait now.", registry=self._registry)
        gauge.set_function(waiting)
        queue = Gauge("cairn_http_behind", "Requests that wait for a thread now.", registry=self._registry)
        queue.set_function(behind)

    def watch(self, erasures: Collector) -> None:
        """Shows these figures too, read at each scrape."""
        self._registry.register(erasures)

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request more; `route` is the template, not the address that was asked for."""
        self._answered.labels(route, method if method in METHODS else "other", status).inc()
        self._took.labels(route).observe(seconds)

    def page(self) -> bytes:
        """The counters, in the text format that Prometheus reads."""
        return generate_latest(self._registry)
