"""What a benchmark found: figures by round, their medians and spread, and what was to be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Unit = Literal["times", "percent", "ms", "s", "trips", "kB", "MB", "a second"]


@dataclass(frozen=True)
class Goal:
    """A figure that is to be reached: `found` by round, each above (or below) `limit`."""

    what: str
    found: tuple[float, ...]
    limit: float
    unit: Unit
    at_least: bool = True

    @property
    def middle(self) -> float:
        """The median of the rounds; what counts."""
        return median(self.found)

    @property
    def reached(self) -> bool:
        """Whether the median is on the right side of the limit."""
        return self.middle >= self.limit if self.at_least else self.middle <= self.limit

    def row(self) -> tuple[str, str, str, str]:
        """In words: what, what was to be reached, what was found with its spread, the verdict."""
        sign = "≥" if self.at_least else "≤"
        return (
            self.what,
            f"{sign} {written(self.limit, self.unit)}",
            with_spread(self.found, self.unit),
            "yes" if self.reached else "no",
        )


@dataclass(frozen=True)
class Table:
    """A table: its heads, and its rows as they are shown."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Bars:
    """A plot of what each came to, by round."""

    title: str
    unit: Unit
    found: Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Course:
    """A plot of how each went on, sample by sample, evenly in time."""

    title: str
    unit: Unit
    found: Mapping[str, Sequence[float]]


Plot = Bars | Course


@dataclass(frozen=True)
class Result:
    """What one benchmark came to."""

    title: str
    method: str
    tables: tuple[Table, ...]
    goals: tuple[Goal, ...]
    plots: tuple[Plot, ...] = ()


def ratios(those: Sequence[float], of_these: Sequence[float]) -> tuple[float, ...]:
    """Round by round, since machines drift: what was measured side by side is divided."""
    return tuple(a / b for a, b in zip(those, of_these, strict=True))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of all are not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def with_spread(found: Sequence[float], unit: Unit) -> str:
    """The median, and from the least to the most where there are several."""
    middle = written(median(found), unit)
    if len(found) == 1:
        return middle
    return f"{middle} ({written(min(found), unit)} to {written(max(found), unit)})"


def written(value: float, unit: Unit) -> str:
    """One figure as it is shown."""
    match unit:
        case "times":
            return f"{value:.1f} ×"
        case "percent":
            return f"{value * 100:.0f} %" if value >= 0.1 else f"{value * 100:.1f} %"
        case "ms":
            return f"{value * 1000:.0f} ms" if value >= 0.01 else f"{value * 1000:.2f} ms"
        case "s":
            return f"{value:.1f} s"
        case "kB":
            return f"{value:.0f} kB"
        case "MB":
            return f"{value:.0f} MB"
        case "a second":
            return f"{value:,.0f}"
        case "trips":
            return f"{value:g}"


def rate(found: Sequence[float]) -> tuple[str, str]:
    """So many a second: the median, and the spread."""
    return f"{median(found):,.0f}", f"{min(found):,.0f} to {max(found):,.0f}"
