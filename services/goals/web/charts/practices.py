"""The drawings of what was done, one an epoch: toward a number as a sum that grows, else day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from services.goals.rules.course import Course, Done
from services.goals.web.charts.chart import Chart, Key, key, line_key
from services.goals.web.charts.frame import DAY, HEIGHT, LOWER, RIGHT, WIDTH, Frame, Span, top_for
from services.goals.web.charts.ground import days, hatching, rests, scale
from services.goals.web.charts.lines import lines
from services.goals.web.charts.marks import marks
from services.goals.web.charts.svg import Element, drawing, element, group
from services.goals.web.charts.told import course_told, practices_told
from services.goals.web.charts.words import Words
from shared.events import Number

GROWS = ("count", "duration", "yes_no")
"""Measures whose target is a sum; toward any other, each day or week stands by itself."""


MOST_DAYS = 400
"""On more than these a bar a day is too thin to be seen."""


class Bar(NamedTuple):
    """What was done in a day or a week, from its first day on."""

    on: date
    figure: Number


def practices(course: Course, span: Span, words: Words) -> tuple[Chart, ...]:
    """A drawing for each epoch in which something was done: figures of two measures share no scale."""
    epochs = sorted({day.epoch for day in course.done})
    return tuple(_chart(course, _Plan(course, epoch, span), words) for epoch in epochs)


class _Plan:
    """How an epoch is drawn: what stands in a bar, and whether its target is a line across them."""

    def __init__(self, course: Course, epoch: int, span: Span) -> None:
        level = next(level for level in reversed(course.levels) if level.epoch == epoch)
        measure = level.measure
        self.epoch = epoch
        self.unit = measure.unit
        self.grows = measure.kind in GROWS
        self.weekly = not self.grows and (measure.period == "week" or (span[1] - span[0]).days >= MOST_DAYS)
        self.aims = self.grows or measure.period == ("week" if self.weekly else "day")
        self.done = [day for day in course.done if day.epoch == epoch]
        self.bars = _sums(self.done) if self.grows else _bars(self.done, weekly=self.weekly)
        aims = [level.target for level in course.levels if self.aims and level.epoch == epoch]
        top = top_for([*(bar.figure for bar in self.bars), *(aim for aim in aims if aim is not None)])
        self.frame = Frame(*span, top)


def _chart(course: Course, plan: _Plan, words: Words) -> Chart:
    name, title = f"practices-{plan.epoch}", _title(plan, words)
    told = " ".join((*practices_told(plan.done, words), *course_told(course, words)))
    svg = drawing(name, WIDTH, HEIGHT, title, told, *_parts(name, course, plan, words))
    heads = (words.say("Day"), words.say("How much"), words.say("Entries"))
    rows = tuple(
        (words.day(day.on), words.number(day.quantity), words.number(day.entries))
        for day in reversed(plan.done)
    )
    return Chart(name, title, svg, tuple(_keys(plan, words)), heads, rows)


def _title(plan: _Plan, words: Words) -> str:
    done = words.say("Done each week") if plan.weekly else words.say("Done each day")
    if plan.grows:
        done = words.say("Done so far")
    return done if words.to_her else f"{done}: {plan.unit}"


def _parts(name: str, course: Course, plan: _Plan, words: Words) -> Iterator[Element]:
    frame = plan.frame
    yield hatching(name)
    yield from rests(name, course.rests, frame, words)
    yield from scale(frame, words)
    yield from days(frame, words)
    if plan.aims:
        yield from lines(course, "target", lambda level: level.epoch == plan.epoch, frame, words)
    yield from marks(course.adjusted, frame, words)
    yield from _grown(plan) if plan.grows else _stood(plan)


def _grown(plan: _Plan) -> Iterator[Element]:
    """A sum that only ever grows: a point on each day that added to it."""
    places = [(plan.frame.middle(bar.on), plan.frame.height(bar.figure)) for bar in plan.bars]
    along = element("path", class_="along", d="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places))
    yield group("series sum", along, *(element("circle", class_="point", cx=x, cy=y, r=3) for x, y in places))


def _stood(plan: _Plan) -> Iterator[Element]:
    """A bar for each day or week that has an entry, and nothing for one that has none."""
    wide = plan.frame.width_of_day * (7 if plan.weekly else 1)
    middles = (min(plan.frame.begin(bar.on) + wide / 2, RIGHT) for bar in plan.bars)
    tops = (plan.frame.height(bar.figure) for bar in plan.bars)
    drawn = "".join(f"M{x:.1f} {LOWER}V{y:.1f}" for x, y in zip(middles, tops, strict=True))
    yield element("path", class_="bars", d=drawn, stroke_width=min(wide * 0.75, 14.0))


def _sums(done: Sequence[Done]) -> list[Bar]:
    sums = accumulate(day.quantity for day in done)
    return [Bar(day.on, figure) for day, figure in zip(done, sums, strict=True)]


def _bars(done: Sequence[Done], *, weekly: bool) -> list[Bar]:
    bars: dict[date, Number] = {}
    for day in done:
        on = day.on - day.on.weekday() * DAY if weekly else day.on
        bars[on] = bars.get(on, 0) + day.quantity
    return [Bar(on, figure) for on, figure in bars.items()]


def _keys(plan: _Plan, words: Words) -> Iterator[Key]:
    if plan.grows:
        parts = element("path", class_="along", d="M-8 0H8"), element("circle", class_="point", r=3)
        yield key(words.say("days with an entry, summed up"), element("g", *parts, class_="series sum"))
    else:
        bar = element("path", class_="bars", d="M0 8V-8", stroke_width=8)
        yield key(words.say("weeks with an entry") if plan.weekly else words.say("days with an entry"), bar)
    if plan.aims:
        yield line_key(words.say("target"), "target")
