"""What a crowd's messages ask of those who send them: how many an hour, a minute, and how long they queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from services.reminders.simulation.crowd import one
from services.reminders.simulation.life import live

AT_ONCE = 50
"""Clients that are lived through between two signs of progress."""
SENDS_A_SECOND = 8 / 0.1
"""Of a worker with 8 threads, where the provider takes 100 ms."""


@dataclass
class Load:
    """All that would go, by the minute (UTC), and what would not."""

    clients: int = 0
    messages: int = 0
    segments: int = 0
    by_minute: Counter[int] = field(default_factory=Counter)
    """Segments, by minutes since the beginning."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Messages by what they say; one that says several counts for each."""
    held: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    def add(self, other: Load) -> None:
        """Takes in another crowd's."""
        self.clients += other.clients
        self.messages += other.messages
        self.segments += other.segments
        self.by_minute.update(other.by_minute)
        self.kinds.update(other.kinds)
        self.held.update(other.held)
        self.dropped.update(other.dropped)

    def busiest_minute(self) -> int:
        """The most segments of a minute."""
        return max(self.by_minute.values(), default=0)

    def by_hour_of_day(self, days: int) -> list[float]:
        """The segments of each hour of the day (UTC), on an average day."""
        hours = Counter(dict.fromkeys(range(24), 0))
        for minute, count in self.by_minute.items():
            hours[minute // 60 % 24] += count
        return [hours[hour] / days for hour in range(24)]

    def longest_queue(self, per_second: float) -> tuple[int, int]:
        """The most segments that wait, and for how many minutes one waits at the most, at this rate."""
        waiting = most = 0.0
        a_minute = per_second * 60
        for minute in range(max(self.by_minute, default=0) + 1):
            waiting += self.by_minute[minute]
            most = max(most, waiting - a_minute)
            waiting = max(0.0, waiting - a_minute)
        return int(max(0.0, most)), int(-(-max(0.0, most) // a_minute))


def simulate(
    clients: int, begins: datetime, days: int, seed: int, processes: int, progress: Callable[[int], None]
) -> Load:
    """Lives through so many clients' days, on so many processes; the same seed is always the same crowd."""
    whole = Load()
    lived = partial(_some, begins, days, seed)
    for some in _mapped(lived, _batches(clients), processes):
        whole.add(some)
        progress(some.clients)
    return whole


def _batches(clients: int) -> list[tuple[int, ...]]:
    return [tuple(range(first, min(first + AT_ONCE, clients))) for first in range(0, clients, AT_ONCE)]


def _mapped(
    lived: Callable[[tuple[int, ...]], Load], batches: list[tuple[int, ...]], processes: int
) -> Iterator[Load]:
    if processes == 1 or len(batches) == 1:
        yield from map(lived, batches)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(lived, batches)


def _some(begins: datetime, days: int, seed: int, numbers: tuple[int, ...]) -> Load:
    load = Load(clients=len(numbers))
    for number in numbers:
        life = live(one(seed, number), begins, days)
        load.messages += len(life.messages)
        load.held.update(life.held)
        load.dropped.update(life.dropped)
        for message in life.messages:
            load.segments += message.segments
            load.kinds.update(message.kinds)
            load.by_minute[int((message.at - begins).total_seconds() // 60)] += message.segments
    return load
