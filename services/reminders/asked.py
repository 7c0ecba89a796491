"""What may be asked of a list of messages: where to begin, and how many."""

from __future__ import annotations

import re
from typing import Any

from flask import request

from services.reminders.ledger.pages import LIMIT, MOST, START, Place, place_of
from shared.pages import CURSOR, BadPlace
from shared.problems import Problem, Wrong

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
"""The parameters as OpenAPI describes them."""


def page(*others: str) -> tuple[Place, int]:
    """Where the request says to begin, and how many. Raises Problem 422, for unknown parameters too."""
    if set(request.args) - {"after", "limit", *others}:
        raise _wrong("#", "There is no such parameter here.")
    after, limit = request.args.get("after"), request.args.get("limit", str(LIMIT))
    if not re.fullmatch(r"[0-9]{1,3}", limit) or not 1 <= int(limit) <= MOST:
        raise _wrong("#/limit", f"A whole number from 1 to {MOST} is expected.")
    try:
        return place_of(after) if after is not None else START, int(limit)
    except BadPlace as error:
        raise _wrong("#/after", str(error)) from error


def _wrong(pointer: str, detail: str) -> Problem:
    return Problem(422, f"The query is not right. {detail}", (Wrong(pointer, detail),))
