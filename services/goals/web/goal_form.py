"""What the form of a goal holds, read into the fields of a goal and written from them again."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import request

from services.goals.rules.goal import Goal
from services.goals.web import sent
from shared.events import Cadence, Measure

UNITS = {"rating": "0-10", "yes_no": "1"}
"""The unit of what is measured where it needs no word."""
Typed = dict[str, Any]
"""What stands in the form's fields, as text."""


def body() -> dict[str, Any]:
    """The fields of a goal as they were typed, those left out that are empty."""
    found = sent.texts(
        "theme", "statement", "reflection", "specific", "relevance", "if_then", "start_on", "end_on", "agreed"
    )
    found |= {name: value for name in ("target", "baseline") if (value := sent.number(name)) is not None}
    if (confidence := sent.whole("confidence")) is not None:
        found["confidence"] = confidence
    if (measure := _measure()) is not None:
        found["measure"] = measure
    if measure is not None and measure["kind"] == "yes_no":
        found["target"] = 1
    if reviews := [day for day in request.form.getlist("review_on") if day]:
        found["review_on"] = reviews
    if (cadence := sent.cadence()) is not None:
        found["cadence"] = cadence
    return found


def typed() -> Typed:
    """What was typed, for the form to show again."""
    lists = {name: request.form.getlist(name) for name in ("review_on", "days", "times")}
    return request.form.to_dict() | lists


def written(goal: Goal) -> Typed:
    """What the form shows of a goal that is there."""
    measure, cadence = goal.measure, goal.cadence
    found: Typed = {
        name: value
        for name in ("theme", "statement", "reflection", "specific", "relevance", "if_then", "agreed")
        if (value := getattr(goal, name))
    }
    for name in ("baseline", "target", "confidence", "start_on", "end_on"):
        value = getattr(goal, name)
        found[name] = "" if value is None else str(value)
    if isinstance(measure, Measure):
        found |= {"measure": measure.kind, "unit": measure.unit, "period": measure.period or ""}
    found["review_on"] = [day.isoformat() for day in goal.review_on]
    found["days"] = list(cadence.days) if isinstance(cadence, Cadence) else []
    found["times"] = list(cadence.times) if isinstance(cadence, Cadence) else []
    found["focus"] = "yes" if goal.focus else ""
    return found


def plain(value: object) -> Any:
    """A value of a goal as JSON has it."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _measure() -> dict[str, str] | None:
    kind = sent.text("measure")
    if kind is None:
        return None
    measure = {"kind": kind, "unit": sent.text("unit") or UNITS.get(kind, "")}
    if kind == "per_period":
        measure["period"] = sent.text("period") or "day"
    return measure
