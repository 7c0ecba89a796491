"""Where a day and a figure lie in a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from services.goals.rules.course import Course
from shared.events import Number

WIDTH, HEIGHT = 400, 210
LEFT, RIGHT, UPPER, LOWER = 40, 392, 34, 178
"""The frame in which all that is drawn of figures lies; above it are adjustments, below it days."""
LEAST_DAYS = 14
"""Two days are no course: a young goal is drawn on as many days as these."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Frame:
    """Days from the first to the last, and figures from 0 to the top."""

    first: date
    last: date
    top: Number

    @property
    def days(self) -> int:
        """How many days wide it is."""
        return (self.last - self.first).days + 1

    @property
    def width_of_day(self) -> float:
        """How wide a day is drawn."""
        return (RIGHT - LEFT) / self.days

    def begin(self, day: date) -> float:
        """Where a day begins; of one that lies outside, the edge."""
        return LEFT + min(max((day - self.first).days, 0), self.days) * self.width_of_day

    def middle(self, day: date) -> float:
        """Where what happened on a day is drawn."""
        return self.begin(min(day, self.last)) + self.width_of_day / 2

    def height(self, figure: Number) -> float:
        """Where a figure is drawn; one above the top, at the top."""
        share = min(max(float(figure) / float(self.top), 0.0), 1.0)
        return LOWER - share * (LOWER - UPPER)


Span = tuple[date, date]


def span_of(course: Course) -> Span:
    """The first and the last day that a drawing of the whole course needs."""
    ahead = (one.on for one in course.adjusted)
    last = max(course.last, *(level.since for level in course.levels), *ahead)
    return course.first, max(last, course.first + (LEAST_DAYS - 1) * DAY)


def top_for(figures: list[Number]) -> Number:
    """The round figure that a scale ends at: the first of 1, 2, 4, 6, 8 and 10 times a power of ten that
    none of the figures is above."""
    most = max((Decimal(figure) for figure in figures), default=Decimal(0))
    if most <= 1:
        return 1
    power = Decimal(10) ** most.adjusted()
    top = next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= most)
    return int(top) if top == top.to_integral_value() else top
