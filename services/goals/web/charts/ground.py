"""What the figures of every drawing stand on: the scale, the days, and the days of rest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from services.goals.rules.course import Rest
from services.goals.web.charts.frame import DAY, LEFT, LOWER, RIGHT, UPPER, Frame
from services.goals.web.charts.svg import Element, element, group
from services.goals.web.charts.words import Words
from shared.events import Number


def hatching(name: str) -> Element:
    """The pattern of the days of rest, by the name of its drawing."""
    line = element("path", class_="hatch", d="M-2 2L2-2M0 8L8 0M6 10L10 6")
    pattern = element("pattern", line, id=f"{name}-rest", width=8, height=8, patternUnits="userSpaceOnUse")
    return element("defs", pattern)


def rests(name: str, rested: Iterable[Rest], frame: Frame, words: Words) -> list[Element]:
    """The days of rest, shaded."""
    return [
        group("rest", *_shade(name, rest, frame), title=words.rested(rest))
        for rest in rested
        if rest.first <= frame.last and frame.first <= rest.last
    ]


def scale(frame: Frame, words: Words) -> list[Element]:
    """The figures at the side; half the top only where it is a whole one."""
    half = frame.top / 2
    ticks: list[Number] = [0, *([int(half)] if half == int(half) and half else []), frame.top]
    return [_tick(frame.height(tick), words.number(tick)) for tick in ticks]


def days(frame: Frame, words: Words) -> list[Element]:
    """The days below: the first, the middle one and the last; dotted: of a silent day nothing is known."""
    along = element("path", class_="silent", d=f"M{LEFT} {LOWER}H{RIGHT}")
    middle = frame.first + timedelta(days=frame.days // 2)
    with_year = frame.first.year != frame.last.year
    said = (
        (frame.first, "start", LEFT),
        (middle, "middle", frame.middle(middle)),
        (frame.last, "end", RIGHT),
    )
    names = [
        element("text", words.short_day(day, with_year=with_year), x=x, y=LOWER + 20, text_anchor=anchor)
        for day, anchor, x in said
    ]
    return [along, *names]


def _tick(y: float, figure: str) -> Element:
    line = element("path", class_="tick", d=f"M{LEFT} {y:.1f}H{RIGHT}")
    return group("scale", line, element("text", figure, x=LEFT - 6, y=y + 4, text_anchor="end"))


def _shade(name: str, rest: Rest, frame: Frame) -> list[Element]:
    x = frame.begin(rest.first)
    where = {"x": x, "y": UPPER, "width": frame.begin(rest.last + DAY) - x, "height": LOWER - UPPER}
    return [
        element("rect", class_="shade", **where),
        element("rect", fill=f"url(#{name}-rest)", **where),
    ]
