"""A goal as it was at a place of its past: its fields in words, and its drawings up to there."""

from __future__ import annotations

from typing import NamedTuple

from services.goals.rules.goal import Goal
from services.goals.rules.timeline import Place
from services.goals.web import worded
from services.goals.web.charts.chart import Chart, Key, keys_of_ground
from services.goals.web.charts.frame import Span, span_of
from services.goals.web.charts.practices import practices
from services.goals.web.charts.ratings import ratings
from services.goals.web.charts.words import Words
from services.goals.web.names import called
from services.goals.web.past import Past


class Then(NamedTuple):
    """What a page shows of a goal at a place; `goal` is None before it was there."""

    goal: Goal | None
    lines: tuple[tuple[str, str], ...]
    """Its fields, by what they are called."""
    charts: tuple[Chart, ...] = ()
    keys: tuple[Key, ...] = ()


def then(past: Past, there: Place, words: Words) -> Then:
    """The goal at a place, drawn on the days of the whole course, so that nothing jumps from day to day."""
    goal, found = past.goal(there), past.course_at(there)
    lines = tuple((called("field", name), said) for name, said in worded.lines_of(goal).items())
    if found is None:
        return Then(goal, lines)
    span = span_of(found)
    if past.course:
        span = _wider(span, span_of(past.course))
    drawn = (ratings(found, span, words), *practices(found, span, words))
    return Then(goal, lines, tuple(filter(None, drawn)), keys_of_ground(found, words))


def _wider(one: Span, other: Span) -> Span:
    return min(one[0], other[0]), max(one[1], other[1])
