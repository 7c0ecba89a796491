"""Reading a drawing back: its points, its lines and its words, by where they lie."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from services.goals.web.charts.frame import LEFT, LOWER, RIGHT, UPPER
from services.goals.web.charts.svg import NAMESPACE

SVG = f"{{{NAMESPACE}}}"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
ALLOWED = {
    *("svg", "title", "desc", "defs", "pattern", "g", "path", "circle", "rect", "text"),
}
"""Every element that a drawing of ours is made of: none of them runs, loads or leads anywhere."""
Place = tuple[float, float]


def read(svg: str) -> ET.Element:
    """A drawing. Fails where it is not well-formed, or holds what no drawing of ours holds."""
    root = ET.fromstring(svg)  # noqa: S314  made here
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= ALLOWED
    for one in root.iter():
        assert not {name for name in one.attrib if name.startswith("on") or name in ("style", "href")}
    return root


def of_class(root: ET.Element, *names: str) -> list[ET.Element]:
    """The elements that are of all of these classes."""
    return [one for one in root.iter() if set(names) <= set(one.get("class", "").split())]


def points(root: ET.Element) -> list[Place]:
    """The middles of all points, in the order in which they are drawn."""
    return [_middle(one) for one in of_class(root, "point")]


def corners(path: ET.Element) -> list[Place]:
    """The corners of a line of straight pieces, such as joins ratings."""
    numbers = [float(number) for number in _NUMBER.findall(path.get("d", ""))]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def said(root: ET.Element) -> str:
    """All that is written in it."""
    return "\n".join(one.text or "" for one in root.iter())


def is_inside(place: Place) -> bool:
    """Whether a place lies in the frame, to a tenth."""
    x, y = place
    return LEFT - 0.1 <= x <= RIGHT + 0.1 and UPPER - 0.1 <= y <= LOWER + 0.1


def _middle(point: ET.Element) -> Place:
    if point.tag == f"{SVG}circle":
        return float(point.get("cx", "0")), float(point.get("cy", "0"))
    half = float(point.get("width", "0")) / 2
    return float(point.get("x", "0")) + half, float(point.get("y", "0")) + half
