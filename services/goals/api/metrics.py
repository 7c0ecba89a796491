"""What the door counts: requests by route, method and status, and how long they took; never an id."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from threading import Lock

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
METHODS = frozenset({"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"})


class Requests:
    """The counters of one process, in the text format that Prometheus reads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[tuple[str, str, int], int] = defaultdict(int)
        self._buckets: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = defaultdict(float)

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request more; `route` is the template, not the address that was asked for."""
        method = method if method in METHODS else "other"
        with self._lock:
            self._counts[route, method, status] += 1
            buckets = self._buckets.setdefault(route, [0] * (len(BUCKETS_SECONDS) + 1))
            buckets[bisect_left(BUCKETS_SECONDS, seconds)] += 1
            self._seconds[route] += seconds

    def page(self, gauges: dict[str, tuple[str, float]]) -> str:
        """The counters as text, and these gauges: {name: (what it is, value)}."""
        name, took = "cairn_http_requests_total", "cairn_http_request_seconds"
        with self._lock:
            lines = [f"# HELP {name} Requests answered.", f"# TYPE {name} counter"]
            lines += [
                f'{name}{{route="{route}",method="{method}",status="{status}"}} {count}'
                for (route, method, status), count in sorted(self._counts.items())
            ]
            lines += [f"# HELP {took} Seconds that an answer took.", f"# TYPE {took} histogram"]
            for route, buckets in sorted(self._buckets.items()):
                total = 0
                for bound, inside in zip((*BUCKETS_SECONDS, "+Inf"), buckets, strict=True):
                    total += inside
                    lines.append(f'{took}_bucket{{route="{route}",le="{bound}"}} {total}')
                lines.append(f'{took}_sum{{route="{route}"}} {self._seconds[route]:.6f}')
                lines.append(f'{took}_count{{route="{route}"}} {total}')
        for gauge, (what, value) in gauges.items():
            lines += [f"# HELP {gauge} {what}", f"# TYPE {gauge} gauge", f"{gauge} {value:g}"]
        return "\n".join(lines) + "\n"
