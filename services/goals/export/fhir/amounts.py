"""A number of what a goal measures: a count, a share of a day or a week, a rating, or yes."""

from __future__ import annotations

from typing import Any

from services.goals.export.fhir.codes import UCUM
from services.goals.export.fhir.words import words
from shared.events import Measure, Number

_PERIODS = {"day": "d", "week": "wk"}


def amount(measure: Measure | None, number: Number) -> dict[str, Any]:
    """The number under the name of its type, such as {"Integer": 7} or {"Quantity": {…}}."""
    match measure:
        case Measure(kind="yes_no"):
            return {"Boolean": number > 0}
        case Measure(kind="rating") if isinstance(number, int):
            return {"Integer": number}
        case Measure(period="day" | "week" as period):
            per = {"value": 1, "unit": period, "system": UCUM, "code": _PERIODS[period]}
            return {"Ratio": {"numerator": quantity(measure, number), "denominator": per}}
        case _:
            return {"Quantity": quantity(measure, number)}


def quantity(measure: Measure | None, number: Number) -> dict[str, Any]:
    """So many of what is counted; without the measure the number alone."""
    unit = words(measure.unit) if measure else None
    return {"value": number} | ({"unit": unit} if unit else {})


def named(element: str, value: dict[str, Any]) -> dict[str, Any]:
    """An amount as the element that holds it: value and Integer are valueInteger."""
    return {f"{element}{kind}": held for kind, held in value.items()}
