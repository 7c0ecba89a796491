"""How far a follower is behind the log, as it sees it: what it reads, how old that is, what it applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from shared.lane_groups import GROUPS, group_of

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0)
BEHIND_SECONDS = 10.0
"""A lane whose oldest event is as old when it is read is behind: a follower at leisure reads within one."""


class Lag:
    """The figures of one follower."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._read = Gauge(
            "cairn_feed_read_timestamp_seconds", "When the feed last answered", registry=registry
        )
        self._waits = Gauge(
            "cairn_lane_wait_seconds",
            "How old the oldest event of these lanes was that had not been applied when they were last read",
            ["lanes"],
            registry=registry,
        )
        self._behind = Gauge(
            "cairn_lanes_behind", "Lanes that were ten seconds behind when last read", registry=registry
        )
        self._applied = Counter("cairn_events_applied", "Events that were applied", registry=registry)
        self._seconds = Histogram(
            "cairn_apply_seconds",
            "From when a lane's last event was recorded until it was applied",
            buckets=SECONDS,
            registry=registry,
        )
        self._troubles = Counter(
            "cairn_follow_troubles", "Rounds of a follower that came to nothing", ["error"], registry=registry
        )
        for lanes in GROUPS:
            self._waits.labels(lanes).set(0)

    def read(self, items: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """The feed has answered with these, none when there is nothing new."""
        oldest: dict[int, float] = {}
        for item in items:
            age = (now - datetime.fromisoformat(item["recordedtime"])).total_seconds()
            oldest[int(item["lane"])] = max(age, oldest.get(int(item["lane"]), 0.0))
        waits = dict.fromkeys(GROUPS, 0.0)
        for lane, age in oldest.items():
            waits[group_of(lane)] = max(age, waits[group_of(lane)])
        for lanes, age in waits.items():
            self._waits.labels(lanes).set(age)
        self._behind.set(sum(age >= BEHIND_SECONDS for age in oldest.values()))
        self._read.set(now.timestamp())

    def applied(self, events: int, recorded_at: datetime, now: datetime) -> None:
        """So many events of a lane were applied, of which the last was recorded then."""
        self._applied.inc(events)
        self._seconds.observe(max(0.0, (now - recorded_at).total_seconds()))

    def trouble(self, error: Exception) -> None:
        """A round came to nothing."""
        self._troubles.labels(type(error).__name__).inc()
