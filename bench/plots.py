"""What was measured, drawn with letters: the same in a terminal and on bench/RESULTS.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from bench.figures import Bars, Course, Plot, written

WIDTH = 44
EIGHTHS = " ▏▎▍▌▋▊▉"
LEVELS = "▁▂▃▄▅▆▇█"


def drawn(plot: Plot) -> str:
    """The plot, its title above it."""
    lines = _bars(plot) if isinstance(plot, Bars) else _courses(plot)
    return "\n".join((plot.title, *lines))


def _bars(plot: Bars) -> Iterator[str]:
    """Full up to the least that a round found, shaded on to the most; the median beside it."""
    names = max(map(len, plot.found))
    top = max(max(found) for found in plot.found.values())
    for name, found in plot.found.items():
        full, most = (_share(value, top) * WIDTH for value in (min(found), max(found)))
        bar = "█" * int(full) + EIGHTHS[int(full % 1 * 8)].strip()
        shaded = "░" * max(0, round(most) - len(bar))
        yield f"{name:<{names}}  {bar + shaded:<{WIDTH}}  {written(median(found), plot.unit)}"


def _courses(plot: Course) -> Iterator[str]:
    """A line for each: from the beginning to the end, its height a share of the highest of all."""
    names = max(map(len, plot.found))
    top = max(max(found) for found in plot.found.values())
    for name, found in plot.found.items():
        steps = "".join(LEVELS[min(7, int(_share(value, top) * 8))] for value in _thinned(found))
        first, last = (written(value, plot.unit) for value in (found[0], found[-1]))
        yield f"{name:<{names}}  {steps:<{WIDTH}}  {first} to {last}"


def _share(value: float, top: float) -> float:
    return value / top if top else 0.0


def _thinned(found: Sequence[float]) -> Sequence[float]:
    """At most WIDTH of them, evenly."""
    if len(found) <= WIDTH:
        return found
    return [found[round(n * (len(found) - 1) / (WIDTH - 1))] for n in range(WIDTH)]
