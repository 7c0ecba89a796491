"""The sign of each kind of adjustment: a shape of its own, for who sees no colours."""

from __future__ import annotations

from services.goals.rules.course import Adjusted
from services.goals.web.charts.frame import LOWER, UPPER, Frame
from services.goals.web.charts.svg import Element, element, group
from services.goals.web.charts.words import Words
from shared.events import AdjustmentKind

SIGNS: dict[AdjustmentKind, str] = {
    "eased": "M-5-4h10L0 5z",
    "stretched": "M-5 4h10L0-5z",
    "refocused": "M0-5L5 0L0 5L-5 0z",
    "rescheduled": "M-4-4h8v8h-8z",
    "reworded": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "corrected": "M-4-4L4 4M-4 4L4-4",
}
"""Each drawn about its own middle: down, up, a diamond, a square, a circle, a cross."""
ABOVE = 16
WIDE = 12


def sign(kind: AdjustmentKind, x: float = 0, y: float = 0) -> Element:
    """The sign of a kind, its middle here."""
    return element("path", class_=f"sign {kind}", d=SIGNS[kind], transform=f"translate({x:.1f} {y:.1f})")


def marks(adjusted: tuple[Adjusted, ...], frame: Frame, words: Words) -> list[Element]:
    """Each day on which the goal was adjusted: a line through the figures, and its signs above."""
    days: dict[float, list[Adjusted]] = {}
    for one in adjusted:
        if frame.first <= one.on <= frame.last:
            days.setdefault(frame.middle(one.on), []).append(one)
    return [_mark(x, made, words) for x, made in days.items()]


def _mark(x: float, made: list[Adjusted], words: Words) -> Element:
    kinds = list(dict.fromkeys(one.kind for one in made))
    begin = x - (len(kinds) - 1) * WIDE / 2
    signs = [sign(kind, begin + place * WIDE, ABOVE) for place, kind in enumerate(kinds)]
    line = element("path", class_="hair", d=f"M{x:.1f} {UPPER - 8}V{LOWER}")
    return group("adjusted", line, *signs, title="; ".join(words.adjusted(one) for one in made))
