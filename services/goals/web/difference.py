"""Two days of a goal side by side: what differs, and what was done in between."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from flask import Response

from services.goals.rules.difference import between, in_order
from services.goals.rules.refusal import Invalid
from services.goals.web import asked, worded
from services.goals.web.history import who
from services.goals.web.language import say
from services.goals.web.names import called
from services.goals.web.pages import page
from services.goals.web.past import past_of
from services.goals.web.shown import shown
from services.goals.web.timeline import ENTRIES, items
from services.goals.web.visit import Visit

MOST = 50
"""Changes between two days that one page tells of; the history has them all."""


class Row(NamedTuple):
    """A field on both days; empty where it was not there."""

    field: str
    was: str
    now: str

    @property
    def differs(self) -> bool:
        """Whether it is marked."""
        return self.was != self.now


@page("/goals/<uuid:goal>/difference")
def goal_difference(visit: Visit, goal: UUID) -> Response:
    """Two days of a goal on one axis."""
    past = past_of(visit, goal)
    axis = asked.axis()
    about: dict[str, Any] = {
        "her": past.client,
        "goal": past.now_so,
        "past": past,
        "axis": axis,
    }
    try:
        first, last = asked.day("from", past.first), asked.day("to", past.today)
        before, after = past.at(first, axis, "#/from"), past.at(last, axis, "#/to")
        in_order(before, after)
    except Invalid as error:
        wrong = say(error.detail)
        return shown(
            "room/history/difference.html", 422, wrong=wrong, first=past.first, last=past.today, **about
        )
    entries = between(past.entries, before, after)
    changes = [entry for entry in entries if entry.type not in ENTRIES]
    return shown(
        "room/history/difference.html",
        first=first,
        last=last,
        rows=_rows(worded.lines_of(past.goal(before)), worded.lines_of(past.goal(after))),
        told=items(changes[:MOST], past.stays, lambda by: who(visit, past.client, by)),
        more=len(changes) > MOST,
        counted=len(entries) - len(changes),
        **about,
    )


def _rows(was: dict[str, str], now: dict[str, str]) -> list[Row]:
    names = [name for name in worded.FIELDS if name in was or name in now]
    return [Row(called("field", name), was.get(name, ""), now.get(name, "")) for name in names]
