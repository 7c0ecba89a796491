"""How a value of a goal's field reads on a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal

from services.goals.rules.goal import ADJUSTABLE, Goal, typed
from services.goals.web.language import language, say
from services.goals.web.moments import day
from services.goals.web.names import called
from shared.events import Cadence, Measure, Number

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIELDS = (
    "status", "statement", "specific", "measure", "target", "baseline", "confidence", "relevance", "start_on",
    "end_on", "review_on", "cadence", "if_then", "focus", "practices", "quantity", "wins",
)  # fmt: skip
"""The fields of a goal that a page shows, in this order."""


def lines_of(goal: Goal | None) -> dict[str, str]:
    """The fields of a goal in words, those left out that are empty; of none there are none."""
    if goal is None:
        return {}
    return {
        name: words(name, getattr(goal, name)) for name in FIELDS if getattr(goal, name) not in (None, ())
    }


def change(name: str, value: Any) -> str:
    """One end of a change, as the log holds it: a whole value in its JSON form."""
    return words(name, typed(name, value) if name in ADJUSTABLE else value)


def words(name: str, value: Any) -> str:
    """A value of a field in words; nothing is said to be so."""
    match value:
        case None | ():
            return say("nothing")
        case bool():
            return say("yes") if value else say("no")
        case int() | Decimal():
            return say("%(number)s of 10", number=number(value)) if name == "confidence" else number(value)
        case date():
            return day(value)
        case Measure():
            return measure(value)
        case Cadence():
            return cadence(value)
        case tuple():
            return several(value, day)
        case _:
            return called("status", value) if name == "status" else str(value)


def number(value: Number) -> str:
    """A figure as one writes it here."""
    return format_decimal(value, locale=language())


def measure(value: Measure) -> str:
    """What is counted."""
    match value.kind, value.period:
        case "rating", _:
            return say("a rating from 0 to 10: %(unit)s", unit=value.unit)
        case "yes_no", _:
            return say("done or not: %(unit)s", unit=value.unit)
        case _, "day":
            return say("each day: %(unit)s", unit=value.unit)
        case _, "week":
            return say("each week: %(unit)s", unit=value.unit)
        case _:
            return say("in all: %(unit)s", unit=value.unit)


def cadence(value: Cadence) -> str:
    """On which days, and when."""
    names = get_day_names("abbreviated", locale=language())
    days = say("every day") if len(value.days) == 7 else several(value.days, lambda d: names[WEEK.index(d)])
    return say("%(days)s at %(times)s", days=days, times=several(value.times, str))


def several(values: tuple[Any, ...], each: Callable[[Any], str]) -> str:
    """A few of them, in one line."""
    return str(format_list([each(value) for value in values], locale=language()))
