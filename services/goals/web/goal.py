"""A goal's page: what it is now, how far it has come, and where one goes on from there."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from services.goals.rules.attention import review_due
from services.goals.rules.progress import progress
from services.goals.web.pages import page
from services.goals.web.record import record_of
from services.goals.web.shown import shown
from services.goals.web.visit import Visit


@page("/goals/<uuid:goal>")
def goal(visit: Visit, goal: UUID) -> Response:
    """A goal as it is now."""
    record = record_of(visit, visit.client_of(goal), goal_id=goal)
    found = record.record.known_goal(goal)
    return shown(
        "room/goal.html",
        record=record,
        her=record.client,
        goal=found,
        progress=progress(found),
        due=review_due(found, record.today),
    )
