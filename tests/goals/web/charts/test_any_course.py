"""Any course of any goal: its drawings are well-formed, all lies in the frame, no point is lost or made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.goals.rules.course import Adjusted, Course, Done, Level, Rated, Rest, course
from services.goals.rules.days import DAY, stays_of
from services.goals.rules.goal import Goal
from services.goals.rules.progress import progress
from services.goals.rules.rated import standing
from services.goals.rules.timeline import Axis, Place, as_of, goal_in
from services.goals.web.charts.frame import Frame, span_of
from services.goals.web.charts.practices import practices
from services.goals.web.charts.ratings import FULL, ratings, series_of
from services.goals.web.charts.told import start_of
from shared.events import Measure
from tests import controls as c
from tests.goals.rules.test_timeline_stateful import InTime
from tests.goals.web.charts.drawn import corners, is_inside, of_class, points, read, said
from tests.goals.web.charts.examples import ENGLISH

KINDS = ("eased", "stretched", "refocused", "rescheduled", "reworded", "corrected")
days = st.integers(0, 500).map(lambda day: c.TODAY + day * DAY)
epochs = st.integers(1, 3)
amounts = st.integers(0, 999_999_999) | st.decimals(0, 999, places=2, allow_nan=False)
measures = st.builds(
    Measure,
    kind=st.sampled_from(["count", "per_period", "duration", "rating", "yes_no"]),
    unit=st.text(max_size=20) | st.just("<script>alert(1)</script>]]>\x0b\x00"),
    period=st.sampled_from([None, "day", "week"]),
)


def some(of: type[Any], **parts: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few of these, by their days."""
    parts = {"on": days, **parts}
    return st.lists(st.builds(of, **parts), max_size=12).map(
        lambda found: tuple(sorted(found, key=lambda one: one.on))
    )


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Any course, as long and as odd as may be."""
    levels = tuple(
        Level(
            since=since,
            epoch=epoch,
            measure=draw(measures),
            target=draw(st.none() | amounts),
            baseline=draw(st.none() | amounts),
        )
        for epoch, since in enumerate(sorted(draw(st.lists(days, min_size=3, max_size=3))), start=1)
    )
    rated = draw(
        some(Rated, epoch=epochs, rater=st.sampled_from(["client", "therapist"]), value=st.integers(0, 10))
    )
    done = draw(some(Done, epoch=epochs, quantity=amounts.filter(bool), entries=st.integers(1, 9)))
    ends = [levels[0].since, *(one.on for one in (*rated, *done))]
    return Course(
        first=min(ends),
        last=max(ends),
        levels=levels,
        ratings=rated,
        done=done,
        adjusted=draw(some(Adjusted, kind=st.sampled_from(KINDS), fields=st.just(("target",)))),
        rests=tuple(Rest(*sorted(pair)) for pair in draw(st.lists(st.tuples(days, days), max_size=3))),
    )


@settings(max_examples=150, deadline=None, database=None)
@given(courses())
def test_every_drawing_is_sound(found: Course) -> None:
    must_be_drawn(found)


class Drawn(InTime):
    """Her goals under any commands in any order, and what their drawings show of them in the end."""

    def teardown(self) -> None:
        axes: tuple[Axis, ...] = ("known", "true")
        for goal_id in self.live.goals:
            for axis in axes:
                self.must_be_shown(Place(self.now, as_of(self.recorded, self.now, axis)), goal_id)

    def must_be_shown(self, there: Place, goal_id: Any) -> None:
        """Asserts that the course adds up to the goal, and that its drawings show all of it."""
        goal, found = goal_in(there.events, goal_id), course(there, goal_id, stays_of(self.recorded))
        assert goal
        assert (found is None) == (goal.measure is None)
        if found is not None:
            adds_up_to(found, goal)
            must_be_drawn(found)


Drawn.TestCase.settings = settings(InTime.TestCase.settings, max_examples=20)
TestDrawn = Drawn.TestCase


def adds_up_to(found: Course, goal: Goal) -> None:
    """Asserts that the course is that of the goal: the ratings in force, the practices, the figures."""
    assert [(one.value, one.rater, one.epoch) for one in found.ratings] == [
        (one.value, one.rater, one.epoch) for one in standing(goal.ratings)
    ]
    assert sum(one.entries for one in found.done) == goal.practices
    assert sum(one.quantity for one in found.done if one.epoch == goal.epoch) == goal.quantity
    last = found.levels[-1]
    assert (last.epoch, last.measure, last.target) == (goal.epoch, goal.measure, goal.target)
    summed = {(one.epoch, one.rater): one.baseline for one in progress(goal)}
    assert {(one[0].epoch, one[0].rater): start_of(found, one) for one in series_of(found)} == summed


def must_be_drawn(found: Course) -> None:
    """Asserts that all of a course is drawn, each thing once and in its place, and nothing else."""
    span = span_of(found)
    _must_show_ratings(found, Frame(*span, FULL))
    charts = practices(found, span, ENGLISH)
    assert sum(len(chart.rows) for chart in charts) == len(found.done)
    for chart in charts:
        root = read(chart.svg)
        bars = [place for path in of_class(root, "bars") for place in _tops(path.get("d", ""))]
        assert bars or points(root)
        assert all(is_inside(place) for place in (*bars, *points(root)))


def _must_show_ratings(found: Course, frame: Frame) -> None:
    chart = ratings(found, (frame.first, frame.last), ENGLISH)
    if chart is None:
        assert not found.ratings
        return
    root, series = read(chart.svg), series_of(found)
    expected = [(frame.middle(one.on), frame.height(one.value)) for ratings in series for one in ratings]
    assert points(root) == [pytest.approx(place, abs=0.11) for place in expected]
    assert all(is_inside(place) for place in points(root))
    joined = [corners(path) for path in of_class(root, "along")]
    assert [len(line) for line in joined] == [len(ratings) for ratings in series]
    assert [place for line in joined for place in line] == [pytest.approx(p, abs=0.11) for p in expected]
    assert len(chart.rows) == len(found.ratings)
    for one in found.ratings:
        assert f"{one.value}, {ENGLISH.day(one.on)}" in said(root)


def _tops(path: str) -> Iterator[tuple[float, float]]:
    for bar in path.split("M")[1:]:
        x, y = bar.replace("V", " ").split(" ")[::2]
        yield float(x), float(y)
