"""What may be asked: of a list of messages where to begin and how many, of a preview how far ahead."""

from __future__ import annotations

import re
from typing import Any

from flask import request

from services.reminders.ledger.pages import LIMIT, MOST, START, Place, place_of
from shared.pages import CURSOR, BadPlace
from shared.problems import TWICE, Problem, Wrong

QUERY: tuple[dict[str, Any], ...] = (
    {
        "in": "query",
        "name": "after",
        "schema": {"type": "string", "pattern": f"^{CURSOR}$"},
        "description": "`next` of the page before.",
    },
    {
        "in": "query",
        "name": "limit",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
        "description": "How many at most.",
    },
)
"""The parameters of a list as OpenAPI describes them."""
DAYS, MOST_DAYS = 7, 31
AHEAD: tuple[dict[str, Any], ...] = (
    {
        "in": "query",
        "name": "days",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST_DAYS, "default": DAYS},
        "description": "How many days ahead.",
    },
)
"""The parameter of a preview."""


def page(*others: str) -> tuple[Place, int]:
    """Where the request says to begin, and how many. Raises Problem 422, for unknown parameters too."""
    _nothing_but("after", "limit", *others)
    after, limit = request.args.get("after"), _number("limit", LIMIT, MOST)
    try:
        return place_of(after) if after is not None else START, limit
    except BadPlace as error:
        raise _wrong("#/after", str(error)) from error


def days() -> int:
    """How many days ahead. Raises Problem 422, for unknown parameters too."""
    _nothing_but("days")
    return _number("days", DAYS, MOST_DAYS)


def _nothing_but(*names: str) -> None:
    if set(request.args) - set(names):
        raise _wrong("#", f"There is no such parameter here, only {' and '.join(names)}.")
    if any(len(values) > 1 for values in request.args.listvalues()):
        raise _wrong("#", TWICE)


def _number(name: str, default: int, most: int) -> int:
    said = request.args.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,3}", said) or not 1 <= int(said) <= most:
        raise _wrong(f"#/{name}", f"A whole number from 1 to {most} is expected.")
    return int(said)


def _wrong(pointer: str, detail: str) -> Problem:
    return Problem(422, f"The query is not right. {detail}", (Wrong(pointer, detail),))
