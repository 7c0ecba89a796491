"""What an operator's machines ask: is it alive, can it serve, what has it counted."""

from __future__ import annotations

from flask import Blueprint, Response

from services.goals.api import metrics
from services.goals.api.answers import as_json
from services.goals.api.call import rooms
from shared.problems import Problem

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return as_json({"status": "alive"})


@health.get("/readyz")
def ready() -> Response:
    """Requests can be served: both databases are reached, and their tables are there."""
    behind = rooms()
    why = "The service is stopping." if behind.desk.closed else behind.ready()
    if why:
        raise Problem(503, why, headers={"Retry-After": "1"})
    return as_json({"status": "ready"})


@health.get("/metrics")
def counted() -> Response:
    """What was counted, in the text format of Prometheus."""
    return Response(rooms().figures.page(), content_type=metrics.CONTENT_TYPE)
