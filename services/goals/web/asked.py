"""What an address asks of the past: a day, an axis, which entries; what cannot be read is what is usual."""

from __future__ import annotations

from datetime import date

from flask import request

from services.goals.rules.refusal import Invalid
from services.goals.rules.timeline import Axis


def axis() -> Axis:
    """The axis: `known` unless the other one is asked for."""
    return "true" if request.args.get("axis") == "true" else "known"


def ordinal(name: str, first: date, last: date) -> date:
    """A day as a slider sends it, by its number since the year 1; else the last one there is."""
    sent = request.args.get(name, "")
    number = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else last.toordinal()
    return date.fromordinal(min(max(number, first.toordinal()), last.toordinal()))


def day(name: str, otherwise: date) -> date:
    """A day as a field for one sends it. Raises Invalid for what is none."""
    sent = request.args.get(name, "")
    try:
        return date.fromisoformat(sent) if sent else otherwise
    except ValueError as error:
        raise Invalid("A day is expected, such as 2026-03-09.", f"#/{name}") from error


def number(name: str) -> int | None:
    """A number, None where there is none."""
    sent = request.args.get(name, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else None
