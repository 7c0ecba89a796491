"""A goal's page."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from services.goals.web.pages import page
from services.goals.web.record import record_of
from services.goals.web.shown import shown
from services.goals.web.visit import Visit


@page("/goals/<uuid:goal>")
def goal(visit: Visit, goal: UUID) -> Response:
    """A goal as it is now, and how it came to be so."""
    record = record_of(visit, visit.client_of(goal), goal_id=goal)
    return shown("room/goal.html", record=record, her=record.client, goal=record.record.goals[goal])
