"""A drawing with what belongs beside it: its key, and the same figures as a table."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from services.goals.rules.course import Course
from services.goals.web.charts.marks import SIGNS, sign
from services.goals.web.charts.svg import Element, element, written
from services.goals.web.charts.words import Words


class Key(NamedTuple):
    """A sign of the drawing, and what it stands for."""

    sign: Markup
    said: str


class Chart(NamedTuple):
    """A drawing, whole. `rows` are the figures that it shows, the latest first, under their `heads`."""

    name: str
    title: str
    svg: Markup
    keys: tuple[Key, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def key(said: str, *parts: Element) -> Key:
    """A sign of the drawing; its parts lie about the middle of a small square."""
    root = element("svg", *parts, class_="chart key", viewBox="-8 -8 16 16", aria_hidden="true")
    return Key(written(root), said)


def line_key(said: str, kind: str) -> Key:
    """A line of the drawing."""
    return key(said, element("g", element("path", d="M-8 0H8"), class_=kind))


def keys_of_ground(course: Course, words: Words) -> tuple[Key, ...]:
    """The signs that stand in every drawing of this course: told once for all of them."""
    kinds = {one.kind for one in course.adjusted}
    adjusted = tuple(key(words.kind(kind), sign(kind)) for kind in SIGNS if kind in kinds)
    shade = element("rect", class_="shade", x=-8, y=-8, width=16, height=16)
    hatch = element("path", class_="hatch", d="M-8 0L0-8M-8 8L8-8M0 8L8 0")
    rest = (key(words.say("days of rest"), shade, hatch),) if course.rests else ()
    return (
        *adjusted,
        *rest,
        key(words.say("no entry: unknown, not zero"), element("path", class_="silent", d="M-8 0H8")),
    )
