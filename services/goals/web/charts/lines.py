"""The lines of what was aimed at and of where it began, stepping where they were adjusted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Literal

from services.goals.rules.course import Course, Level
from services.goals.web.charts.frame import DAY, Frame
from services.goals.web.charts.svg import Element, element, group
from services.goals.web.charts.words import Words
from shared.events import Number

Which = Literal["target", "baseline"]


def lines(
    course: Course, which: Which, wanted: Callable[[Level], bool], frame: Frame, words: Words
) -> list[Element]:
    """A line for each stretch of days on which such a level held; where nothing was said there is no line."""
    ends = [*(level.since for level in course.levels[1:]), course.last + DAY]
    return [
        line
        for level, end in zip(course.levels, ends, strict=True)
        if wanted(level)
        for line in _line(level, which, end, frame, words)
    ]


def _line(level: Level, which: Which, end: date, frame: Frame, words: Words) -> Iterator[Element]:
    figure: Number | None = getattr(level, which)
    begins, over = frame.begin(level.since), frame.begin(end)
    if figure is not None and begins < over:
        along = element("path", d=f"M{begins:.1f} {frame.height(figure):.1f}H{over:.1f}")
        yield group(which, along, title=words.aimed(which, figure))
