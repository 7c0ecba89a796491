"""A load as a person reads it: a table, a plot of the day, and what to have ready for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from services.reminders.simulation.load import SENDS_A_SECOND, Load

BARS = 50
SIGNS = " ▏▎▍▌▋▊▉█"
WORKERS = (1, 2, 4, 8)


def lines(load: Load, days: int) -> Iterator[str]:
    """The whole report."""
    busiest = load.busiest_minute()
    yield f"{load.clients:,} clients over {days} days"
    yield ""
    yield from _table(
        [
            ("messages", f"{load.messages:,}"),
            ("segments", f"{load.segments:,}"),
            ("messages a client a week", f"{load.messages / max(1, load.clients) / days * 7:.1f}"),
            ("segments in the busiest minute", f"{busiest:,}"),
            ("sender capacity to keep up with it", f"{busiest / 60:,.1f} segments a second"),
        ]
    )
    yield ""
    yield "Segments an hour on an average day (UTC)"
    yield from _plot(load.by_hour_of_day(days))
    yield ""
    yield f"The longest queue, at {SENDS_A_SECOND:.0f} sends a second a worker"
    for workers in WORKERS:
        waiting, minutes = load.longest_queue(workers * SENDS_A_SECOND)
        name = "worker " if workers == 1 else "workers"
        yield f"  {workers} {name}  {waiting:>10,} waiting, {minutes} min at the most"
    yield ""
    yield "Messages by what they say"
    yield from _counted(load.kinds)
    yield "Put off, and said later"
    yield from _counted(load.held)
    yield "Never said"
    yield from _counted(load.dropped)


def _table(rows: list[tuple[str, str]]) -> Iterator[str]:
    width = max(len(name) for name, _ in rows)
    yield from (f"  {name:<{width}}  {value:>12}" for name, value in rows)


def _plot(hours: list[float]) -> Iterator[str]:
    most = max(hours) or 1.0
    for hour, count in enumerate(hours):
        eighths = round(count / most * BARS * 8)
        bar = SIGNS[8] * (eighths // 8) + SIGNS[eighths % 8].strip()
        yield f"  {hour:02}:00 {count:>10,.0f} {bar}".rstrip()


def _counted(counted: Counter[str]) -> Iterator[str]:
    if not counted:
        yield "  nothing"
    for cause, count in counted.most_common():
        yield f"  {cause:<24} {count:>12,}"
